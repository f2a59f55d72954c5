import { expect, test } from 'vitest';
import { liveClock } from '../../gateway/clock.ts';
import { buildRegistry } from '../../gateway/config/registry.ts';
import { createHotPath } from '../../gateway/hot-path.ts';
import { createLog } from '../../gateway/log.ts';
import { memorySink } from '../../gateway/sinks/memory.ts';
import type { Sink } from '../../gateway/sinks/sink.ts';
import { mqttFrame } from '../../ingest/model/frame.ts';
import { createRule } from '../../rules/kinds/index.ts';
import { configOf, venueYaml } from './fixture.ts';

const fail = (): never => {
  throw new Error('disk gone');
};

test('a sink that throws loses its own copy only: judged, told, kept by the others, and counted', () => {
  const config = configOf(
    venueYaml(`
devices: { t1: { profile: climate, reports: { everySeconds: 60 } } }
rules: [{ id: heat, kind: threshold, metric: temperatureCelsius, above: { red: 60 } }]
`),
  );
  const registry = buildRegistry(config);
  const rules = config.rules.map((each) => createRule(each, registry.venue));
  const bad: Sink = { id: 'bad', sample: fail, occurrence: fail, event: fail, commit: (done) => done() };
  const good = memorySink('good');
  const log = createLog({ write: () => undefined });
  const clock = liveClock();
  const hotPath = createHotPath({ registry, rules, clock, sinks: [bad, good], log });
  let settled = 0;
  const payload = Buffer.from(JSON.stringify([{ n: 'temperature', v: 70 }]));
  hotPath.accept(mqttFrame('mqtt', 'muster/hall/up/t1', payload, clock.now()), () => {
    settled += 1;
  });
  hotPath.stop();
  expect(hotPath.openAlarms()).toMatchObject([{ subject: 't1', severity: 'red' }]);
  expect([good.samples.length, good.events.length, settled, hotPath.sinkFaults]).toEqual([1, 1, 1, 2]);
});
