import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  beginning,
  commandComplete,
  commandStatus,
  extendedReports,
  type Heard,
  hardwareError,
  legacyReport,
} from '../../../../firmware-sim/bluetooth/events.ts';
import { hexOf, listen } from './heard.ts';

const MAC = 'CB:B8:33:4C:88:4F';
const heard = (fields: Partial<Heard> = {}): Heard => ({
  address: MAC,
  addressType: 'random',
  isConnectable: false,
  data: Buffer.from('02010606ff990405aabb', 'hex'),
  rssiDbm: -61,
  ...fields,
});
/** One advert of each of many devices, by its last byte. */
const numbered = (index: number): Heard =>
  heard({ address: `C0:00:00:00:00:${index.toString(16).toUpperCase().padStart(2, '0')}` });

describe('reports', () => {
  // Core Specification 5.4, vol 4, part E, section 7.7.65.2, put together by hand.
  test('a legacy report: address, data and RSSI, byte for byte', () => {
    const { push, adverts, counters } = listen();
    push(Buffer.from('043e1102010301' + '4f884c33b8cb' + '05' + '04ff990405' + 'c3', 'hex'));
    expect(adverts).toEqual([{ address: MAC, data: new Uint8Array([4, 0xff, 0x99, 4, 5]), rssiDbm: -61 }]);
    expect(counters).toMatchObject({ adverts: 1, garbageBytes: 0, malformedEvents: 0, bytes: 20 });
  });

  test('several reports in one event, and an RSSI that the controller does not know', () => {
    const { push, adverts } = listen();
    const report = (last: string, rssi: string): string => `0000${last}00000000c001aa${rssi}`;
    const reports = report('01', '7f') + report('02', 'c4');
    push(Buffer.from(`043e${(2 + reports.length / 2).toString(16).padStart(2, '0')}0202${reports}`, 'hex'));
    expect(adverts.map(({ address, rssiDbm }) => [address, rssiDbm])).toEqual([
      ['C0:00:00:00:00:01', undefined],
      ['C0:00:00:00:00:02', -60],
    ]);
  });

  test('an extended report of a short and of a long advert', () => {
    const { push, adverts } = listen();
    const long = heard({ data: Buffer.alloc(200, 0x11), isConnectable: true });
    for (const bytes of [...extendedReports(heard()), ...extendedReports(long)]) push(bytes);
    expect(adverts.map(({ data }) => hexOf(data))).toEqual([hexOf(heard().data), hexOf(long.data)]);
    expect(adverts[0]?.rssiDbm).toBe(-61);
  });

  test('the same device twice is two adverts, each with its own data', () => {
    const { push, adverts } = listen();
    push(legacyReport(heard({ data: Buffer.of(2, 1, 6) })));
    push(legacyReport(heard({ data: Buffer.of(2, 10, 4) })));
    expect(adverts.map(({ data }) => hexOf(data))).toEqual(['020106', '020a04']);
  });

  test('what is kept of an advert does not hang on the bytes of the line', () => {
    const { push, adverts } = listen();
    const line = Buffer.from(legacyReport(heard()));
    push(line);
    line.fill(0);
    expect(hexOf(adverts[0]?.data ?? Buffer.alloc(0))).toBe(hexOf(heard().data));
  });

  test('an advert without an address is counted and is nobody’s', () => {
    const { push, adverts, counters } = listen();
    const [report = Buffer.alloc(0)] = extendedReports(heard());
    report.writeUInt8(0xff, 7);
    push(report);
    expect(adverts).toEqual([]);
    expect(counters).toMatchObject({ anonymous: 1, garbageBytes: 0 });
  });
});

