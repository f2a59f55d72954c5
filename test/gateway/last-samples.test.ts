import { expect, test } from 'vitest';
import { LastSamples } from '../../gateway/last-samples.ts';
import { unregisteredDevice } from '../../ingest/model/device.ts';
import { createSample } from '../../ingest/model/stamp.ts';

const venue = {
  zones: new Map(),
  devices: new Map(['a', 'b'].map((id, seat) => [id, { ...unregisteredDevice(id), seat, registered: true }])),
};

const sample = (seat: number, atMs: number, metrics: Parameters<typeof createSample>[6], channel = '') => ({
  ...createSample(seat === 0 ? 'a' : 'b', channel, atMs - 5, 'device', atMs, undefined, metrics),
  seat,
});

test('the last value of each metric stays, with its own age, whichever sample it came in', () => {
  const last = new LastSamples(venue);
  last.put(sample(0, 1000, { temperatureCelsius: 20, humidityPercent: 40 }));
  last.put(sample(0, 2000, { temperatureCelsius: 21 }));
  expect(last.get('a')).toEqual(
    new Map([
      [
        '',
        {
          channel: '',
          timeMs: 1995,
          arrivedMs: 2000,
          metrics: { temperatureCelsius: 21, humidityPercent: 40 },
          seenMs: { temperatureCelsius: 2000, humidityPercent: 1000 },
        },
      ],
    ]),
  );
  expect(last.get('b')).toEqual(new Map());
  expect(last.get('nobody')).toEqual(new Map());
});

test('channels of many devices do not mix', () => {
  const last = new LastSamples(venue);
  for (let at = 0; at < 40; at += 1) {
    last.put(sample(at % 2, 1000 + at, { currentAmps: at }, `ct${at}`));
    last.put(sample(1, 5000, { currentAmps: 99 }));
  }
  expect(last.get('a').get('ct38')?.metrics).toEqual({ currentAmps: 38 });
  expect(last.get('b').get('ct39')?.metrics).toEqual({ currentAmps: 39 });
  expect(last.get('b').get('')?.metrics).toEqual({ currentAmps: 99 });
  expect(last.get('a').has('')).toBe(false);
  expect(last.get('a').size).toBe(20);
});
