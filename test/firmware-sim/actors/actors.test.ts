import { describe, expect, it } from 'vitest';
import type { Effect, RawEvent } from '../../../firmware-sim/actors/actor.ts';
import { actorOptions, createActor } from '../../../firmware-sim/actors/index.ts';

type Values = ReadonlyMap<string, number | string | boolean | undefined>;

const actorOf = (options: object, seed = 1) => createActor('x', actorOptions.parse({ id: 'x', ...options }), seed);

const valuesAt = (actor: ReturnType<typeof actorOf>, atSeconds: number): Values =>
  new Map(actor.report(atSeconds).map((record) => [record.n, record.v ?? record.vb ?? record.vs]));

const number = (values: Values, name: string): number => {
  const value = values.get(name);
  if (typeof value !== 'number') throw new Error(`no ${name}`);
  return value;
};

describe('people counter', () => {
  it('counts a surge to the person in exact mode, however often it reports', () => {
    const actor = actorOf({ type: 'people-counter', exact: true });
    actor.on({ do: 'surge', inPerMinute: 300, outPerMinute: 60, forSeconds: 52 }, 3);
    for (let at = 3.3; at < 200; at += 0.7) actor.report(at);
    const values = valuesAt(actor, 200);
    expect(number(values, 'entries')).toBe(260);
    expect(number(values, 'exits')).toBe(52);
  });

  it('follows a Poisson rate: 60 a minute over 100 minutes is 6000, give or take five sigma', () => {
    const actor = actorOf({ type: 'people-counter', inPerMinute: 60 });
    for (let at = 0; at < 6000; at += 10) actor.report(at);
    const entries = number(valuesAt(actor, 6000), 'entries');
    expect(Math.abs(entries - 6000)).toBeLessThan(5 * Math.sqrt(6000));
    expect(entries).not.toBe(6000);
  });

  it('lets nobody out who is not in when it empties', () => {
    const actor = actorOf({ type: 'people-counter', exact: true });
    actor.on({ do: 'surge', inPerMinute: 60, forSeconds: 60 }, 0);
    actor.on({ do: 'empty', outPerMinute: 120 }, 100);
    expect(number(valuesAt(actor, 110), 'exits')).toBe(20);
    expect(number(valuesAt(actor, 1000), 'exits')).toBe(60);
  });

  it('misses a share of the entries, and starts again from zero after a reset', () => {
    const actor = actorOf({ type: 'people-counter', exact: true, inPerMinute: 60, missesFraction: 0.25 });
    expect(number(valuesAt(actor, 400), 'entries')).toBe(300);
    actor.on({ do: 'reset' }, 400);
    expect(number(valuesAt(actor, 440), 'entries')).toBe(30);
  });
});

describe('current clamp', () => {
  it('ramps a load on the channel meant, and on no other', () => {
    const actor = actorOf({ type: 'current-clamp', channels: ['a', 'b'], baseAmps: 10, noiseFraction: 0 });
    actor.on({ do: 'load', amps: 30, rampSeconds: 10, channel: 'b' }, 100);
    const half = valuesAt(actor, 105);
    expect(number(half, 'current/b')).toBe(20);
    expect(number(half, 'current/a')).toBe(10);
    expect(number(valuesAt(actor, 300), 'current/b')).toBe(30);
  });

  it('shows an inrush in the report that it triggers, and is back to the load when it is over', () => {
    const actor = actorOf({ type: 'current-clamp', baseAmps: 20, noiseFraction: 0 });
    const effects = actor.on({ do: 'inrush', peakAmps: 192, durationSeconds: 0.8 }, 50);
    expect(effects.map(({ type, inSeconds }) => [type, inSeconds])).toEqual([
      ['report', 0.05],
      ['report', 0.8],
    ]);
    expect(number(valuesAt(actor, 50.05), 'current')).toBeGreaterThan(4 * 32);
    expect(number(valuesAt(actor, 50.8), 'current')).toBe(20);
  });

  it('reports power that fits voltage and current', () => {
    const values = valuesAt(actorOf({ type: 'current-clamp', baseAmps: 16, powerFactor: 1 }), 1);
    const product = number(values, 'voltage') * number(values, 'current');
    expect(Math.abs(number(values, 'power') / product - 1)).toBeLessThan(0.002);
  });
});

describe('climate', () => {
  it('warms along the ramp, while the relative humidity falls', () => {
    const actor = actorOf({ type: 'climate', temperatureCelsius: 24, driftCelsius: 0 });
    const before = valuesAt(actor, 0);
    actor.on({ do: 'heat', toCelsius: 44, rampSeconds: 100 }, 10);
    expect(number(valuesAt(actor, 60), 'temperature')).toBeCloseTo(34, 0);
    const after = valuesAt(actor, 500);
    expect(number(after, 'temperature')).toBeCloseTo(44, 0);
    expect(number(after, 'humidity')).toBeLessThan(number(before, 'humidity') / 2);
  });
});

