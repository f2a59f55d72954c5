import { describe, expect, test } from 'vitest';
import { createOccurrence } from '../../../ingest/model/stamp.ts';
import type { Alarm, AlarmEvent } from '../../../rules/alarms/alarm.ts';
import {
  committed,
  loggedBatches,
  openTestStore,
  START_MS,
  sampleAt,
  temperatures,
  temporaryDirectory,
} from './fixture.ts';

const alarm = (id: string, changes: Partial<Alarm> = {}): Alarm => ({
  id,
  rule: 'heat',
  kind: 'threshold',
  subject: 'kitchen',
  severity: 'orange',
  condition: 'active',
  human: 'unacknowledged',
  raisedAt: new Date(START_MS).toISOString(),
  changedAt: new Date(START_MS).toISOString(),
  reason: { code: 'above', zh: '高', en: 'high' },
  guidance: { zh: '看', en: 'look' },
  ...changes,
});

const event = (type: AlarmEvent['type'], of: Alarm, atMs = START_MS): AlarmEvent => ({ type, atMs, alarm: of });

describe('a store', () => {
  test('gives back after a restart what was handed over, in order', async () => {
    const directory = temporaryDirectory();
    const first = await openTestStore(directory);
    const samples = Array.from({ length: 50 }, (_, index) => sampleAt(START_MS + index, { temperatureCelsius: index }));
    const press = createOccurrence(
      'badge-7',
      'sos',
      '17',
      { timeMs: START_MS, timeFrom: 'arrival' },
      { arrivedMs: START_MS, retained: false },
      {},
    );
    const acknowledgement = { type: 'acknowledge', nowMs: START_MS, rule: 'heat', subject: 'kitchen' } as const;
    for (const sample of samples) first.sample(sample);
    first.occurrence(press);
    first.acknowledgement(acknowledgement);
    first.event(event('raised', alarm('a')));
    await committed(first);
    await first.stop();

    const second = await openTestStore(directory);
    const records = (await loggedBatches(second)).flatMap((batch) => batch.records);
    expect(records).toEqual([
      ...samples.map((sample) => ({ type: 'sample', sample })),
      { type: 'occurrence', occurrence: press },
      { type: 'acknowledgement', input: acknowledgement },
      { type: 'event', event: event('raised', alarm('a')) },
    ]);
    expect(await temperatures(second)).toEqual(samples.map(({ metrics }) => metrics.temperatureCelsius));
  });

  test('calls back in the order of commits, and at once when nothing is on its way', async () => {
    const store = await openTestStore(temporaryDirectory());
    const order: number[] = [];
    store.commit(() => order.push(0));
    expect(order).toEqual([0]);
    for (let index = 1; index <= 1000; index += 1) {
      store.sample(sampleAt(START_MS + index));
      store.commit(() => order.push(index));
    }
    expect(order).toEqual([0]);
    await committed(store);
    expect(order).toEqual(Array.from({ length: 1001 }, (_, index) => index));
  });

  test('holds alarms that are open, and their events', async () => {
    const directory = temporaryDirectory();
    const store = await openTestStore(directory, { durability: 'sync' });
    const taken = alarm('a', { human: 'acknowledged', acknowledgedBy: 'lin' });
    const events = [
      event('raised', alarm('a'), START_MS),
      event('raised', alarm('b'), START_MS + 1),
      event('acknowledged', taken, START_MS + 2),
      event('closed', alarm('b', { condition: 'cleared' }), START_MS + 3),
    ];
    for (const one of events) store.event(one);
    await committed(store);
    expect(await store.openAlarms()).toEqual([taken]);
    expect((await store.alarmEvents({})).events).toEqual(events);
    expect((await store.alarmEvents({ alarm: 'b' })).events).toEqual([events[1], events[3]]);
    expect((await store.alarmEvents({ fromMs: START_MS + 1, toMs: START_MS + 3 })).events).toEqual(events.slice(1, 3));
    const page = await store.alarmEvents({ limit: 3 });
    expect(page.events).toEqual(events.slice(0, 3));
    expect((await store.alarmEvents({ after: page.next })).events).toEqual(events.slice(3));
    const closed = events[3]?.alarm;
    expect(await store.closedAlarms(10)).toEqual({ items: [closed] });
    const { next } = await store.closedAlarms(1);
    expect(await store.closedAlarms(1, next)).toEqual({ items: [] });
    await store.stop();
    expect(await (await openTestStore(directory)).openAlarms()).toEqual([taken]);
  });

  test('keeps an event and the sample that led to it in one commit', async () => {
    const directory = temporaryDirectory();
    const store = await openTestStore(directory, { commitEveryMs: 250 });
    for (let index = 0; index < 30_000; index += 1) {
      if (index % 10 === 0) store.event(event('changed', alarm('a', { value: index }), START_MS + index));
      store.sample(sampleAt(START_MS + index));
    }
    await committed(store);
    await store.stop();
    const batches = await loggedBatches(await openTestStore(directory));
    expect(batches.length).toBeGreaterThan(5);
    for (const { records } of batches) expect(records.at(-1)?.type).toBe('sample');
  });

  test('refuses questions it cannot answer, and answers the others empty', async () => {
    const store = await openTestStore(temporaryDirectory());
    const query = { device: 'nobody', channel: '', metric: 'temperatureCelsius', fromMs: 0, toMs: START_MS };
    const nothing = { values: new Float64Array() };
    expect(await store.history(query)).toEqual(nothing);
    expect(await store.history({ ...query, metric: '__proto__' })).toEqual(nothing);
    await expect(store.history({ ...query, stepMs: 0 })).rejects.toMatchObject({ code: 'bad-range' });
    await expect(store.history({ ...query, toMs: -1 })).rejects.toMatchObject({ code: 'bad-range' });
    await store.stop();
    await expect(store.history(query)).rejects.toMatchObject({ code: 'store-failed' });
  });
});
