import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realClock } from '../../firmware-sim/clock.ts';
import { createLink } from '../../firmware-sim/link.ts';
import { type Play, type PlayOptions, play } from '../../firmware-sim/play.ts';
import type { Progress } from '../../firmware-sim/progress.ts';
import { parseScenario } from '../../firmware-sim/scenario.ts';
import { problemText } from '../../firmware-sim/yaml-problems.ts';
import { startBroker, type TestBroker } from './stage/broker.ts';
import { readPack, valuesOf } from './stage/senml-reader.ts';

const EPOCH_MS = 1_700_000_000_000;
const BADGE = '{ id: b1, type: badge, offsetSeconds: 1 }';

let broker: TestBroker;
let running: Play | undefined;
let told: Progress[];

beforeEach(async () => {
  broker = await startBroker();
  told = [];
});

afterEach(async () => {
  running?.stop();
  await running?.ended;
  running = undefined;
  await broker.stop();
});

const start = (actors: string, events = '', change: Partial<PlayOptions> & { seconds?: number } = {}): Play => {
  const { seconds = 100, ...options } = change;
  const text = `venue: v.yaml\nseed: 1\ndurationSeconds: ${seconds}\nactors: [${actors}]\nevents: [${events}]\n`;
  const scenario = parseScenario(text, 'inline');
  if ('problems' in scenario) throw new Error(scenario.problems.map(problemText).join('\n'));
  running = play({
    scenario,
    broker: broker.url,
    venueId: 'hall',
    epochMs: EPOCH_MS,
    speed: 200,
    startAtMs: undefined,
    format: 'both',
    secrets: new Map([['b1', 'secret-1']]),
    clock: realClock(),
    connect: createLink,
    tell: (progress) => told.push(progress),
    ...options,
  });
  return running;
};

const from = (device: string) => broker.heard.filter(({ client }) => client === device);
const timesOf = (device: string): readonly number[] =>
  from(device).map(({ payload }) => (readPack(payload)[0]?.timeSeconds ?? 0) - EPOCH_MS / 1000);

