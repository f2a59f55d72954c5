import { describe, expect, test } from 'vitest';
import { changesBetween } from '../../../gateway/reload/changes.ts';
import { otherKinds } from '../../../gateway/reload/other-kinds.ts';
import { deferredIn, effective, RELOADED } from '../../../gateway/reload/sections.ts';
import { configOf, venueYaml } from '../fixture.ts';

const venue = (...lines: string[]) => configOf(venueYaml(lines.join('\n')));

const HEAT = 'id: heat, kind: threshold, metric: temperatureCelsius, above: { red: 60 }';
const before = venue(
  'zones: { hall: { areaM2: 100 }, yard: {} }',
  'devices: { t1: { profile: climate }, t2: { profile: climate } }',
  'badges: { b1: { role: guard } }',
  `rules: [{ ${HEAT} }, { id: sos, kind: sos }]`,
  'plan: { red: { notify: [guard] } }',
);

const said = (after: ReturnType<typeof venue>) =>
  changesBetween(before, after).map(({ section, what, id, fields }) => [section, what, id, ...fields].join(' '));

describe('what a reload changes', () => {
  test('nothing, where nothing differs: neither order nor defaults that are written out', () => {
    const same = venue(
      'zones: { yard: {}, hall: { areaM2: 100, use: moving } }',
      'devices: { t2: { profile: climate }, t1: { profile: climate } }',
      'badges: { b1: { role: guard } }',
      `rules: [{ id: sos, kind: sos, quietSeconds: 10 }, { ${HEAT} }]`,
      'plan: { red: { notify: [guard] } }',
    );
    expect(said(same)).toEqual([]);
  });

  test('entry by entry, fields by name', () => {
    const after = venue(
      'zones: { hall: { areaM2: 120, capacity: 50 }, lawn: {} }',
      'devices: { t1: { profile: climate }, t3: { profile: climate } }',
      'badges: { b1: { role: guard, upright: [0, -1, 0] } }',
      `rules: [{ ${HEAT}, holdSeconds: 5 }, { id: quiet, kind: silent }]`,
      'plan: { red: { notify: [guard] }, blue: {} }',
    );
    expect(said(after)).toEqual([
      'zones removed yard',
      'zones changed hall areaM2 capacity',
      'zones added lawn',
      'devices removed t2',
      'devices added t3',
      'badges changed b1 upright',
      'rules removed sos',
      'rules changed heat holdSeconds',
      'rules added quiet',
      'plan added blue',
    ]);
  });

  test('in words, with what becomes of open alarms', () => {
    const texts = (rules: string) => changesBetween(before, venue(rules)).filter(({ section }) => section === 'rules');
    expect(texts(`rules: [{ ${HEAT}, holdSeconds: 5 }, { id: sos, kind: sos }]`)[0]?.text).toEqual({
      zh: '规则 heat 更改（holdSeconds）：按新参数重新判断；未结束的报警不会自行消失',
      en: 'rule heat changed (holdSeconds): it judges anew; open alarms do not vanish by themselves',
    });
    expect(texts(`rules: [{ ${HEAT}, latching: true }, { id: sos, kind: sos }]`)[0]?.text.en).toBe(
      'rule heat changed (latching): what it has judged so far is kept',
    );
    expect(texts(`rules: [{ ${HEAT} }]`)[0]?.text.en).toContain('stay until somebody acknowledges');
  });

  test('never the value of a secret', () => {
    const secret = 'a'.repeat(64);
    const changes = changesBetween(before, venue(`clients: { c: { secretSha256: ${secret} } }`));
    expect(JSON.stringify(changes)).not.toContain(secret);
  });
});

describe('what has to wait', () => {
  test('is said by name, with the reason, and stays as it is', () => {
    const after = configOf(
      venueYaml('data: { commitEveryMs: 10 }\nzones: { a: {} }').replace('port: 0 }', 'port: 8081 }'),
    );
    expect(deferredIn(before, after).map(({ section }) => section)).toEqual(['sources', 'data']);
    expect(deferredIn(before, after)[0]?.text.en).toMatch(/^sources: counts after a restart \(ports/);
    const meant = effective(before, after);
    expect([meant.data, meant.sources, Object.keys(meant.zones)]).toEqual([before.data, before.sources, ['a']]);
  });

  test('every section is either taken over or waits; none is forgotten', () => {
    const changed = Object.fromEntries(Object.keys(before).map((section) => [section, 'another']));
    const later = deferredIn(before, { ...before, ...changed }).map(({ section }) => section);
    expect([...later, ...RELOADED].sort()).toEqual(Object.keys(before).sort());
  });
});

test('a rule of another kind takes another name', () => {
  const after = venue('rules: [{ id: heat, kind: sos }]');
  expect(otherKinds(before, after)).toMatchObject([{ code: 'kind-changed', path: ['rules', 0, 'kind'] }]);
  expect(otherKinds(before, venue(`rules: [{ ${HEAT} }]`))).toEqual([]);
});
