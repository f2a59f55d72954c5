import { expect, test } from 'vitest';
import { buildRegistry } from '../../../gateway/config/registry.ts';
import { createHotPath } from '../../../gateway/hot-path.ts';
import { createLog } from '../../../gateway/log.ts';
import { createRule } from '../../../rules/kinds/index.ts';
import { EPOCH, type Stage, stage } from '../../rules/stage.ts';
import { configOf, venueYaml } from '../fixture.ts';

const config = configOf(
  venueYaml(`
badges: { b1: { role: guard }, b2: { role: guard } }
profiles: { badge: { reports: { everySeconds: 10 } } }
rules:
  - { id: fallen, kind: tilt, for: { devices: [b1] }, confirmSeconds: 0, preAlarmSeconds: 60 }
  - { id: still, kind: tilt, for: { devices: [b2] }, confirmSeconds: 0, preAlarmSeconds: 60 }
`),
);
const registry = buildRegistry(config);
const rules = config.rules.map((each) => createRule(each, registry.venue));
const log = createLog({ write: () => undefined });
const down = { accelerationXG: 1, accelerationYG: 0, accelerationZG: 0 };

/** What a gateway tells that starts where this one ended. */
const toldAfter = (before: Stage): readonly object[] => {
  const clock = { now: () => before.nowMs + 2000, schedule: () => ({ unsubscribe: () => undefined }) };
  const hotPath = createHotPath({ registry, rules, clock, sinks: [], log, snapshot: before.save() });
  const told: object[] = [];
  hotPath.events.listen((event) => told.push(event));
  hotPath.recount();
  hotPath.recount();
  hotPath.stop();
  return told;
};

test('a wearer who was being asked at the end of an earlier run is asked again, once, with the time that they had', () => {
  const asked = stage({ venue: registry.venue, rules }).at(0).sample('b1', down).at(10).sample('b1', down).at(12);
  expect(asked.preAlarms).toMatchObject([{ rule: 'fallen', untilMs: EPOCH + 70_000 }]);
  expect(toldAfter(asked)).toMatchObject([
    { type: 'pre-alarm', atMs: EPOCH + 14_000, rule: 'fallen', subject: 'b1', device: 'b1', untilMs: EPOCH + 70_000 },
  ]);
});

test('nobody is asked whose badge is silent, or who is only on the way to it', () => {
  const silent = stage({ venue: registry.venue, rules }).at(0).sample('b1', down).at(10).sample('b1', down).at(60);
  expect(silent.preAlarms.map(({ type }) => type)).toEqual(['pre-alarm', 'pre-alarm-ended']);
  expect(toldAfter(silent)).toEqual([]);
  expect(toldAfter(stage({ venue: registry.venue, rules }).at(0).sample('b1', down).at(5))).toEqual([]);
});
