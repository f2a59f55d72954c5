import { describe, expect, test } from 'vitest';
import { conditionsOf, device, rule, type Stage, stage, venueOf } from '../stage.ts';

const MIN = 60;
const HOUR = 3600;
const venue = venueOf([device('b1', { reports: undefined }), device('b2', { reports: { everySeconds: 60 } })]);
const DUTY = { id: 'hours', kind: 'on-duty-too-long', for: { devices: ['b1'] } };
const ON = { onDuty: 1, charging: 0 };
const scene = (config: Record<string, unknown> = {}, options: Partial<Parameters<typeof stage>[0]> = {}) =>
  stage({ venue, rules: [rule({ ...DUTY, ...config }, venue)], ...options });
const again = (earlier: Stage, startSeconds: number) =>
  scene({}, { startSeconds, snapshot: earlier.save(), alarms: earlier.open() });
const phase = (s: Stage) => conditionsOf(s.verdicts).at(-1)?.condition.phase;

describe('on duty too long', () => {
  test('after four hours, not a millisecond before', () => {
    const s = scene()
      .at(10)
      .sample('b1', ON)
      .at(4 * HOUR + 9.999);
    expect(s.story()).toEqual([]);
    expect(s.at(4 * HOUR + 10).story()).toEqual([[4 * HOUR + 10, 'raised', 'b1', 'blue']]);
    expect(s.open()[0]).toMatchObject({ value: 4, unit: 'h', limit: 4, reason: { code: 'on-duty-too-long' } });
  });

  test('a badge that says nothing of duty is on duty while it reports', () => {
    expect(
      scene()
        .at(0)
        .sample('b1', { batteryPercent: 50 })
        .at(4 * HOUR)
        .story(),
    ).toHaveLength(1);
  });

  test.each([{ onDuty: 0 }, { charging: 1 }])('%o for 20 minutes is a break, a minute less is none', (off) => {
    const off_ = (minutes: number) =>
      scene()
        .at(0)
        .sample('b1', ON)
        .at(3 * HOUR)
        .sample('b1', off)
        .at(3 * HOUR + minutes * MIN)
        .sample('b1', ON);
    expect(
      off_(19)
        .at(4 * HOUR - 0.001)
        .story(),
    ).toEqual([]);
    expect(
      off_(19)
        .at(4 * HOUR)
        .story(),
    ).toHaveLength(1);
    const rested = off_(20).at(7 * HOUR + 20 * MIN - 0.001);
    expect(rested.story()).toEqual([]);
    expect(rested.at(7 * HOUR + 20 * MIN).story()).toHaveLength(1);
  });

  test('two short breaks are no long one', () => {
    const s = scene().at(0).sample('b1', ON);
    for (const at of [2, 3])
      s.at(at * HOUR)
        .sample('b1', { onDuty: 0 })
        .at(at * HOUR + 15 * MIN)
        .sample('b1', ON);
    expect(s.at(4 * HOUR).story()).toHaveLength(1);
  });

  test('what is due within a break too short is raised when it ends', () => {
    const s = scene()
      .at(0)
      .sample('b1', ON)
      .at(4 * HOUR - 60)
      .sample('b1', { onDuty: 0 })
      .at(4 * HOUR + 120);
    expect(s.story()).toEqual([]);
    expect(s.sample('b1', ON).story()).toEqual([[4 * HOUR + 120, 'raised', 'b1', 'blue']]);
  });

  test('clears once the break is long enough, exactly then, and not by a shorter one', () => {
    const s = scene()
      .at(0)
      .sample('b1', ON)
      .at(5 * HOUR)
      .sample('b1', { onDuty: 0 })
      .at(5 * HOUR + 10 * MIN)
      .sample('b1', ON);
    s.at(6 * HOUR)
      .sample('b1', { charging: 1 })
      .at(6 * HOUR + 20 * MIN - 0.001);
    expect(s.story()).toHaveLength(1);
    expect(
      s
        .at(6 * HOUR + 20 * MIN)
        .story()
        .slice(1),
    ).toEqual([
      [6 * HOUR + 1200, 'cleared', 'b1', 'blue'],
      [6 * HOUR + 1200, 'closed', 'b1', 'blue'],
    ]);
  });

  test('graver with time where the rule says so', () => {
    const s = scene({ hours: { blue: 4, yellow: 6 } })
      .at(0)
      .sample('b1', ON)
      .at(6 * HOUR);
    expect(s.story().map(([at, type, , severity]) => [at, type, severity])).toEqual([
      [4 * HOUR, 'raised', 'blue'],
      [6 * HOUR, 'escalated', 'yellow'],
    ]);
  });

  test('the same word again, and one out of order, change nothing', () => {
    const s = scene().at(0).sample('b1', ON).at(HOUR).sample('b1', ON).sample('b1', ON);
    const before = s.verdicts.length;
    s.at(2 * HOUR)
      .sample('b1', {})
      .sample('b1', { temperatureCelsius: 20 });
    expect(s.verdicts).toHaveLength(before);
    expect(s.at(4 * HOUR).story()).toHaveLength(1);
  });
});

