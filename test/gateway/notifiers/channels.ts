import { onTestFinished } from 'vitest';
import { systemClock } from '../../../gateway/broker/clock.ts';
import { CHANNEL_TIMING, type Channel, type ChannelTiming, createChannel } from '../../../gateway/notifiers/channel.ts';
import { createPostman } from '../../../gateway/notifiers/http/postman.ts';
import { type NotifierConfig, wayOf } from '../../../gateway/notifiers/kinds/index.ts';
import type { Telling } from '../../../gateway/notifiers/kinds/kind.ts';
import { type Attempt, type Notice, noticeKey } from '../../../gateway/notifiers/notice.ts';
import type { Alarm } from '../../../rules/alarms/alarm.ts';
import { configOf } from '../config/fixture.ts';

/** Waits short enough for a test, long enough to count what happens meanwhile. */
const TIMING: ChannelTiming = { ...CHANNEL_TIMING, firstRetryMs: 10, maxRetryMs: 50, refusedRetryMs: 30 };

export const alarmOf = (subject: string, rest: Partial<Alarm> = {}): Alarm => ({
  id: `help.${subject}.abc`,
  rule: 'help',
  kind: 'sos',
  subject,
  severity: 'red',
  condition: 'active',
  human: 'unacknowledged',
  raisedAt: '2026-05-01T12:00:00.000Z',
  changedAt: '2026-05-01T12:00:00.000Z',
  reason: { code: 'sos', zh: '按下了 SOS', en: 'SOS pressed' },
  guidance: { zh: '立即前往。', en: 'Go there at once.' },
  ...rest,
});

export const noticeOf = (alarm: Alarm, rest: Partial<Notice> = {}): Notice => {
  const atMs = rest.atMs ?? Date.now();
  const event = rest.event ?? 'raised';
  return { key: noticeKey('c', { type: event, atMs, alarm }), channel: 'c', event, atMs, alarm, ...rest };
};

export const tellingOf = (notice: Notice, rest: Partial<Telling> = {}): Telling => ({
  notice,
  venue: { id: 'hall', name: { zh: '大厅', en: 'Hall' } },
  subject: { zh: notice.alarm.subject, en: notice.alarm.subject },
  zone: undefined,
  timezone: 'Asia/Shanghai',
  acknowledgeUrl: 'https://10.0.0.5:8080/acknowledge/token',
  nowMs: Date.now(),
  ...rest,
});

/** An entry of `notifiers` as venue.yaml would have it. */
export const notifierOf = (entry: Readonly<Record<string, unknown>>): NotifierConfig => {
  const [notifier] = configOf(`notifiers: ${JSON.stringify([{ id: 'c', ...entry }])}`).notifiers;
  if (notifier === undefined) throw new Error('no notifier');
  return notifier;
};

export interface TestChannel extends Channel {
  readonly attempts: readonly Attempt[];
  /** Every line of the log, as JSON. */
  readonly told: readonly string[];
}

/** A channel of its own, on the real clock; stopped after the test. */
export const startChannel = (notifier: NotifierConfig, timing: Partial<ChannelTiming> = {}): TestChannel => {
  const attempts: Attempt[] = [];
  const told: string[] = [];
  const tell = (fields: object, message: string): void => {
    told.push(JSON.stringify({ ...fields, message }));
  };
  const { requests, courier } = wayOf(notifier);
  const channel = createChannel({
    id: notifier.id,
    requests,
    timeoutMs: notifier.timeoutSeconds * 1000,
    prepare: () =>
      createPostman({ caFile: notifier.caFile, requests, courier, telling: tellingOf, nowMs: () => Date.now() }),
    timers: systemClock,
    timing: { ...TIMING, ...timing },
    nowMs: () => Date.now(),
    random: () => 0.5,
    log: { info: tell, warn: tell, error: tell },
    onAttempt: (attempt) => attempts.push(attempt),
  });
  onTestFinished(channel.stop);
  return { ...channel, attempts, told };
};
