import net from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Access } from '../../../gateway/api/ports.ts';
import { until } from '../../until.ts';
import { problemIn } from './ask.ts';
import { readStream } from './events.ts';
import { type Stage, stage } from './stage.ts';

const VENUE = `
zones: { hall: { areaM2: 100 } }
devices: { t1: { profile: climate }, t2: { profile: climate }, gate: { profile: people-counter, zone: hall } }
badges: { b1: { role: guard } }
rules:
  - { id: heat, kind: threshold, metric: temperatureCelsius, above: { orange: 50, red: 60 } }
  - { id: crowd, kind: crowd-density }
  - { id: tilt, kind: tilt, holdSeconds: 0 }
`;

const heat = ({ send }: Stage, device: string, celsius: number): void =>
  send(`muster/hall/up/${device}`, [{ n: 'temperature', v: celsius }]);

const TICK_MS = 100;

describe('the stream', () => {
  test('opens with how the gateway is, and says every alarm event within milliseconds', async () => {
    const on = await stage(VENUE);
    const reader = await readStream(on.port);
    expect([reader.status, reader.headers['content-type']]).toEqual([200, 'text/event-stream']);
    expect(reader.headers['cache-control']).toBe('no-store');
    await reader.has('status', 1);
    expect(reader.of('status')).toEqual([
      { now: '2026-06-01T12:00:00.000Z', status: 'ok', problems: [], openAlarms: 0 },
    ]);
    heat(on, 't1', 55);
    heat(on, 't1', 65);
    const [alarm] = on.hotPath.openAlarms();
    on.hotPath.act({ type: 'acknowledge', alarm: alarm?.id ?? '', by: 'wang', comment: '在路上' });
    on.timers.advance(5);
    await reader.has('alarm', 3);
    expect(reader.of('alarm')).toMatchObject([
      { type: 'raised', alarm: { subject: 't1', severity: 'orange' } },
      { type: 'escalated', alarm: { severity: 'red' } },
      { type: 'acknowledged', by: 'wang', comment: '在路上', alarm: { acknowledgedBy: 'wang' } },
    ]);
  });

  test('tells of a wearer who is being asked', async () => {
    const on = await stage(VENUE);
    const reader = await readStream(on.port);
    on.send('muster/hall/up/b1', [
      { n: 'acceleration/x', u: 'm/s2', v: 9.8 },
      { n: 'acceleration/y', u: 'm/s2', v: 0 },
      { n: 'acceleration/z', u: 'm/s2', v: 0 },
    ]);
    on.pass(1);
    on.timers.advance(5);
    await reader.has('pre-alarm', 1);
    expect(reader.of('pre-alarm')).toMatchObject([{ type: 'pre-alarm', rule: 'tilt', device: 'b1' }]);
    // Whoever opens it meanwhile, too; once, where it was missed; and not once it is over.
    const second = await readStream(on.port);
    await second.has('status', 1);
    expect(second.of('pre-alarm')).toEqual(reader.of('pre-alarm'));
    on.pass(60);
    const third = await readStream(on.port);
    await third.has('status', 1);
    expect(third.of('pre-alarm')).toEqual([]);
  });

  test('of a device that reports a thousand times a second only the last value is told', async () => {
    const on = await stage(VENUE);
    const reader = await readStream(on.port);
    for (let celsius = 0; celsius < 1000; celsius += 1) heat(on, 't1', celsius / 100);
    on.timers.advance(TICK_MS + 5);
    await reader.has('devices', 1);
    expect(reader.of('devices')).toMatchObject([
      { items: [{ id: 't1', channels: { '': { temperatureCelsius: 9.99 } } }] },
    ]);
    on.timers.advance(3 * TICK_MS);
    heat(on, 't2', 1);
    on.timers.advance(TICK_MS + 5);
    await reader.has('devices', 2);
    expect(reader.of('devices')[1]).toMatchObject({ items: [{ id: 't2' }] });
  });

  test('a device that grows stale or silent is told without a word from it', async () => {
    const on = await stage(VENUE);
    const reader = await readStream(on.port);
    heat(on, 't1', 20);
    for (const seconds of [0, 91, 90]) {
      on.pass(seconds);
      on.timers.advance(TICK_MS + 5);
    }
    await reader.has('devices', 3);
    expect(reader.of('devices')).toMatchObject(
      ['live', 'stale', 'silent'].map((state) => ({ items: [{ id: 't1', state }] })),
    );
  });

  test('of devices that were quiet since long before nothing is told: they are in the list', async () => {
    const on = await stage(VENUE);
    heat(on, 't1', 20);
    on.send('zigbee2mqtt/cellar', { temperature: 7 });
    on.pass(10);
    const reader = await readStream(on.port, '?events=devices,status');
    heat(on, 't2', 21);
    on.timers.advance(20 * TICK_MS + 5);
    await reader.has('status', 3);
    expect(reader.of('devices')).toMatchObject([{ items: [{ id: 't2' }] }]);
  });

  test('zones and devices that nobody has registered are told when they change', async () => {
    const on = await stage(VENUE);
    const reader = await readStream(on.port);
    on.send('muster/hall/up/gate', [{ n: 'entries', v: 42 }]);
    on.send('zigbee2mqtt/cellar', { temperature: 7 });
    on.timers.advance(10 * TICK_MS + 5);
    await reader.has('zones', 1);
    await reader.has('devices', 2);
    expect(reader.of('zones')).toMatchObject([{ items: [{ id: 'hall', persons: 42, state: 'known' }] }]);
    expect(reader.of('devices')[1]).toMatchObject({ items: [{ id: 'cellar', registered: false }] });
  });

  test('gives those events only that were asked for', async () => {
    const on = await stage(VENUE);
    const reader = await readStream(on.port, '?events=alarm,zones');
    heat(on, 't1', 55);
    on.timers.advance(60 * TICK_MS);
    await reader.has('alarm', 1);
    expect(new Set(reader.events.map(({ event }) => event))).toEqual(new Set(['alarm', 'zones']));
    expect(problemIn(await on.ask('/api/v1/stream?events=alarms')).errors).toMatchObject([{ where: 'query.events.0' }]);
  });

  test('says that it is there, and how it is, when there is nothing else', async () => {
    const on = await stage(VENUE);
    const reader = await readStream(on.port);
    on.timers.advance(15_100);
    await until(() => reader.comments.length === 1, 'a heartbeat');
    expect(reader.of('status')).toHaveLength(16);
  });
});