describe('a break', () => {
  const off = { onDuty: 0 };
  test('begins with its first word, whatever is said in it', () => {
    const s = scene()
      .at(0)
      .sample('b1', ON)
      .at(5 * HOUR)
      .sample('b1', off)
      .at(5 * HOUR + 10 * MIN)
      .sample('b1', { charging: 1 });
    expect(s.at(5 * HOUR + 20 * MIN - 0.001).open()).toHaveLength(1);
    expect(s.at(5 * HOUR + 20 * MIN).open()).toEqual([]);
  });

  test('makes nothing graver while it lasts', () => {
    const s = scene({ hours: { blue: 4, yellow: 6 } })
      .at(0)
      .sample('b1', ON)
      .at(6 * HOUR - 60)
      .sample('b1', off)
      .at(6 * HOUR + 60)
      .sample('b1', { charging: 1 });
    expect(s.open()).toMatchObject([{ severity: 'blue' }]);
    s.at(6 * HOUR + 120).sample('b1', ON);
    expect(s.open()).toMatchObject([{ severity: 'yellow' }]);
  });

  test.each([
    [1200, 8 * HOUR],
    [1199.999, 4 * HOUR],
  ])('of which the badge is silent is one if it was heard %d s after it began', (seconds, raises) => {
    const s = scene({ for: { devices: ['b2'] } })
      .at(0)
      .sample('b2', ON);
    s.at(4 * HOUR - 1200)
      .sample('b2', off)
      .at(4 * HOUR - 1190)
      .occur('b2', 'offline');
    const back = 4 * HOUR - 1200 + seconds;
    for (let at = back; at <= 9 * HOUR; at += 60) s.at(at).sample('b2', ON);
    expect(s.story()[0]?.[0]).toBe(raises);
  });

  test.each([
    [1200, 8 * HOUR],
    [1199.999, 4 * HOUR],
  ])('is silence of %d s where the rule says so, from the last word of the badge', (seconds, raises) => {
    const s = scene({ for: { devices: ['b2'] }, silenceIsBreak: true });
    for (let at = 0; at <= 4 * HOUR - 1200; at += 60) s.at(at).sample('b2', ON);
    const back = 4 * HOUR - 1200 + seconds;
    for (let at = back; at <= 9 * HOUR; at += 60) s.at(at).sample('b2', ON);
    expect(s.story()[0]?.[0]).toBe(raises);
  });

  test('a silent badge with an alarm says how grave it is', () => {
    const s = scene({ for: { devices: ['b2'] } }).at(0);
    for (let at = 0; at <= 4 * HOUR; at += 60) s.at(at).sample('b2', ON);
    s.at(5 * HOUR);
    expect(conditionsOf(s.verdicts).at(-1)?.condition).toMatchObject({ phase: 'unknown', severity: 'blue' });
  });
});