describe('answers and other events', () => {
  test('both kinds of answer, hardware errors, and a controller that says it begins', () => {
    const { push, answers, errors, counters } = listen();
    push(commandComplete(0x2003, 0, 0, 0x10));
    push(commandStatus(0x200d, 0x0c));
    push(beginning());
    push(hardwareError(7));
    push(Buffer.from('04ff050140000100', 'hex'));
    expect(answers).toEqual([
      { opcode: 0x2003, status: 0, result: [0, 0x10] },
      { opcode: 0x200d, status: 0x0c, result: [] },
      { opcode: 0, status: 0xff, result: [] },
    ]);
    expect(errors).toEqual([7]);
    expect(counters.garbageBytes).toBe(0);
  });

  test('a Command Complete that is too short to be one stops nothing', () => {
    const { push, adverts, counters } = listen();
    push(Buffer.from('040e0100', 'hex'));
    push(legacyReport(heard()));
    expect(adverts).toHaveLength(1);
    expect(counters).toMatchObject({ malformedEvents: 1, garbageBytes: 4 });
  });
});

describe('a stream, however it is cut', () => {
  const events = [
    commandComplete(0x0c03, 0),
    ...Array.from({ length: 5 }, (_, index) => legacyReport(numbered(index))),
    ...extendedReports(heard({ data: Buffer.alloc(300, 0x41) })),
    Buffer.from('04ff03010203', 'hex'),
    legacyReport(numbered(9)),
  ];
  const whole = Buffer.concat(events);
  const expected = listen();
  expected.push(whole);

  test('whole: seven adverts, nothing lost', () => {
    expect(expected.adverts).toHaveLength(7);
    expect(expected.counters).toMatchObject({ garbageBytes: 0, malformedEvents: 0, otherEvents: 1 });
  });

  test('cut in two at every byte', () => {
    for (let at = 0; at <= whole.length; at += 1) {
      const { push, adverts, counters } = listen();
      push(whole.subarray(0, at));
      push(whole.subarray(at));
      expect(adverts, `cut at ${at}`).toEqual(expected.adverts);
      expect(counters, `cut at ${at}`).toEqual(expected.counters);
    }
  });

  test('byte by byte', () => {
    const { push, adverts } = listen();
    for (const byte of whole) push(Uint8Array.of(byte));
    expect(adverts).toEqual(expected.adverts);
  });
});

describe('noise', () => {
  const garbage: readonly (readonly [what: string, hex: string])[] = [
    ['zeros', '000000'],
    ['two stray bytes', '55aa'],
    ['what begins like an ACL packet of 4 kB', '02400000100000'],
    ['what begins like an event of 255 bytes', '043eff'],
    ['what begins like a report', '043e2b0201'],
    ['the head of an event', '04'],
    ['an unknown event of 200 bytes that never come', '0442c8'],
  ];

  test.each(garbage)('between events costs no event: %s', (_, hex) => {
    const { push, adverts, counters } = listen();
    push(legacyReport(numbered(0)));
    push(Buffer.from(hex, 'hex'));
    for (let index = 1; index < 30; index += 1) push(legacyReport(numbered(index)));
    expect(adverts.map(({ address }) => address)).toEqual(
      Array.from({ length: 30 }, (_, index) => numbered(index).address),
    );
    expect(counters.garbageBytes).toBe(hex.length / 2);
  });

  test('a report that lost bytes costs itself alone, wherever it lost them', () => {
    const report = legacyReport(numbered(1));
    for (let at = 0; at < report.length; at += 1) {
      for (const lost of [1, 2, 5]) {
        const { push, adverts } = listen();
        push(legacyReport(numbered(0)));
        push(
          Buffer.concat([
            report.subarray(0, at),
            report.subarray(at + lost),
            legacyReport(numbered(2)),
            legacyReport(numbered(3)),
          ]),
        );
        const told = adverts.map(({ address }) => address);
        expect(told, `${lost} bytes lost at ${at}`).toEqual([0, 2, 3].map((index) => numbered(index).address));
      }
    }
  });

  test('lengths that lie', () => {
    const report = legacyReport(numbered(1));
    for (const [at, value] of [
      [2, 5],
      [2, 60],
      [4, 0],
      [4, 2],
      [4, 26],
      [5, 9],
      [6, 7],
      [13, 3],
      [13, 32],
      [13, 255],
    ] as const) {
      const bent = Buffer.from(report);
      bent.writeUInt8(value, at);
      const { push, adverts } = listen();
      push(Buffer.concat([legacyReport(numbered(0)), bent, legacyReport(numbered(2))]));
      expect(
        adverts.map(({ address }) => address),
        `${value} at ${at}`,
      ).toEqual([numbered(0).address, numbered(2).address]);
    }
  });
});

