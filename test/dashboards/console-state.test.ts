import { describe, expect, test } from 'vitest';
import { inGroups, inOrder, waitingCounts } from '../../dashboards/console/state/alarms.ts';
import { matching, readingsOf, stateNow } from '../../dashboards/console/state/devices.ts';
import { isLive, troubleOf } from '../../dashboards/console/state/link.ts';
import { type Action, reduce } from '../../dashboards/console/state/reduce.ts';
import { type State, startState } from '../../dashboards/console/state/state.ts';
import { certainty, directionOf } from '../../dashboards/console/state/zones.ts';
import type { AlarmNews, AlarmView, DeviceStatus, ZoneStatus } from '../../gateway/api/contract.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 10, 24, 12, 0, second)).toISOString();

const alarm = (id: string, rest: Partial<AlarmView> = {}): AlarmView => ({
  id,
  rule: 'help',
  kind: 'sos',
  subject: 'badge-05',
  severity: 'red',
  condition: 'active',
  human: 'unacknowledged',
  raisedAt: at(0),
  changedAt: at(0),
  reason: { code: 'sos-pressed', zh: '按下求助键', en: 'SOS pressed' },
  guidance: { zh: '前往', en: 'go there' },
  ...rest,
});

const news = (type: AlarmNews['type'], second: number, rest: Partial<AlarmView> = {}): Action => ({
  do: 'alarm',
  news: { type, at: at(second), alarm: alarm('a', { changedAt: at(second), ...rest }) },
});

const empty = startState({ language: undefined, theme: 'dark', sound: false }, 'alarms', 0);
const pageAfter = (...actions: readonly Action[]): State => actions.reduce(reduce, empty);

const lists = (alarms: readonly AlarmView[]): Action => ({
  do: 'listed',
  lists: { alarms, away: [], zones: [], devices: [] },
});

describe('alarms', () => {
  test('the gravest come first, then the newest', () => {
    const found = inOrder([
      alarm('old red'),
      alarm('blue', { severity: 'blue', raisedAt: at(50) }),
      alarm('new red', { raisedAt: at(9) }),
      alarm('orange', { severity: 'orange', raisedAt: at(30) }),
    ]);
    expect(found.map(({ id }) => id)).toEqual(['new red', 'old red', 'orange', 'blue']);
  });

  test('what is told together is one entry, and every alarm is in just one', () => {
    const groups: Readonly<Record<string, { readonly id: string; readonly told: boolean }>> = {
      b: { id: 'g', told: false },
      c: { id: 'g', told: true },
      d: { id: 'g', told: false },
      // Nobody speaks for these: the one that was told is acknowledged.
      e: { id: 'h', told: false },
      f: { id: 'h', told: false },
    };
    const all = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => alarm(id));
    const entries = inGroups(all, (id) => groups[id]);
    expect(entries.map((each) => [each.alarm.id, ...each.others.map(({ id }) => id)])).toEqual([
      ['a'],
      ['c', 'b', 'd'],
      ['e', 'f'],
    ]);
  });

  test('an acknowledgement under way is no acknowledgement; the gateway says when it is one', () => {
    const sending = pageAfter(news('raised', 0), { do: 'acknowledging', id: 'a', state: { phase: 'sending' } });
    expect(sending.alarms.get('a')?.human).toBe('unacknowledged');
    expect(waitingCounts(sending.alarms)).toEqual({ all: 1, red: 1 });
    const done = reduce(sending, news('acknowledged', 1, { human: 'acknowledged', acknowledgedBy: 'chen' }));
    expect(done.alarms.get('a')?.acknowledgedBy).toBe('chen');
    expect(done.acknowledging.size).toBe(0);
  });

  test('the answer and the stream may come in either order: the later change stands', () => {
    const acknowledged = alarm('a', { human: 'acknowledged', changedAt: at(1) });
    const again = news('repeated', 2);
    const streamFirst = pageAfter(news('raised', 0), again, { do: 'acknowledged', alarm: acknowledged });
    const answerFirst = pageAfter(news('raised', 0), { do: 'acknowledged', alarm: acknowledged }, again);
    expect(streamFirst.alarms.get('a')?.human).toBe('unacknowledged');
    expect(answerFirst.alarms.get('a')?.human).toBe('unacknowledged');
  });

  test('an answer that comes after the end does not open the alarm again', () => {
    const answer: Action = { do: 'acknowledged', alarm: alarm('a', { human: 'acknowledged', changedAt: at(1) }) };
    const state = pageAfter(news('raised', 0), news('closed', 1, { human: 'acknowledged' }), answer);
    expect(state.alarms.size).toBe(0);
    expect(state.closed.map((each) => each.alarm.id)).toEqual(['a']);
  });

  test('each call counts, a change does not', () => {
    const counts = [
      news('raised', 0),
      news('changed', 1),
      news('escalated', 2),
      news('cleared', 3),
      news('repeated', 4),
    ];
    expect(pageAfter(...counts).call?.count).toBe(3);
  });

  test('what the list no longer has is over; what is new on it calls', () => {
    const state = pageAfter(news('raised', 0), lists([alarm('b')]));
    expect([...state.alarms.keys()]).toEqual(['b']);
    expect(state.call?.alarm.id).toBe('b');
    expect(reduce(state, lists([alarm('b')])).call).toBe(state.call);
  });
});