describe('what is said', () => {
  const codes = (s: Stage) => conditionsOf(s.verdicts).map(({ condition }) => condition.reason.code);
  test('off duty from the beginning: once, and not again when that has been a break', () => {
    expect(
      codes(
        scene()
          .at(0)
          .sample('b1', { onDuty: 0 })
          .at(2 * HOUR),
      ),
    ).toEqual(['rested']);
  });

  test('a break within the time: once at its end', () => {
    const s = scene()
      .at(0)
      .sample('b1', ON)
      .at(HOUR)
      .sample('b1', { onDuty: 0 })
      .at(3 * HOUR)
      .sample('b1', ON);
    expect(codes(s)).toEqual(['on-duty', 'rested']);
  });

  test('of wearers only; and where the rule latches the alarm waits for a person', () => {
    const things = venueOf([device('t1', { role: undefined, reports: undefined })]);
    const config = { ...DUTY, for: { devices: ['t1'] } };
    const thing = stage({ venue: things, rules: [rule(config, things)] })
      .at(0)
      .sample('t1', ON)
      .at(9 * HOUR);
    expect(thing.verdicts).toEqual([]);
    const s = scene({ latching: true })
      .at(0)
      .sample('b1', ON)
      .at(5 * HOUR)
      .sample('b1', { onDuty: 0 })
      .at(6 * HOUR);
    expect(s.open()).toMatchObject([{ condition: 'cleared' }]);
  });

  test('a badge that is off duty and falls silent is unknown too, once', () => {
    const s = scene({ for: { devices: ['b2'] } })
      .at(0)
      .sample('b2', { onDuty: 0 })
      .at(500)
      .occur('b2', 'offline')
      .at(9000);
    expect(codes(s)).toEqual(['rested', 'no-data']);
  });
});

describe('other hours over a reload', () => {
  const reloaded = (s: Stage, config: Record<string, unknown>) =>
    s.reload([rule({ ...DUTY, ...config }, venue)], venue);

  test('count from when the duty began, at once', () => {
    const s = scene()
      .at(0)
      .sample('b1', ON)
      .at(3 * HOUR);
    expect(reloaded(s, { hours: { blue: 2 } }).open()).toMatchObject([{ severity: 'blue', limit: 2, value: 3 }]);
    const longer = scene()
      .at(0)
      .sample('b1', ON)
      .at(3 * HOUR);
    expect(
      reloaded(longer, { hours: { blue: 5 } })
        .at(5 * HOUR - 0.001)
        .story(),
    ).toEqual([]);
    expect(longer.at(5 * HOUR).story()).toHaveLength(1);
  });

  test('raise nothing in a break, and leave an alarm that stands as grave as it was', () => {
    const off = () =>
      scene()
        .at(0)
        .sample('b1', ON)
        .at(3 * HOUR)
        .sample('b1', { onDuty: 0 })
        .at(3 * HOUR + 60);
    expect(reloaded(off(), { hours: { blue: 2 } }).story()).toEqual([]);
    const alarmed = scene()
      .at(0)
      .sample('b1', ON)
      .at(5 * HOUR)
      .sample('b1', { onDuty: 0 })
      .at(5 * HOUR + 60);
    expect(reloaded(alarmed, { hours: { blue: 2, red: 3 } }).open()).toMatchObject([
      { severity: 'blue', condition: 'active' },
    ]);
    expect(alarmed.at(5 * HOUR + 20 * MIN).open()).toEqual([]);
  });

  test('of a badge that is silent say nothing until it is heard', () => {
    const s = scene({ for: { devices: ['b2'] } })
      .at(0)
      .sample('b2', ON)
      .at(3 * HOUR);
    expect(reloaded(s, { for: { devices: ['b2'] }, hours: { blue: 2 } }).story()).toEqual([]);
    expect(
      s
        .at(3 * HOUR + 60)
        .sample('b2', ON)
        .story(),
    ).toHaveLength(1);
  });
});

