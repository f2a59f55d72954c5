import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { carryOut } from '../../../gateway/alarms/commands.ts';
import type { Access } from '../../../gateway/api/ports.ts';
import { openLocks } from '../../../gateway/people/locks.ts';
import { GATEWAY_DEVICE } from '../../../rules/rule.ts';
import { type Stage, stage, stageTimers } from './stage.ts';

const SECRET = 'monitor-secret';
const VENUE = (rules: string): string => `
clients:
  monitor: { secretSha256: ${createHash('sha256').update(SECRET).digest('hex')}, role: guard }
devices: { t1: { profile: climate } }
badges: { ${Array.from({ length: 9 }, (_, index) => `b${index}: { role: guard }`).join(', ')} }
rules: [${rules}]
`;
const BURST = '{ id: burst, kind: access-burst, moreThan: { orange: 5 } }';
const nobody: Access = { identify: () => undefined };
const headers = { authorization: `Bearer ${SECRET}` };
const positions = (on: Stage, badge: string) =>
  on.ask(`/api/v1/history?device=${badge}&metric=latitudeDegrees`, { headers });

const watched = async (rules = BURST) => {
  const log = { warn: () => undefined, error: () => undefined };
  const locks = await openLocks({ log, clock: stageTimers(), nowMs: () => 0 });
  const on = await stage(VENUE(rules), {
    access: nobody,
    guard: locks.guard,
    history: { query: async () => ({ values: new Float64Array() }) },
  });
  on.hotPath.commands.listen(carryOut({ send: () => undefined, lock: locks.lock, log }));
  return { on, locks };
};

test('whoever looks up many wearers in a short time is locked out, and an alarm says so', async () => {
  const { on, locks } = await watched();
  for (let index = 0; index < 5; index += 1) expect((await positions(on, `b${index}`)).status).toBe(200);
  // The same again is no further record, and a thermometer is nobody.
  for (const id of ['b0', 't1', 'b4', 't1']) {
    expect((await on.ask(`/api/v1/history?device=${id}&metric=temperatureCelsius`, { headers })).status).toBe(200);
  }
  expect(on.hotPath.openAlarms()).toEqual([]);

  await positions(on, 'b5');
  expect(on.hotPath.openAlarms()).toMatchObject([
    { rule: 'burst', subject: '127.0.0.1', severity: 'orange', value: 6, reason: { code: 'access-burst' } },
  ]);
  expect(locks.isLocked('Monitor')).toBe(true);
  for (const path of ['/api/v1/history?device=b6&metric=latitudeDegrees', '/api/v1/devices', '/api/v1/alarms']) {
    expect((await on.ask(path, { headers })).status).toBe(401);
  }
});

test('a list counts as one record however often it is read; its pages count each', async () => {
  const { on } = await watched();
  for (let times = 0; times < 9; times += 1) {
    for (const list of ['devices', 'coverage']) await on.ask(`/api/v1/${list}`, { headers });
  }
  expect(on.hotPath.openAlarms()).toEqual([]);
  let path: string | undefined = '/api/v1/devices?limit=1';
  for (let pages = 0; path !== undefined && pages < 10; pages += 1) {
    const { next } = JSON.parse((await on.ask(path, { headers })).text);
    path = next === undefined ? undefined : `/api/v1/devices?limit=1&cursor=${encodeURIComponent(next)}`;
  }
  expect(on.hotPath.openAlarms()).toHaveLength(1);
});

test('without such a rule nothing is told, and nothing is kept of it', async () => {
  const { on } = await watched('{ id: sos, kind: sos }');
  for (let index = 0; index < 9; index += 1) await positions(on, `b${index}`);
  expect(on.hotPath.openAlarms()).toEqual([]);
  expect(on.hotPath.view.lifeOf(GATEWAY_DEVICE)).toBeUndefined();
});