describe('play', () => {
  it('sends every device’s SenML on its own topic, under virtual stamps, and ends', async () => {
    const actors = `${BADGE}, { id: t1, type: climate, offsetSeconds: 2 }, { id: p1, type: people-counter, offsetSeconds: 3 }, { id: c1, type: current-clamp, channels: [a, b], offsetSeconds: 0 }`;
    await start(actors).ended;
    expect(timesOf('b1')).toEqual(Array.from({ length: 20 }, (_, index) => 1 + 5 * index));
    expect(timesOf('t1')).toEqual([2, 32, 62, 92]);
    expect(timesOf('p1')).toEqual(Array.from({ length: 10 }, (_, index) => 3 + 10 * index));
    expect(timesOf('c1')).toHaveLength(50);
    for (const { client, topic, payload } of broker.heard) {
      expect(topic).toBe(`muster/hall/up/${client}`);
      expect(readPack(payload).every(({ name }) => name.startsWith(`${client}/`))).toBe(true);
    }
    expect(from('b1').every(({ payload }) => payload[0] === 0x88)).toBe(true);
    expect(from('t1').every(({ payload }) => payload[0] === 0x5b)).toBe(true);
    expect(readPack(from('c1')[0]?.payload ?? Buffer.alloc(0)).map(({ name, unit }) => [name, unit])).toEqual([
      ['c1/seq', 'count'],
      ['c1/current/a', 'A'],
      ['c1/voltage/a', 'V'],
      ['c1/power/a', 'W'],
      ['c1/current/b', 'A'],
      ['c1/voltage/b', 'V'],
      ['c1/power/b', 'W'],
    ]);
    expect(told.at(-1)).toEqual({ type: 'done', sent: 84, dropped: 0, stopped: false });
  });

  it('logs a device in under its id where it has a secret, and connects without a log-in where it has none', async () => {
    await start(`${BADGE}, { id: t1, type: climate }`, '', { seconds: 10 }).ended;
    expect([...broker.logins].sort((a, b) => (a.client < b.client ? -1 : 1))).toEqual([
      { client: 'b1', username: 'b1', password: 'secret-1' },
      { client: 't1', username: undefined, password: undefined },
    ]);
  });

  it('says it is ready when all are connected, and only then begins', async () => {
    await start(`${BADGE}, { id: t1, type: climate }`, '{ atSeconds: 1, actor: b1, do: sit }', { seconds: 10 }).ended;
    expect(told.map(({ type }) => type)).toEqual(['ready', 'event', 'done']);
  });

  it('answers a buzz, and cancels when the wearer does', async () => {
    start(`{ id: b1, type: badge, offsetSeconds: 1, cancelsAfterSeconds: 6 }`, '', { seconds: 10_000 });
    await broker.until(() => from('b1').length > 0);
    broker.command('muster/hall/down/b1', { id: 'buzz.fallen.b1.x', do: 'buzz', seconds: 15 });
    const answers = () => from('b1').filter(({ qos }) => qos === 1);
    await broker.until(() => answers().length >= 2);
    const [done, cancel] = answers().map(({ payload }) => valuesOf(payload));
    expect(done?.get('done')).toBe('buzz.fallen.b1.x');
    expect(cancel?.get('cancel')).toBe(true);
    expect(told.filter(({ type }) => type === 'command')).toHaveLength(1);
  });

  it('sends a press three times with QoS 1 and one sequence number', async () => {
    await start(BADGE, '{ atSeconds: 20, actor: b1, do: sos }', { seconds: 40 }).ended;
    const presses = from('b1').filter(({ payload }) => valuesOf(payload).get('sos') === true);
    expect(presses.map(({ qos }) => qos)).toEqual([1, 1, 1]);
    expect(new Set(presses.map(({ payload }) => valuesOf(payload).get('seq'))).size).toBe(1);
  });

  it('leaves without a word when it dies, and comes back', async () => {
    const events = '{ atSeconds: 20, actor: t1, do: die }, { atSeconds: 60, actor: t1, do: revive }';
    await start('{ id: t1, type: climate, everySeconds: 10, offsetSeconds: 5 }', events).ended;
    expect(timesOf('t1')).toEqual([5, 15, 60, 65, 75, 85, 95]);
    expect(broker.logins).toHaveLength(2);
  });

  it('reconnects after the broker was away, and listens again', async () => {
    start(BADGE, '', { seconds: 100_000, speed: 100 });
    await broker.until(() => from('b1').length > 0);
    const { port } = broker;
    await broker.stop();
    broker = await startBroker(port);
    await broker.until(() => from('b1').length > 0);
    broker.command('muster/hall/down/b1', { id: 'after', do: 'buzz' });
    await broker.until(() => from('b1').some(({ payload }) => valuesOf(payload).get('done') === 'after'));
    expect(broker.logins[0]?.client).toBe('b1');
  });

  it('stops when told: connections closed, last line written', async () => {
    start(`${BADGE}, { id: t1, type: climate }`, '', { seconds: 100_000 });
    await broker.until(() => from('b1').length > 0);
    running?.stop();
    await running?.ended;
    expect(told.at(-1)).toMatchObject({ type: 'done', stopped: true });
    await broker.until(() => broker.gone.length === 2);
    const before = broker.heard.length;
    expect(broker.gone.sort()).toEqual(['b1', 't1']);
    expect(broker.heard.length).toBe(before);
  });

  it('stops though no broker was ever there', async () => {
    start(BADGE, '', { broker: 'mqtt://127.0.0.1:9', startAtMs: Date.now() });
    running?.stop();
    await running?.ended;
    expect(told.at(-1)).toMatchObject({ type: 'done', stopped: true });
  });

  it('says so when it cannot keep up', async () => {
    await start(BADGE, '', { seconds: 10, startAtMs: Date.now() - 60_000 }).ended;
    const late = told.find(({ type }) => type === 'late');
    expect(late).toMatchObject({ type: 'late' });
    expect(late?.type === 'late' && late.maxLateMs).toBeGreaterThan(50_000);
  });
});