describe('coming back', () => {
  test('after the last event: no alarm event is missed, none comes twice, and of the rest the last state', async () => {
    const on = await stage(VENUE);
    const reader = await readStream(on.port);
    heat(on, 't1', 55);
    on.timers.advance(TICK_MS + 5);
    await reader.has('devices', 1);
    const { lastId } = reader;
    reader.close();
    await until(() => on.api.levels().stream?.clients === 0, 'the reader is gone');
    heat(on, 't1', 65);
    heat(on, 't1', 20);
    on.send('muster/hall/up/gate', [{ n: 'entries', v: 42 }]);
    const back = await readStream(on.port, '', lastId);
    on.timers.advance(10 * TICK_MS + 5);
    await back.has('zones', 1);
    expect(back.of('reset')).toEqual([]);
    expect(back.of('alarm')).toMatchObject([{ type: 'escalated' }, { type: 'cleared' }, { type: 'closed' }]);
    expect(JSON.stringify(back.of('devices'))).toContain('"temperatureCelsius":20');
    expect(back.of('zones')).toMatchObject([{ items: [{ persons: 42 }] }]);
  });

  test('what others were told of meanwhile is told at once', async () => {
    const on = await stage(VENUE);
    const stays = await readStream(on.port);
    const leaves = await readStream(on.port);
    await leaves.has('status', 1);
    const { lastId } = leaves;
    leaves.close();
    heat(on, 't1', 20);
    heat(on, 't2', 21);
    on.timers.advance(TICK_MS + 5);
    await stays.has('devices', 1);
    const back = await readStream(on.port, '', lastId);
    await back.has('devices', 1);
    expect(back.of('devices')).toMatchObject([{ items: [{ id: 't1' }, { id: 't2' }] }]);
  });

  test('what is on its way when it comes back reaches it once', async () => {
    const on = await stage(VENUE);
    const stays = await readStream(on.port);
    await stays.has('status', 1);
    heat(on, 't1', 55);
    const back = await readStream(on.port, '', stays.lastId);
    on.timers.advance(TICK_MS);
    heat(on, 't1', 65);
    on.timers.advance(TICK_MS);
    for (const reader of [stays, back]) {
      await reader.has('alarm', 2);
      expect(reader.of('alarm')).toMatchObject([{ type: 'raised' }, { type: 'escalated' }]);
    }
  });

  test('one that saw the gateway before anybody else looked again is told to start over', async () => {
    const on = await stage(VENUE);
    const first = await readStream(on.port);
    await first.has('status', 1);
    first.close();
    await until(() => on.api.levels().stream?.clients === 0, 'nobody reads');
    heat(on, 't1', 20);
    on.pass(60);
    const second = await readStream(on.port);
    on.timers.advance(TICK_MS + 5);
    const back = await readStream(on.port, '', first.lastId);
    await back.has('status', 1);
    expect(back.of('reset')).toEqual([{ reason: 'too-old' }]);
    expect(second.of('devices')).toEqual([]);
  });

  test('every event has an id of its own, and they rise', async () => {
    const on = await stage(VENUE);
    const reader = await readStream(on.port);
    for (let round = 0; round < 20; round += 1) {
      heat(on, 't1', 45 + round);
      heat(on, 't2', 45 + round);
      on.timers.advance(round % 2 === 0 ? 5 : TICK_MS);
    }
    await reader.has('devices', 9);
    const numbers = reader.events.map(({ id }) => Number(id.split('-')[1]));
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  test.each(['0000-5', 'nonsense', '../..', '-1'])(
    'with %j, which is of no run of this gateway, it is told to start over',
    async (id) => {
      const on = await stage(VENUE);
      heat(on, 't1', 55);
      const back = await readStream(on.port, '', id);
      await back.has('status', 1);
      expect(back.of('reset')).toEqual([{ reason: 'restarted' }]);
      expect(back.of('alarm')).toEqual([]);
    },
  );

  test('after more alarm events than are kept it is told to start over', async () => {
    const on = await stage(VENUE);
    const reader = await readStream(on.port);
    await reader.has('status', 1);
    const { lastId } = reader;
    reader.close();
    await until(() => on.api.levels().stream?.clients === 0, 'the reader is gone');
    for (let round = 0; round < 1100; round += 1) {
      heat(on, 't1', 55);
      heat(on, 't1', 20);
    }
    const back = await readStream(on.port, '', lastId);
    await back.has('status', 1);
    expect(back.of('reset')).toEqual([{ reason: 'too-old' }]);
  });
});

describe('readers', () => {
  test('one that does not read is cut off and counted; the others go on', async () => {
    const on = await stage(VENUE);
    const reads = await readStream(on.port, '?events=alarm');
    const stuck = net.connect(on.port, '127.0.0.1');
    stuck.write('GET /api/v1/stream HTTP/1.1\r\nhost: localhost\r\n\r\n');
    stuck.pause();
    stuck.on('error', () => undefined);
    await until(() => on.api.levels().stream?.clients === 2, 'both read');
    let rounds = 0;
    while (on.api.counters().stream?.slowDropped === 0) {
      for (let each = 0; each < 500; each += 1) heat(on, 't1', each % 2 === 0 ? 55 : 20);
      on.timers.advance(5);
      await on.ask('/healthz');
      rounds += 1;
      if (rounds > 200) throw new Error('nobody was cut off');
    }
    await until(() => on.api.levels().stream?.clients === 1, 'one is left');
    await reads.has('alarm', rounds * 500);
    expect(on.api.counters().stream?.slowDropped).toBe(1);
    stuck.destroy();
  });

  test('end with the log-in that opened them', async () => {
    let isIn = true;
    const access: Access = { identify: () => (isIn ? { name: 'wang', role: 'viewer' } : undefined) };
    const on = await stage(VENUE, { access });
    const reader = await readStream(on.port);
    isIn = false;
    on.timers.advance(15_100);
    await until(() => reader.isOver, 'the stream ends');
    expect(on.api.counters().stream?.loggedOut).toBe(1);
  });

  test('are so many and no more', async () => {
    const on = await stage(VENUE);
    const readers = await Promise.all(Array.from({ length: 200 }, () => readStream(on.port, '?events=reset')));
    expect(new Set(readers.map(({ status }) => status))).toEqual(new Set([200]));
    const refused = await on.ask('/api/v1/stream');
    expect([problemIn(refused).code, refused.headers['retry-after']]).toEqual(['too-busy', '10']);
    readers[0]?.close();
    await until(() => on.api.levels().stream?.clients === 199, 'one has left');
    expect((await readStream(on.port)).status).toBe(200);
  });

  test('end when the gateway does', async () => {
    const on = await stage(VENUE);
    const reader = await readStream(on.port);
    await on.api.server.close();
    await until(() => reader.isOver, 'the stream ends');
  });
});
