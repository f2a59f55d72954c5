import { describe, expect, test } from 'vitest';
import type { Occurrence } from '../../../ingest/model/sample.ts';
import { judge, type Verdict, wakeTimer } from '../../../rules/engine.ts';
import { DeviceEntry } from '../../../rules/judge/device-entry.ts';
import { Judge } from '../../../rules/judge/judge.ts';
import { device, EPOCH, occurrenceOf, rule, sampleOf, stage, venueOf } from '../stage.ts';

const STRANGERS_MAX = 1000;
const CHANNELS_MAX = 64;
const heat = { id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { red: 60 }, holdSeconds: 60 };

const judgeOf = (configs: readonly Record<string, unknown>[], venue = venueOf([])) => {
  const verdicts: Verdict[] = [];
  const scheduler = { now: () => EPOCH, schedule: () => ({ unsubscribe: () => undefined }) };
  const rules = configs.map((config) => rule(config, venue));
  const engine = new Judge(rules, { scheduler, venue }, EPOCH, (verdict) => verdicts.push(verdict));
  return { engine, verdicts };
};

describe('strangers', () => {
  const cry = (id: string, seconds: number, extra: Partial<Occurrence> = {}) =>
    occurrenceOf(id, 'sos', EPOCH + seconds * 1000, extra);

  test('are remembered up to a thousand; who comes then takes the place of the one known longest', () => {
    const { engine } = judgeOf([{ id: 'sos', kind: 'sos' }]);
    for (let index = 0; index < STRANGERS_MAX; index += 1) engine.take(sampleOf(`x${index}`, EPOCH + index, {}));
    const { size } = engine.partKeys();
    const places = engine.capture(true).baseline.states.length;
    for (let index = 0; index < 5; index += 1) engine.take(sampleOf(`y${index}`, EPOCH + 5000, {}));
    expect(engine.partKeys().size).toBe(size);
    expect(engine.capture(true).baseline.states.length).toBe(places);
    expect([0, 4, 5].map((index) => engine.lifeOf(`x${index}`) === undefined)).toEqual([true, true, false]);
    expect(engine.lifeOf('y0')).toMatchObject({ lastHeardMs: EPOCH + 5000 });
  });

  test('one of whom an alarm stands is kept', () => {
    const { engine } = judgeOf([{ id: 'sos', kind: 'sos' }]);
    engine.take(cry('x0', 0));
    for (let index = 1; index < STRANGERS_MAX + 3; index += 1) engine.take(sampleOf(`x${index}`, EPOCH + index, {}));
    expect([0, 1, 2, 3, 4].map((index) => engine.lifeOf(`x${index}`) === undefined)).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  test('who leaves takes along what they waited for', () => {
    const { engine, verdicts } = judgeOf([heat]);
    engine.take(sampleOf('x0', EPOCH, { temperatureCelsius: 70 }));
    for (let index = 1; index <= STRANGERS_MAX; index += 1) {
      engine.take(sampleOf(`x${index}`, EPOCH + index, { temperatureCelsius: 20 }));
    }
    expect(engine.stateOf('heat', `x${STRANGERS_MAX}`)).toMatchObject({ phase: 'normal' });
    const before = verdicts.length;
    engine.fireDue(EPOCH + 120_000);
    expect(verdicts.slice(before)).toEqual([]);
  });

  test('registered devices are none of them, however many', () => {
    const many = Array.from({ length: STRANGERS_MAX + 10 }, (_, index) => device(`b${index}`));
    const { engine } = judgeOf([{ id: 'sos', kind: 'sos' }], venueOf(many));
    engine.take(sampleOf('x0', EPOCH, {}));
    engine.take(sampleOf('x1', EPOCH, {}));
    expect(engine.partKeys().size).toBe(STRANGERS_MAX + 12);
    expect([engine.lifeOf('b0'), engine.lifeOf('x0')].map((life) => life === undefined)).toEqual([false, false]);
  });
});

describe('a device', () => {
  test('is found by its name, wherever its sample says that it sits', () => {
    const { engine } = judgeOf([heat], venueOf([device('b0'), device('b1')]));
    const hot = (id: string, seat: number) => ({ ...sampleOf(id, EPOCH, { temperatureCelsius: 70 }), seat });
    engine.take(hot('b0', 1));
    expect(engine.stateOf('heat', 'b0')).toMatchObject({ phase: 'pending' });
    expect(engine.stateOf('heat', 'b1')).toMatchObject({ phase: 'unknown' });
    engine.take(hot('b1', 1));
    expect(engine.stateOf('heat', 'b1')).toMatchObject({ phase: 'pending' });
  });

  test('is known once it was met: looking makes nobody known', () => {
    const { engine } = judgeOf(
      [heat],
      venueOf([device('b0', { reports: { everySeconds: 20 } }), device('b1', { reports: undefined })]),
    );
    expect(engine.lifeOf('x')).toBeUndefined();
    expect(engine.presentZoneOf('x')).toBeUndefined();
    expect(engine.lifeOf('x')).toBeUndefined();
    expect(engine.lifeOf('b0')).toEqual({ lastHeardMs: undefined, silent: false, silentAfterMs: 60_000 });
    engine.take(sampleOf('b1', EPOCH, {}));
    expect(engine.lifeOf('b1')).toEqual({ lastHeardMs: EPOCH, silent: false, silentAfterMs: undefined });
  });

  test('has its own time, however many there are', () => {
    const many = Array.from({ length: 200 }, (_, index) => device(`b${index}`));
    const { engine } = judgeOf([heat], venueOf(many));
    many.forEach(({ id }, index) => void engine.take(sampleOf(id, EPOCH + index, { temperatureCelsius: 70 })));
    expect(many.map(({ id }) => engine.lifeOf(id)?.lastHeardMs)).toEqual(many.map((_, index) => EPOCH + index));
    expect(many.every(({ id }) => engine.stateOf('heat', id)?.phase === 'pending')).toBe(true);
    engine.fireDue(EPOCH + 59_999);
    expect(many.filter(({ id }) => engine.stateOf('heat', id)?.phase === 'active')).toEqual([]);
    engine.fireDue(EPOCH + 60_100);
    expect(many.filter(({ id }) => engine.stateOf('heat', id)?.phase === 'active')).toHaveLength(101);
  });

  test('has 64 channels, and no more', () => {
    const { engine } = judgeOf([heat], venueOf([device('b0')]));
    for (let index = 0; index < CHANNELS_MAX + 2; index += 1) {
      engine.take(sampleOf('b0', EPOCH + index, { temperatureCelsius: 20 }, `c${index}`));
    }
    expect([63, 64].map((index) => engine.stateOf('heat', `b0/c${index}`) === undefined)).toEqual([false, true]);
  });

  test('remembers how long nobody listened until it is heard again', () => {
    const entry = new DeviceEntry(device('b0'), 0, 0, {
      rules: [],
      base: 0,
      view: { id: 'b0', device: device('b0'), channel: '' },
      subjects: [],
    });
    expect(entry.missedMs(100)).toBe(0);
    entry.miss(5, 100);
    expect([entry.missedMs(100), entry.missedMs(101)]).toEqual([5, 0]);
    expect(entry.silent).toBe(false);
    entry.silentSinceMs = 0;
    expect(entry.silent).toBe(true);
  });
});

describe('time down', () => {
  const venue = venueOf([device('t1', { reports: undefined })]);
  const rules = [rule(heat, venue)];

  test('of two restarts is said as one, and no more once it is over', () => {
    const first = stage({ venue, rules }).at(0).sample('t1', { temperatureCelsius: 70 }).at(10);
    expect(JSON.stringify(first.save())).not.toContain('unobserved');
    const second = stage({ venue, rules, startSeconds: 15, snapshot: first.save() }).at(20);
    const third = stage({ venue, rules, startSeconds: 27, snapshot: second.save() }).at(60);
    expect(third.open()[0]?.reason.en).toContain('12 s');
    third.sample('t1', { temperatureCelsius: 20 }).at(70).sample('t1', { temperatureCelsius: 70 }).at(140);
    const [again] = third.open();
    expect(again).toMatchObject({ condition: 'active' });
    expect(again?.reason.en).not.toContain('12 s');
  });

  test('a device that was heard since missed nothing', () => {
    const b1 = venueOf([device('b1', { reports: { everySeconds: 60 } })]);
    const own = [rule({ id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { red: 60 } }, b1)];
    const first = stage({ venue: b1, rules: own }).at(0).sample('b1', {}).at(10);
    const second = stage({ venue: b1, rules: own, startSeconds: 20, snapshot: first.save() }).at(21);
    expect(second.save().devices[0]).toMatchObject({ missedMs: 10_000 });
    expect(JSON.stringify(second.sample('b1', {}).save().devices)).not.toContain('missedMs');
    expect(JSON.stringify(first.save().devices)).not.toContain('missedMs');
  });
});

test('before anybody listens nothing is forgotten, unfit or judged', () => {
  const venue = venueOf([]);
  const scheduler = { now: () => EPOCH, schedule: () => ({ unsubscribe: () => undefined }) };
  const operator = judge([], { scheduler, venue });
  expect([operator.forgottenSubjects(), operator.unfitStates(), operator.hasJudged('heat', 'b1')]).toEqual([
    0,
    0,
    false,
  ]);
  expect(operator.save()).toBeUndefined();
});

test('one timer waits for the earliest deadline, and is set again for an earlier one alone', () => {
  const delays: number[] = [];
  const wakeful = { nextDeadlineMs: EPOCH + 500, fireDue: () => undefined };
  const scheduler = {
    now: () => EPOCH,
    schedule: (_work: () => void, delayMs: number) => {
      delays.push(delayMs);
      return { unsubscribe: () => undefined };
    },
  };
  const timer = wakeTimer(wakeful, scheduler);
  timer.arm();
  timer.arm();
  wakeful.nextDeadlineMs = EPOCH + 700;
  timer.arm();
  wakeful.nextDeadlineMs = EPOCH + 300;
  timer.arm();
  expect(delays).toEqual([500, 300]);
});