describe('the connection', () => {
  const opened = pageAfter({ do: 'opened', nowMs: 1_000 }, { do: 'heard', nowMs: 1_000 }, lists([]), {
    do: 'tick',
    nowMs: 1_500,
  });

  test('live while the gateway speaks; silence of five seconds is a loss, whatever the socket says', () => {
    expect(isLive(opened)).toBe(true);
    const deaf = reduce(opened, { do: 'tick', nowMs: 6_100 });
    expect(troubleOf(deaf)).toBe('lost');
    expect(isLive(deaf)).toBe(false);
  });

  test('a connection over which the lists cannot be read is not live, and says so', () => {
    const unread = pageAfter({ do: 'opened', nowMs: 0 }, { do: 'heard', nowMs: 5_500 }, { do: 'tick', nowMs: 6_000 });
    expect(isLive(unread)).toBe(false);
    expect(troubleOf(unread)).toBe('unread');
  });

  test('who is logged out keeps nothing of what was shown', () => {
    const state = reduce(reduce(opened, news('raised', 0)), { do: 'log-in-needed' });
    expect(state.alarms.size).toBe(0);
    expect(state.who).toEqual({ phase: 'needed', expired: false });
  });
});

const zone = (rest: Partial<ZoneStatus> = {}): ZoneStatus => ({
  id: 'lane',
  name: { zh: '通道', en: 'Lane' },
  use: 'moving',
  rule: 'density',
  state: 'known',
  phase: 'normal',
  persons: 10,
  countedAt: at(0),
  lacking: [],
  ...rest,
});

describe('zones', () => {
  test.each([
    ['known', zone(), true],
    ['stale', zone({ state: 'stale' }), true],
    ['known', zone({ state: 'stale', countedAt: at(19) }), true],
    ['stale', zone({ state: 'stale', countedAt: at(19), lacking: ['gate'] }), true],
    ['stale', zone(), false],
    ['unknown', zone({ state: 'unknown' }), true],
    ['unknown', zone({ phase: 'unknown' }), true],
  ] as const)('%s', (expected, status, live) => {
    expect(certainty(status, live, { serverMs: Date.parse(at(20)), slackMs: 1_000 })).toBe(expected);
  });

  test('the arrow follows the persons of the last minutes, and says nothing from too little', () => {
    const counted = (second: number, persons: number): Action => ({
      do: 'zones',
      zones: [zone({ countedAt: at(second), persons })],
    });
    const course = (...actions: readonly Action[]) => directionOf(pageAfter(...actions).courses.get('lane') ?? []);
    expect(course(counted(0, 10), counted(10, 50))).toBeUndefined();
    expect(course(counted(0, 100), counted(20, 120), counted(40, 150))).toBe('rising');
    expect(course(counted(0, 150), counted(40, 100))).toBe('falling');
    expect(course(counted(0, 150), counted(40, 152))).toBe('steady');
    const broken: Action = { do: 'zones', zones: [zone({ state: 'stale', countedAt: at(30) })] };
    expect(course(counted(0, 100), broken, counted(40, 150))).toBeUndefined();
  });
});

const device = (id: string, rest: Partial<DeviceStatus> = {}): DeviceStatus => ({
  id,
  registered: true,
  name: { zh: id, en: id },
  state: 'live',
  lastSeenAt: at(0),
  silentAfterSeconds: 30,
  channels: {},
  channelAges: {},
  units: {},
  ...rest,
});

describe('devices', () => {
  test('what the gateway called live is silent once its time has passed', () => {
    const stateAt = (second: number, rest = {}) =>
      stateNow(device('a', rest), { serverMs: Date.parse(at(second)), slackMs: 1_000 });
    expect(stateAt(30)).toBe('live');
    expect(stateAt(32)).toBe('silent');
    expect(stateAt(1, { state: 'stale' })).toBe('live');
    expect(stateAt(2, { state: 'stale' })).toBe('stale');
  });

  test('the telling values come first, and a value without an age is old', () => {
    const readings = readingsOf(
      device('a', {
        channels: { '': { batteryVolts: 3, temperatureCelsius: 20 }, b: { temperatureCelsius: 21 } },
        channelAges: { '': { at: at(0), ageSeconds: 0, stale: false } },
        units: { temperatureCelsius: '°C', batteryVolts: 'V' },
      }),
    );
    expect(readings.map(({ metric, channel, stale }) => [metric, channel, stale])).toEqual([
      ['temperatureCelsius', '', false],
      ['temperatureCelsius', 'b', true],
      ['batteryVolts', '', false],
    ]);
  });

  test('found by zone in either language; those in trouble first', () => {
    const devices = [device('a', { zone: 'z' }), device('b', { zone: 'z', state: 'silent' }), device('c')];
    const found = matching(devices, 'all', '主厅', (id) => (id === 'z' ? '主厅 Main floor' : ''));
    expect(found.map(({ id }) => id)).toEqual(['b', 'a']);
    expect(matching(devices, 'silent', '', () => '').map(({ id }) => id)).toEqual(['b']);
  });

  test('a stranger does not hide the registered device of the same name', () => {
    const stranger = device('a', { registered: false, address: 'tasmota:a' });
    expect(pageAfter({ do: 'devices', devices: [device('a'), stranger] }).devices.size).toBe(2);
  });
});
