import { describe, expect, test } from 'vitest';
import { device, rule, stage, venueOf, zone } from '../stage.ts';

const counter = (id: string) =>
  device(id, { role: undefined, profile: 'people-counter', zone: 'hall', reports: { everySeconds: 10 } });
const venue = venueOf([counter('gate-a'), counter('gate-b')], [zone('hall')]);
const scene = (config: Record<string, unknown> = {}) =>
  stage({ venue, rules: [rule({ id: 'quiet', kind: 'silent', ...config }, venue)] });

describe('silent', () => {
  test('a counter of an occupied zone is orange: a crowd that nobody sees', () => {
    const s = scene().at(1).sample('gate-a', { entriesTotal: 50, exitsTotal: 0 });
    s.sample('gate-b', { entriesTotal: 0, exitsTotal: 10 });
    for (let t = 10; t < 60; t += 10) s.at(t).sample('gate-b', { entriesTotal: 0, exitsTotal: 10 });
    expect(s.story()).toEqual([[31, 'raised', 'gate-a', 'orange']]);
  });

  test('…of an empty zone it is yellow', () => {
    const s = scene().at(1).sample('gate-a', { entriesTotal: 50, exitsTotal: 0 });
    s.sample('gate-b', { entriesTotal: 0, exitsTotal: 50 });
    for (let t = 10; t < 60; t += 10) s.at(t).sample('gate-b', { entriesTotal: 0, exitsTotal: 50 });
    expect(s.story()).toEqual([[31, 'raised', 'gate-a', 'yellow']]);
  });

  test('…and becomes orange when the zone fills while it is silent', () => {
    const s = scene().at(0).sample('gate-a', { entriesTotal: 0 }).sample('gate-b', { entriesTotal: 0 });
    for (let t = 10; t < 60; t += 10) s.at(t).sample('gate-b', { entriesTotal: t < 50 ? 0 : 30, exitsTotal: 0 });
    expect(s.story()).toEqual([
      [30, 'raised', 'gate-a', 'yellow'],
      [50, 'escalated', 'gate-a', 'orange'],
    ]);
    expect(s.open()[0]).toMatchObject({ value: 50, reason: { code: 'no-data' } });
    s.at(60).sample('gate-b', { entriesTotal: 30, exitsTotal: 30 });
    expect(s.story()).toHaveLength(2);
  });

  test('a call that somebody has kept for long is no sign of life, one of now is', () => {
    const badge = venueOf([device('b1', { reports: { everySeconds: 10 } })]);
    const s = stage({ venue: badge, rules: [rule({ id: 'quiet', kind: 'silent' }, badge)] }).at(40);
    s.occur('b1', 'sos', { historical: true });
    expect(s.open()).toMatchObject([{ condition: 'active' }]);
    expect(s.at(50).occur('b1', 'sos').open()).toEqual([]);
  });

  test('what happens at another counter of the zone is no sign of its life', () => {
    const s = scene().at(0).sample('gate-a', { entriesTotal: 0 }).sample('gate-b', { entriesTotal: 0 });
    for (let t = 10; t <= 40; t += 10) s.at(t).sample('gate-b', { entriesTotal: 0 });
    expect(s.at(41).occur('gate-b', 'transition').open()).toMatchObject([{ subject: 'gate-a', condition: 'active' }]);
    expect(s.at(42).occur('gate-a', 'transition').open()).toEqual([]);
  });

  test('the factor is that of the rule', () => {
    const s = scene({ factor: 5, for: { devices: ['gate-a'] } })
      .at(0)
      .sample('gate-a', { entriesTotal: 0 })
      .at(49.9);
    expect(s.story()).toEqual([]);
    expect(s.at(51).story()).toHaveLength(1);
  });

  test('says how long, and clears by itself when the device reports', () => {
    const s = scene().at(0).sample('gate-a', { entriesTotal: 0 }).sample('gate-b', { entriesTotal: 0 });
    for (let t = 10; t <= 40; t += 10) s.at(t).sample('gate-b', { entriesTotal: 0 });
    expect(s.open()[0]).toMatchObject({ value: 30, unit: 's', reason: { code: 'no-data' } });
    s.at(45).sample('gate-a', { entriesTotal: 0 });
    expect(s.open()).toEqual([]);
  });

  test('a bridge that goes offline twice silences its devices twice', () => {
    const cameras = venueOf([
      device('cam', { role: undefined, reports: { onChange: true, aliveBy: { device: 'z2m' } } }),
    ]);
    const s = stage({ venue: cameras, rules: [rule({ id: 'quiet', kind: 'silent' }, cameras)] });
    s.at(0).sample('cam', { occupancyPersons: 1 }).at(1).occur('z2m', 'offline').at(2).occur('z2m', 'online');
    expect(s.open()).toEqual([]);
    s.at(3).occur('z2m', 'offline');
    expect(s.story().map(([, type]) => type)).toEqual(['raised', 'cleared', 'closed', 'raised']);
  });
});

describe('silent with an off-delay', () => {
  const only = { clearSeconds: 60, for: { devices: ['gate-a'] } };
  test('a device that comes and goes is one alarm; it clears once it has lasted', () => {
    const s = scene(only).at(0).sample('gate-a', { entriesTotal: 1 });
    for (let at = 50; at <= 250; at += 50) s.at(at).sample('gate-a', { entriesTotal: at });
    expect(s.story().filter(([, type]) => type !== 'changed')).toEqual(
      [[30, 'raised', 'gate-a', 'yellow']].map(([at, type, who]) => [at, type, who, expect.any(String)]),
    );
    for (let at = 260; at <= 309; at += 7) s.at(at).sample('gate-a', { entriesTotal: at });
    expect(s.at(309.999).open()).toHaveLength(1);
    expect(s.at(310).open()).toEqual([]);
  });
});
