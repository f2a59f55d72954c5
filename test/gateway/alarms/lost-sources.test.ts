import { expect, test } from 'vitest';
import { watchSources } from '../../../gateway/alarms/lost-sources.ts';
import type { VenueClock } from '../../../gateway/clock.ts';
import type { Source, SourceStatus } from '../../../ingest/sources/source.ts';
import { AlarmDesk } from '../../../rules/alarms/desk.ts';
import { EPOCH } from '../../rules/stage.ts';

/** Sources in the states that a test gives them, watched second by second. */
const watch = (patience: ReadonlyMap<string, number>, desk = new AlarmDesk(() => undefined)) => {
  let nowMs = EPOCH;
  let due = (): void => undefined;
  const clock: VenueClock = {
    now: () => nowMs,
    schedule: (work) => {
      due = work;
      return {
        unsubscribe: () => {
          due = () => undefined;
        },
      };
    },
  };
  const states = new Map<string, SourceStatus['state']>([
    ['board', 'opening'],
    ['van', 'open'],
  ]);
  const sourceOf = (id: string): Source => ({
    id,
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    status: () => ({
      state: states.get(id) ?? 'stopped',
      counters: { frames: 0, bytes: 0, failures: 0 },
      lastTrouble: { code: 'port-absent', atMs: nowMs, zh: '没有串口', en: 'there is no port' },
    }),
  });
  const listener: Source = { id: 'http', start: () => Promise.resolve(), stop: () => Promise.resolve() };
  const stop = watchSources({
    sources: [listener, sourceOf('board'), sourceOf('van')],
    patience,
    clock,
    report: (verdict) => desk.take(verdict),
    openAlarms: () => [...desk.open],
  });
  return {
    desk,
    stop,
    set: (id: string, state: SourceStatus['state']) => states.set(id, state),
    pass: (seconds: number) => {
      for (let second = 0; second < seconds; second += 1) {
        nowMs += 1000;
        due();
      }
    },
    alarms: () => [...desk.open].map(({ subject, condition, severity }) => `${subject} ${condition} ${severity}`),
  };
};

test('a source that stays lost for its silence time is one alarm, until it is heard again', () => {
  const on = watch(new Map([['board', 30]]));
  on.set('board', 'lost');
  on.pass(30);
  expect(on.alarms()).toEqual([]);
  on.pass(1);
  expect(on.alarms()).toEqual(['source:board active yellow']);
  const [alarm] = on.desk.open;
  expect(alarm).toMatchObject({
    kind: 'gateway-health',
    raisedAt: new Date(EPOCH + 31_000).toISOString(),
    reason: {
      code: 'source-lost',
      zh: expect.stringContaining('没有串口'),
      en: 'source board has been lost for 30 s: there is no port',
    },
  });
  on.set('board', 'silent');
  on.pass(10);
  on.set('board', 'lost');
  on.pass(100);
  expect([...on.desk.open].map(({ id }) => id)).toEqual([alarm?.id]);
  on.set('board', 'open');
  on.pass(1);
  expect(on.alarms()).toEqual(['source:board cleared yellow']);
});

test('a short loss is none, however often it comes; silence has waited already', () => {
  const on = watch(new Map([['board', 30]]));
  for (let round = 0; round < 5; round += 1) {
    on.set('board', 'lost');
    on.pass(20);
    on.set('board', 'open');
    on.pass(1);
  }
  expect(on.alarms()).toEqual([]);
  on.set('van', 'silent');
  on.pass(1);
  expect(on.alarms()).toEqual(['source:van active yellow']);
});

test('what an earlier run said is taken back: the source is heard, or is no longer there', () => {
  const before = watch(new Map());
  before.set('board', 'silent');
  before.pass(1);
  before.stop();
  before.pass(5);
  expect(before.alarms()).toHaveLength(1);
  const heard = watch(new Map(), before.desk);
  heard.set('board', 'open');
  heard.pass(1);
  expect(heard.alarms()).toEqual(['source:board cleared yellow']);

  const old = watch(new Map());
  old.set('board', 'silent');
  old.pass(1);
  watchSources({
    sources: [],
    patience: new Map(),
    clock: { now: () => EPOCH, schedule: () => ({ unsubscribe: () => undefined }) },
    report: (verdict) => old.desk.take(verdict),
    openAlarms: () => [...old.desk.open],
  });
  expect(old.alarms()).toEqual(['source:board cleared yellow']);
});