describe('badge', () => {
  const press: readonly RawEvent['do'][] = ['sos', 'cancel', 'checkin'];

  it.each(press)('sends a press of %s three times, the same bytes under the same sequence number', (name) => {
    const actor = actorOf({ type: 'badge' });
    actor.report(1);
    const effects = actor.on({ do: name }, 10);
    const contents = effects.map((effect) => (effect.type === 'send' ? effect.records : []));
    expect(contents).toHaveLength(3);
    expect(new Set(contents.map((records) => JSON.stringify(records))).size).toBe(1);
    expect(contents[0]).toEqual([
      { n: 'seq', u: 'count', v: 2 },
      { n: name, vb: true },
    ]);
  });

  it('confirms a buzz at once with its id, and cancels when its wearer does', () => {
    const answering = actorOf({ type: 'badge', cancelsAfterSeconds: 6 });
    expect(answering.command({ id: 'b-1', do: 'buzz' }, 5)).toEqual([
      {
        type: 'send',
        inSeconds: 0,
        records: [
          { n: 'seq', u: 'count', v: 1 },
          { n: 'done', vs: 'b-1' },
        ],
      },
      { type: 'event', inSeconds: 6, event: { do: 'cancel' } },
    ]);
    expect(actorOf({ type: 'badge', answersBuzz: false }).command({ id: 'b-1', do: 'buzz' }, 5)).toEqual([]);
    expect(answering.command({ id: 'b-2', do: 'led' }, 6)).toEqual([]);
  });

  it('does what an actuator is told, each command once, and says so; jammed it does nothing until it is free', () => {
    const siren = actorOf({ type: 'actuator', delaySeconds: 2 });
    const doneAt = (effects: readonly Effect[]) =>
      effects.map((effect) => (effect.type === 'send' ? [effect.inSeconds, effect.records.at(-1)] : expect.fail()));
    expect(doneAt(siren.command({ id: 'o-1', do: 'sound' }, 5))).toEqual([[2, { n: 'done', vs: 'o-1' }]]);
    expect(doneAt(siren.command({ id: 'o-1', do: 'sound' }, 8))).toEqual([[0, { n: 'done', vs: 'o-1' }]]);
    siren.on({ do: 'jam' }, 9);
    expect(siren.command({ id: 'o-2', do: 'sound' }, 10)).toEqual([]);
    expect(doneAt(siren.on({ do: 'free' }, 20))).toEqual([[2, { n: 'done', vs: 'o-2' }]]);
    expect(siren.on({ do: 'free' }, 21)).toEqual([]);
    expect(actorOf({ type: 'actuator', confirms: false }).command({ id: 'o-3', do: 'show' }, 5)).toEqual([]);
  });

  it('counts movements while walking, hardly any at ease, none while still', () => {
    const moved = (starts: string): number => {
      const actor = actorOf({ type: 'badge', starts });
      for (let at = 0; at < 1000; at += 5) actor.report(at);
      return number(valuesAt(actor, 1000), 'movements');
    };
    expect(moved('walk')).toBeGreaterThan(1000);
    expect(moved('stand')).toBeGreaterThan(50);
    expect(moved('stand')).toBeLessThan(200);
    expect(moved('still')).toBe(0);
  });

  it('drains its battery, and charges it in the dock', () => {
    const actor = actorOf({ type: 'badge', batteryPercent: 50, drainPercentPerHour: 10 });
    expect(number(valuesAt(actor, 3600), 'battery')).toBeCloseTo(40, 1);
    actor.on({ do: 'charge' }, 3600);
    const docked = valuesAt(actor, 3600 + 600);
    expect(number(docked, 'battery')).toBeCloseTo(50, 1);
    expect(docked.get('charging')).toBe(true);
  });

  it('walks with its position, a stroll and no further, and stays where it is while still', () => {
    const gps = { latitude: 31.2, longitude: 121.5, accuracyM: 1 };
    const metersAfter = (starts: string, seconds: number): number => {
      const actor = actorOf({ type: 'badge', starts, gps });
      for (let at = 0; at < seconds; at += 5) actor.report(at);
      const values = valuesAt(actor, seconds);
      return 111_320 * Math.hypot(number(values, 'latitude') - 31.2, (number(values, 'longitude') - 121.5) * 0.855);
    };
    expect(metersAfter('walk', 60)).toBeGreaterThan(10);
    expect(metersAfter('walk', 60)).toBeLessThan(1.2 * 60 + 3);
    expect(metersAfter('still', 600)).toBeLessThan(2);
  });
});