describe('a silent badge', () => {
  const config = { for: { devices: ['b2'] } };
  const talk = (s: Stage, from: number, to: number, metrics = ON) => {
    for (let at = from; at <= to; at += 60) s.at(at).sample('b2', metrics);
    return s;
  };

  test('raises nothing, and has had no break: the time goes on, and is told when it is heard', () => {
    const s = talk(scene(config), 0, 3 * HOUR).at(5 * HOUR);
    expect(s.story()).toEqual([]);
    expect(phase(s)).toBe('unknown');
    expect(s.sample('b2', ON).story()).toEqual([[5 * HOUR, 'raised', 'b2', 'blue']]);
  });

  test('that comes back off duty has worked no longer than anybody knows', () => {
    const s = talk(scene(config), 0, 3 * HOUR)
      .at(5 * HOUR)
      .sample('b2', { onDuty: 0 });
    expect(s.story()).toEqual([]);
  });

  test('clears nothing, neither by silence nor by the end of a break that nobody saw', () => {
    const s = talk(scene(config), 0, 4 * HOUR)
      .at(4 * HOUR + 60)
      .sample('b2', { onDuty: 0 })
      .at(6 * HOUR);
    expect(s.open()).toMatchObject([{ condition: 'unknown' }]);
    s.sample('b2', ON);
    expect(s.open()).toEqual([]);
  });

  test('an alarm from before stands while a break goes on that is not long enough yet', () => {
    const s = talk(scene(config), 0, 4 * HOUR)
      .at(5 * HOUR)
      .sample('b2', { onDuty: 0 });
    expect(s.open()).toMatchObject([{ condition: 'active' }]);
    talk(s, 5 * HOUR + 60, 5 * HOUR + 19 * MIN, { onDuty: 0, charging: 0 });
    expect(s.open()).toHaveLength(1);
    expect(s.at(5 * HOUR + 20 * MIN).open()).toEqual([]);
  });

  test('has had a break where the rule says so', () => {
    const s = talk(scene({ ...config, silenceIsBreak: true }), 0, 3 * HOUR);
    talk(s, 4 * HOUR, 8 * HOUR - 60);
    expect(s.story()).toEqual([]);
    expect(talk(s, 8 * HOUR, 8 * HOUR).story()).toHaveLength(1);
  });
});

describe('a restart', () => {
  test('on duty: the time goes on', () => {
    const s = again(
      scene()
        .at(0)
        .sample('b1', ON)
        .at(2 * HOUR),
      3 * HOUR,
    );
    expect(s.at(4 * HOUR - 0.001).story()).toEqual([]);
    expect(s.at(4 * HOUR).story()).toHaveLength(1);
  });

  test('in a break: down time is none of it', () => {
    const s = again(
      scene()
        .at(0)
        .sample('b1', ON)
        .at(5 * HOUR)
        .sample('b1', { onDuty: 0 })
        .at(5 * HOUR + 60),
      6 * HOUR,
    );
    expect(s.at(6 * HOUR + 60).open()).toHaveLength(1);
    expect(s.at(6 * HOUR + 19 * MIN).open()).toEqual([]);
  });

  test('with the moment passed while down: raised once, with what was not observed', () => {
    const s = again(
      scene()
        .at(0)
        .sample('b1', ON)
        .at(2 * HOUR),
      5 * HOUR,
    )
      .at(5 * HOUR + 3)
      .sample('b1', ON);
    expect(s.story()).toEqual([[5 * HOUR + 3, 'raised', 'b1', 'blue']]);
    expect(s.open()[0]?.reason.en).toContain('not observed');
  });

  test('with an alarm: not raised again', () => {
    const s = again(
      scene()
        .at(0)
        .sample('b1', ON)
        .at(5 * HOUR),
      6 * HOUR,
    )
      .at(6 * HOUR + 1)
      .sample('b1', ON)
      .at(7 * HOUR);
    expect(s.story()).toEqual([]);
    expect(s.open()).toHaveLength(1);
  });
});
