import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serviceDataAdvert } from '../../../../firmware-sim/bluetooth/advertising.ts';
import { bthomeObjects, bthomeServiceData } from '../../../../firmware-sim/bluetooth/bthome.ts';
import { flag, numeric, type SenmlRecord } from '../../../../firmware-sim/senml.ts';
import { hallOf, MAC } from './radio.ts';

const KEY = '231d39c1d7cc1ab1aee224cd096db932';
const EXTENDED_BYTES = 200;

interface Report {
  readonly celsius: number;
  readonly battery: number;
  readonly axes: readonly [number, number, number];
  readonly event: string | undefined;
}

const report: fc.Arbitrary<Report> = fc.record({
  celsius: fc.integer({ min: -4000, max: 8500 }).map((hundredths) => hundredths / 100),
  battery: fc.integer({ min: 0, max: 100 }),
  axes: fc.tuple(fc.double({ min: -40, max: 40, noNaN: true }), fc.constant(0), fc.constant(9.80665)),
  event: fc.constantFrom('sos', 'checkin', 'cancel', undefined),
});

const recordsOf = ({ celsius, battery, axes, event }: Report): readonly SenmlRecord[] => [
  numeric('temperature', 'Cel', celsius, 2),
  numeric('battery', '%EL', battery, 0),
  ...['x', 'y', 'z'].map((axis, index) => numeric(`acceleration/${axis}`, 'm/s2', axes[index] ?? 0, 6)),
  ...(event === undefined ? [] : [flag(event, true)]),
];

const PRESSES: Readonly<Record<string, string>> = { sos: 'long', checkin: 'single', cancel: 'double' };

test('what the simulated badge encodes comes back, plain and encrypted', () => {
  fc.assert(
    fc.property(report, fc.nat(255), fc.nat(0xffffffff), fc.boolean(), (one, packet, counter, isSecret) => {
      const objects = bthomeObjects(recordsOf(one), packet, EXTENDED_BYTES) ?? Buffer.alloc(0);
      const secret = isSecret ? { key: Buffer.from(KEY, 'hex'), address: MAC, counter } : undefined;
      const advert = serviceDataAdvert(bthomeServiceData(objects, secret)).toString('hex');
      const { samples, occurrences, failures } = hallOf(isSecret ? { [MAC]: KEY } : {}).hear('a', advert);
      expect(failures).toEqual([]);
      expect(samples).toMatchObject([
        { sequence: packet, metrics: { temperatureCelsius: one.celsius, batteryPercent: one.battery } },
      ]);
      expect(samples[0]?.metrics.accelerationXG).toBeCloseTo(one.axes[0] / 9.80665, 6);
      expect(samples[0]?.metrics.accelerationZG).toBeCloseTo(1, 6);
      const presses = occurrences.map(({ attributes }) => attributes.press);
      expect(presses).toEqual(one.event === undefined ? [] : [PRESSES[one.event]]);
    }),
    { numRuns: 400 },
  );
});
