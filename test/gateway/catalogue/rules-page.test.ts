import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parametersOf } from '../../../gateway/catalogue/parameters.ts';
import { nameOf, ownParameters, rulesPage } from '../../../gateway/catalogue/rules-page.ts';
import { commonShape, param } from '../../../rules/common.ts';
import { LISTED_KINDS } from '../../../rules/kinds/catalogue.ts';
import { ruleSchema } from '../../../rules/kinds/index.ts';
import { PURPOSES } from '../../../rules/kinds/purposes.ts';

const PAGE = readFileSync(new URL('../../../gateway/docs/rules.md', import.meta.url), 'utf8');

/** What the gateway judges, as its design lists it. */
const DESIGNED = [
  'crowd-density',
  'overcurrent',
  'phase-imbalance',
  'tilt',
  'stillness',
  'man-down',
  'sos',
  'threshold',
  'rate-of-change',
  'heat-index',
  'silent',
  'missed-check-in',
  'on-duty-too-long',
  'geofence',
  'object-left',
  'access-burst',
  'incident-class',
  'battery-low',
  'gateway-health',
];

const names = LISTED_KINDS.map(nameOf);

test('the page is current: npm run catalogue', () => {
  expect(PAGE).toBe(rulesPage());
});

test('every kind of the design is there, and every kind that can be configured', () => {
  expect(DESIGNED.filter((kind) => !names.includes(kind))).toEqual([]);
  expect([...names].sort()).toEqual(ruleSchema.options.map(({ shape }) => shape.kind.value).sort());
  expect(new Set(names).size).toBe(names.length);
});

test.each(names)('%s says what it is for and how serious it is', (name) => {
  expect(PURPOSES[name]).toMatchObject({ zh: /\p{Script=Han}/u, en: /\w/, severity: { zh: /./, en: /./ } });
  expect(PAGE).toContain(`## \`${name}\`\n\n${PURPOSES[name]?.zh}\n`);
});

const numbers = /^-?\d/;
const CHINESE = /\p{Script=Han}/u;

describe('every parameter is explained in both languages, and a number says where it comes from', () => {
  test.each(LISTED_KINDS.map((kind) => [nameOf(kind), kind] as const))('%s', (_name, kind) => {
    const poor = ownParameters(kind).filter(
      ({ zh = '', en = '', fallback = '', source }) =>
        !CHINESE.test(zh) || en === '' || (numbers.test(fallback) && source === undefined),
    );
    expect(poor.map((each) => each.name)).toEqual([]);
  });

  test('those that every rule has', () => {
    const poor = parametersOf(z.strictObject(commonShape)).filter(
      ({ zh = '', en = '' }) => !CHINESE.test(zh) || en === '',
    );
    expect(poor).toEqual([]);
  });
});

describe('parameters of a schema', () => {
  const only = (schema: z.ZodType) => parametersOf(z.strictObject({ a: schema }))[0];
  test('default, range, unit and source', () => {
    const schema = param(z.number().min(0).max(10).default(3), { zh: '甲', en: 'first', unit: 's', source: 'EN 1' });
    expect(only(schema)).toEqual({
      name: 'a',
      zh: '甲',
      en: 'first, s',
      unit: 's',
      fallback: '3',
      range: '≥ 0, ≤ 10',
      source: 'EN 1',
    });
  });
  test('ranges of other types', () => {
    expect(only(z.number().positive().lt(5))?.range).toBe('> 0, < 5');
    expect(only(z.int().min(1))?.range).toBe('≥ 1');
    expect(only(z.enum(['x', 'y']))?.range).toBe('`x`, `y`');
    expect(only(z.array(z.string()))?.range).toBe('[string]');
    expect(only(z.record(z.string(), z.number().max(3)))?.range).toBe('{ …: ≤ 3 }');
    expect(only(z.union([z.number().min(1), z.boolean()]))?.range).toBe('≥ 1 | boolean');
    expect(only(z.boolean())?.range).toBe('boolean');
    expect(only(z.array(z.tuple([z.number().max(90), z.number().max(180)])))?.range).toBe('[[≤ 90; ≤ 180]]');
    expect(only(z.array(z.strictObject({ rule: z.string(), zone: z.string() })))?.range).toBe('[{ rule, zone }]');
  });
  test('a group is taken apart; its notes hold for members that have none', () => {
    const group = param(z.strictObject({ x: z.number().default(1), y: param(z.number(), { zh: '乙', en: 'b' }) }), {
      zh: '组',
      en: 'group',
      source: 'here',
    });
    expect(parametersOf(z.strictObject({ a: group }))).toMatchObject([
      { name: 'a.x', zh: '组', en: 'group', fallback: '1', source: 'here' },
      { name: 'a.y', zh: '乙', en: 'b' },
    ]);
  });
});
