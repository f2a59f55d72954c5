import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coverageOf } from '../../../ingest/presence/coverage.ts';
import { count, perSecond, startRate } from '../../../ingest/presence/heard-rate.ts';
import { createReceivers, type Receiver } from '../../../ingest/presence/receivers.ts';

const MAC = 'C8:25:2D:8E:9C:2C';
const receiver = (name: string, zone: string, device?: string): Receiver => ({
  name,
  zone,
  canary: device === undefined ? undefined : { device, limitMs: 30_000 },
});

describe('how much a receiver hears', () => {
  test('adverts a second over the last minute, or since the start', () => {
    const rate = startRate(0);
    for (let at = 0; at < 10_000; at += 100) count(rate, at);
    expect(perSecond(rate, 10_000)).toBeCloseTo(10, 5);
    expect(perSecond(rate, 50_000)).toBeCloseTo(2, 5);
    expect(perSecond(rate, 200_000)).toBe(0);
    expect(rate).toMatchObject({ total: 100, lastMs: 9900 });
  });

  test('never more than was heard, never below zero, of fixed size', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 300 }), (gaps) => {
        const rate = startRate(0);
        let at = 0;
        const times: number[] = [];
        for (const gap of gaps) {
          at += gap;
          times.push(at);
          count(rate, at);
        }
        const late = times.filter((time) => time > at - 55_000).length;
        const early = times.filter((time) => time > at - 65_000).length;
        const seconds = Math.max(1, Math.min(60, at / 1000));
        expect(perSecond(rate, at) * seconds).toBeGreaterThanOrEqual(late - 1e-6);
        expect(perSecond(rate, at) * Math.max(1, Math.min(55, at / 1000))).toBeLessThanOrEqual(early + 1e-6);
        expect(rate.counts).toHaveLength(12);
      }),
    );
  });
});

describe('whether a receiver hears', () => {
  const one = (hears: string) => [expect.objectContaining({ hears })];

  test('its canary proves it, by MAC or by id of a device; without one nobody knows', () => {
    const receivers = createReceivers([receiver('a', 'hall', MAC)], 0);
    expect(receivers.list(29_000)).toEqual(one('starting'));
    expect(receivers.list(31_000)).toEqual(one('deaf'));
    receivers.hear('a', undefined, 'AA:BB:CC:DD:EE:FF', 32_000);
    expect(receivers.list(32_000)).toEqual(one('deaf'));
    receivers.hear('a', undefined, MAC, 33_000);
    expect(receivers.list(63_000)).toEqual(one('hears'));
    expect(receivers.list(63_001)).toEqual(one('deaf'));
    const byId = createReceivers([receiver('a', 'hall', 'canary-1')], 0);
    byId.hear('a', 'canary-1', MAC, 1000);
    expect(byId.list(1000)).toEqual(one('hears'));
    const without = createReceivers([receiver('a', 'hall')], 0);
    without.hear('a', undefined, MAC, 1000);
    expect(without.list(1_000_000)).toEqual(one('unproven'));
  });

  test('what another receiver hears proves nothing', () => {
    const receivers = createReceivers([receiver('a', 'hall', MAC), receiver('b', 'hall', MAC)], 0);
    receivers.hear('b', undefined, MAC, 40_000);
    expect(receivers.list(40_000).map(({ hears }) => hears)).toEqual(['deaf', 'hears']);
  });

  test('receivers that nobody has written down are shown, so many and no more', () => {
    const receivers = createReceivers([receiver('a', 'hall')], 0);
    for (let index = 0; index < 1000; index += 1) receivers.hear(`theengs:${index}`, undefined, MAC, 1000);
    expect(receivers.list(1000)).toHaveLength(257);
    expect(receivers.uncounted).toBe(1000 - 256);
    expect(receivers.zoneOf('theengs:1')).toBeUndefined();
  });
});

test('a zone is covered by the best of its receivers', () => {
  const receivers = createReceivers(
    [receiver('a', 'hall', MAC), receiver('b', 'hall', 'x'), receiver('c', 'foyer', 'x'), receiver('d', 'stage')],
    0,
  );
  receivers.hear('a', undefined, MAC, 60_000);
  const sights = receivers.list(60_000);
  expect(['hall', 'foyer', 'stage', 'roof'].map((zone) => coverageOf(zone, sights))).toEqual([
    'proven',
    'deaf',
    'unproven',
    'none',
  ]);
});
