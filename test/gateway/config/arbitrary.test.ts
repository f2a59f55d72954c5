import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { lintVenue } from '../../../gateway/config/lints/index.ts';
import { loadVenue } from '../../../gateway/config/load.ts';
import { formatProblem } from '../../../gateway/config/problems/problem.ts';
import { VENUE } from './fixture.ts';

/** Loads, and checks that what comes of it can be told to people. */
const tell = (text: string): void => {
  const loaded = loadVenue(text, 'venue.yaml');
  if (loaded.ok) {
    lintVenue(loaded.config);
    return;
  }
  expect(loaded.errors.length).toBeGreaterThan(0);
  const lines = text.split('\n').length;
  for (const problem of loaded.errors) {
    expect(problem.line).toBeGreaterThanOrEqual(1);
    expect(problem.line).toBeLessThanOrEqual(lines);
    expect(problem.column).toBeGreaterThanOrEqual(1);
    expect(formatProblem(problem, 'zh-CN')).toContain('venue.yaml:');
  }
};

const KEYS = [
  'venue zones profiles devices roles badges clients sources rules plan notifiers sinks security retention',
  'id kind name zh en zone within for device reports everySeconds aliveBy address limits tcp tls red notify escalate',
  'a b __proto__ constructor toString',
].flatMap((line) => line.split(' '));
const VALUES = [
  'mqtt-broker',
  'tilt',
  'sos',
  'threshold',
  'guard',
  'plug',
  'a',
  'senml:a',
  '',
  '\u0000',
  '*x',
  '&x',
  '{',
  ': ',
];

const key = fc.constantFrom(...KEYS);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom<unknown>(...VALUES, null, true, -1, 0, 1e308, 1.5),
    fc.array(tie('tree'), { maxLength: 4, size: 'small' }),
    fc.array(fc.tuple(key, tie('tree')), { maxLength: 6, size: 'small' }).map((entries) => Object.fromEntries(entries)),
  ),
}));
const file = fc.array(fc.tuple(key, tree), { maxLength: 10 }).map((entries) => Object.fromEntries(entries));

test('arbitrary structures give problems and never throw', () => {
  fc.assert(
    fc.property(file, (value) => tell(stringify(value))),
    { numRuns: 50 },
  );
  fc.assert(
    fc.property(file, (value) => {
      const { venue: _, ...rest } = value;
      tell(`${VENUE}\n${stringify(rest)}`);
    }),
    { numRuns: 300 },
  );
});

test('arbitrary text gives problems and never throws', () => {
  const piece = fc.constantFrom(
    ...KEYS,
    ...VALUES,
    ': ',
    '\n',
    '\n  ',
    '- ',
    '[',
    ']',
    '}',
    ',',
    '"',
    "'",
    '|',
    '>',
    '%',
    '#',
    '?',
    '!!set',
    '!x',
    '\t',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => tell(pieces.join(''))),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => tell(text)),
    { numRuns: 300 },
  );
});
