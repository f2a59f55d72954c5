import { expect, test } from 'vitest';
import { badgeBuzz } from '../../../gateway/alarms/badge-buzz.ts';
import type { GatewayEvent } from '../../../gateway/events.ts';
import type { Occurrence } from '../../../ingest/model/sample.ts';
import type { AlertLevel, BadgeRadio, BadgeResult } from '../../../ingest/sources/ble/badge-radio.ts';
import type { PreAlarmEvent } from '../../../rules/alarms/alarm.ts';
import { buzzId } from '../../../rules/wearer/prealarm.ts';

const AT_MS = Date.UTC(2026, 5, 1, 20);

const preAlarm: PreAlarmEvent = {
  type: 'pre-alarm',
  atMs: AT_MS,
  rule: 'fallen',
  kind: 'tilt',
  subject: 'steward-1',
  device: 'steward-1',
  untilMs: AT_MS + 15_000,
};

const stage = (...answers: readonly BadgeResult[]) => {
  const asked: [radio: number, mac: string, level: AlertLevel][] = [];
  const done: Occurrence[] = [];
  const warnings: object[] = [];
  const radios = answers.map(
    (answer, index): BadgeRadio => ({
      start: () => undefined,
      buzz: async (mac, level) => {
        asked.push([index, mac, level]);
        return answer;
      },
      led: async () => answer,
      counters: { written: 0, failed: 0, queueFull: 0 },
      stop: async () => undefined,
    }),
  );
  const take = badgeBuzz({
    radios,
    macOf: (id) => (id === 'steward-1' ? 'C1:00:00:00:00:01' : undefined),
    onDone: (occurrence) => done.push(occurrence),
    log: { warn: (fields: object) => warnings.push(fields) },
    nowMs: () => AT_MS + 800,
  });
  const tell = async (event: GatewayEvent): Promise<void> => {
    take(event);
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  return { tell, asked, done, warnings };
};

const unreachable: BadgeResult = { ok: false, code: 'unreachable', detail: 'no answer in 8 s' };

test('a pre-alarm buzzes the badge, and the link confirms it under the id of the command', async () => {
  const { tell, asked, done } = stage({ ok: true }, { ok: true });
  await tell(preAlarm);
  expect(asked).toEqual([[0, 'C1:00:00:00:00:01', 'high']]);
  const id = buzzId('fallen', 'steward-1', preAlarm.untilMs);
  expect(done).toMatchObject([
    {
      kind: 'done',
      device: 'steward-1',
      id,
      attributes: { id },
      nowMs: AT_MS + 800,
      historical: false,
      retained: false,
    },
  ]);
});

test('where one radio does not reach it the next one tries', async () => {
  const { tell, asked, done, warnings } = stage(unreachable, { ok: true });
  await tell(preAlarm);
  expect(asked.map(([radio]) => radio)).toEqual([0, 1]);
  expect(done).toHaveLength(1);
  expect(warnings).toEqual([]);
});

test('a badge that nobody reaches confirms nothing, and it is said', async () => {
  const { tell, done, warnings } = stage(unreachable, unreachable);
  await tell(preAlarm);
  expect(done).toEqual([]);
  expect(warnings).toMatchObject([{ device: 'steward-1', code: 'unreachable' }]);
});

test('other devices and other events are not its business', async () => {
  const { tell, asked } = stage({ ok: true });
  await tell({ ...preAlarm, device: 'by-mqtt' });
  expect(asked).toEqual([]);
});
