import { describe, expect, test } from 'vitest';
import { createIntake, type SourceTrust } from '../../ingest/intake.ts';
import { unregisteredDevice } from '../../ingest/model/device.ts';
import { mqttFrame } from '../../ingest/model/frame.ts';
import type { Occurrence, Sample } from '../../ingest/model/sample.ts';

const ARRIVED_MS = Date.UTC(2026, 5, 1, 12);

const intake = (trust?: SourceTrust) => {
  const samples: Sample[] = [];
  const occurrences: Occurrence[] = [];
  const registered = { ...unregisteredDevice('t1'), registered: true };
  const taken = createIntake({
    venueId: 'hall',
    resolve: (_, name) => (name === 't1' ? registered : undefined),
    isRegistered: (id) => id === 't1',
    onSample: (sample) => samples.push(sample),
    onOccurrence: (occurrence) => occurrences.push(occurrence),
    ...(trust === undefined ? {} : { trust: new Map([['mqtt', trust]]) }),
  });
  const send = (topic: string, records: readonly unknown[], arrivedMs = ARRIVED_MS): void =>
    taken.take(mqttFrame('mqtt', topic, Buffer.from(JSON.stringify(records)), arrivedMs));
  return { ...taken, send, samples, occurrences };
};

const reading = (stampMs: number, celsius: number) => [{ n: 'temperature', t: stampMs / 1000, v: celsius }];

describe('invented topics', () => {
  test('one longer than any device has is refused, and not kept whole', () => {
    const { send, discovered, rejected } = intake();
    send(`muster/hall/up/${'x'.repeat(20_000)}`, [{ n: 'temperature', v: 20 }]);
    expect(discovered.list()).toEqual([]);
    expect(rejected.list()).toMatchObject([{ code: 'too-large', where: 'address' }]);
    expect(rejected.list()[0]?.address).toHaveLength(256);
  });
});

describe('a source that backfills', () => {
  const trust: SourceTrust = { backfills: true, lateToleranceSeconds: 30 };
  const up = 'muster/hall/up/t1';

  test('is judged by its stamps; what is older than the tolerance is historical', () => {
    const { send, samples } = intake(trust);
    send(up, reading(ARRIVED_MS - 31_000, 20));
    send(up, reading(ARRIVED_MS - 29_000, 20));
    expect(samples.map(({ historical }) => historical)).toEqual([true, false]);
    expect(samples[1]?.nowMs).toBe(ARRIVED_MS - 29_000);
  });

  test('a sample from before the last one judged is historical: an old value does not undo a new one', () => {
    const { send, samples } = intake(trust);
    send(up, reading(ARRIVED_MS - 1000, 70));
    send(up, reading(ARRIVED_MS - 5000, 20));
    send(up, reading(ARRIVED_MS - 1000, 71));
    expect(samples.map(({ historical }) => historical)).toEqual([false, true, false]);
  });
});

describe('what another broker kept', () => {
  test('a retained value is stored, not judged: nobody knows how old it is', () => {
    const { take, samples } = intake();
    const payload = Buffer.from(JSON.stringify([{ n: 'temperature', v: 20 }]));
    take({ ...mqttFrame('mqtt', 'muster/hall/up/t1', payload, ARRIVED_MS), retained: true });
    take(mqttFrame('mqtt', 'muster/hall/up/t1', payload, ARRIVED_MS));
    expect(samples.map(({ historical }) => historical)).toEqual([true, false]);
  });
});

test('a number that a source gives to a topic never mixes topics up', () => {
  const { take, samples, discovered } = intake();
  const frame = (device: string, place: number) => ({
    ...mqttFrame('mqtt', `muster/hall/up/${device}`, Buffer.from('[{"n":"temperature","v":20}]'), ARRIVED_MS),
    place,
  });
  take(frame('t1', 3));
  take(frame('stranger', 3));
  take(frame('t1', 3));
  take(frame('t1', 100_000));
  expect(samples.map(({ device }) => device)).toEqual(['t1', 't1', 't1']);
  expect(discovered.list().map(({ address }) => address)).toEqual(['senml:stranger']);
});