describe('property: any bytes', () => {
  test('never throw, and every good report after them is heard once enough follow', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 600 }),
        fc.array(fc.integer({ min: 1, max: 64 }), { maxLength: 40 }),
        (noise, cuts) => {
          const { push, adverts } = listen();
          const after = Array.from({ length: 20 }, (_, index) => legacyReport(numbered(index)));
          const stream = Buffer.concat([noise, ...after]);
          let at = 0;
          for (const cut of cuts) {
            push(stream.subarray(at, at + cut));
            at += cut;
          }
          push(stream.subarray(at));
          // Noise may look like the head of an event of up to 258 bytes; what lies behind that is safe.
          const told = adverts.slice(-10).map(({ address }) => address);
          expect(told).toEqual(Array.from({ length: 10 }, (_, index) => numbered(index + 10).address));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('a flipped byte anywhere in a stream of reports costs at most two of them', () => {
    const reports = Array.from({ length: 12 }, (_, index) => legacyReport(numbered(index)));
    const whole = Buffer.concat(reports);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bent = Buffer.from(whole);
        bent.writeUInt8((bent[at] ?? 0) ^ flip, at);
        const { push, adverts } = listen();
        push(bent);
        push(legacyReport(numbered(200)));
        const intact = reports.filter((_, index) => at < index * 24 || at >= (index + 1) * 24).length;
        const told = adverts.filter(({ data }) => hexOf(data) === hexOf(heard().data)).length;
        expect(told).toBeGreaterThanOrEqual(intact - 1);
      }),
      { numRuns: 500 },
    );
  });
});

describe('fragments', () => {
  const fragments = (index: number, length: number): readonly Buffer[] =>
    extendedReports({ ...numbered(index), data: Buffer.alloc(length, index) });

  test('are joined, also where those of two devices come in turns', () => {
    const { push, adverts } = listen();
    const [first, second] = [fragments(1, 500), fragments(2, 700)];
    for (let at = 0; at < 4; at += 1) for (const bytes of [first[at], second[at]]) if (bytes !== undefined) push(bytes);
    expect(adverts.map(({ address, data }) => [address, data.length])).toEqual([
      [numbered(1).address, 500],
      [numbered(2).address, 700],
    ]);
  });

  test('that never end are dropped and counted, without growing', () => {
    const { push, adverts, counters } = listen();
    for (let index = 0; index < 255; index += 1) {
      const [first] = fragments(index, 300);
      if (first !== undefined) push(first);
    }
    expect(counters.fragmentsDropped).toBe(255 - 16);
    expect(adverts).toEqual([]);
  });

  test('longer than any advert are dropped', () => {
    const { push, adverts, counters } = listen();
    const [first = Buffer.alloc(0)] = fragments(1, 300);
    for (let count = 0; count < 8; count += 1) push(first);
    expect(adverts).toEqual([]);
    expect(counters.fragmentsDropped).toBe(1);
  });

  test('of which the controller lost the end give the structures that came whole', () => {
    const { push, adverts, counters } = listen();
    const data = Buffer.concat([Buffer.of(2, 1, 6), Buffer.of(40, 0xff, ...Buffer.alloc(30))]);
    const [report = Buffer.alloc(0)] = extendedReports({ ...numbered(1), data });
    report.writeUInt8(0x40, 5);
    push(report);
    expect(adverts.map((advert) => hexOf(advert.data))).toEqual(['020106']);
    expect(counters.truncated).toBe(1);
  });
});
