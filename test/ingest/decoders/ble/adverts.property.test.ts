import fc from 'fast-check';
import { expect, test } from 'vitest';
import { METRIC_NAMES, METRICS } from '../../../../ingest/model/metrics.ts';
import { type Decoded, FAILURE_CODES } from '../../../../ingest/model/sample.ts';
import { ARRIVED_MS } from '../decoding.ts';
import { encrypted, hallOf, MAC } from './radio.ts';

const KEY = '231d39c1d7cc1ab1aee224cd096db932';
const KEYED = 'A4:C1:38:8D:18:B3';

const expectSound = ({ samples, occurrences, hearings, failures }: Decoded): void => {
  for (const { metrics, timeMs } of samples) {
    expect(Object.keys(metrics).length).toBeGreaterThan(0);
    for (const name of METRIC_NAMES) {
      const value = metrics[name];
      if (value !== undefined) expect(value >= METRICS[name].min && value <= METRICS[name].max, name).toBe(true);
    }
    expect(timeMs <= ARRIVED_MS + 200_000_000 && timeMs >= 946_684_800_000).toBe(true);
  }
  for (const { attributes } of occurrences) expect(JSON.stringify(attributes).length).toBeLessThan(2000);
  for (const { code } of failures) expect(Object.hasOwn(FAILURE_CODES, code)).toBe(true);
  expect(hearings?.length ?? 0).toBeLessThan(2);
};

const structure = (head: readonly number[], maxLength: number) =>
  fc.uint8Array({ maxLength }).map((bytes) => [bytes.length + head.length, ...head, ...bytes]);

const structures = fc.oneof(
  structure([0x16, 0xd2, 0xfc], 80),
  structure([0x16, 0xd2, 0xfc, 0x40], 80),
  structure([0x16, 0xd2, 0xfc, 0x41], 40),
  structure([0x16, 0xe1, 0xff, 0xa1], 20),
  structure([0x16, 0xaa, 0xfe], 20),
  structure([0xff, 0x99, 0x04], 40),
  structure([0xff, 0x4c, 0x00, 0x02, 0x15], 25),
  structure([0x09], 20),
);

const advert = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.array(structures, { maxLength: 4 }).map((list) => new Uint8Array(list.flat())),
);

test('no advert makes a decoder throw or yield what cannot be, of a badge, a keyed badge or a stranger', () => {
  const hall = hallOf({ [KEYED]: KEY });
  let atSeconds = 0;
  fc.assert(
    fc.property(
      advert,
      fc.constantFrom(MAC, KEYED, '00:11:22:33:44:55'),
      fc.constantFrom('a', 'b'),
      (bytes, mac, radio) => {
        atSeconds += 0.5;
        expectSound(hall.hear(radio, Buffer.from(bytes).toString('hex'), atSeconds, mac));
      },
    ),
    { numRuns: 6000 },
  );
  // Bounded, whatever came in.
  expect(JSON.stringify(hall.memories.save()).length).toBeLessThan(20_000);
});

test('what a badge encrypts is what is read, and nothing but its whole', () => {
  const objects = fc.array(fc.constantFrom('02ca09', '03bf13', '015d', '3a04', '2101'), { minLength: 1, maxLength: 4 });
  const bit = fc.nat();
  fc.assert(
    fc.property(objects, fc.nat(0xffffffff), bit, (list, counter, place) => {
      const service = encrypted(KEY, KEYED, counter, list.join(''));
      const advertOf = (digits: string): string =>
        `${(digits.length / 2 + 3).toString(16).padStart(2, '0')}16d2fc${digits}`;
      const plain = hallOf().hear('a', advertOf(`40${list.join('')}`));
      const read = hallOf({ [KEYED]: KEY }).hear('a', advertOf(service), 0, KEYED);
      expect(read.samples.map(({ metrics }) => metrics)).toEqual(plain.samples.map(({ metrics }) => metrics));
      const bytes = Buffer.from(service, 'hex');
      const at = 1 + (place % (bytes.length - 1));
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (place % 8));
      const forged = hallOf({ [KEYED]: KEY }).hear('a', advertOf(bytes.toString('hex')), 0, KEYED);
      expect([forged.samples, forged.occurrences]).toEqual([[], []]);
    }),
    { numRuns: 300 },
  );
});
