import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../gateway/config/finding.ts';
import { lintVenue } from '../../../gateway/config/lints/index.ts';
import { configOf, linesOf, problemsOf } from './fixture.ts';

const busOf = (units: string, more = ''): string =>
  `sources: [ { kind: modbus-rtu, id: power, path: /dev/ttyUSB0, ${more} units: [ ${units} ] } ]`;

describe('buses in venue.yaml', () => {
  test('what is not said is what most devices are set to', () => {
    const { sources } = configOf(
      'sources:',
      '  - { kind: modbus-rtu, id: power, path: /dev/ttyUSB0, units: [ { unit: 1, profile: sdm630 } ] }',
      '  - { kind: modbus-tcp, id: shed, host: 10.0.0.7, units: [ { unit: 1, profile: xy-md02 } ] }',
    );
    expect(sources).toMatchObject([
      {
        baudRate: 9600,
        parity: 'none',
        stopBits: 1,
        silenceSeconds: 30,
        units: [{ unit: 1, profile: 'sdm630', everySeconds: 5, timeoutMs: 500 }],
      },
      { port: 502 },
    ]);
  });

  test('a profile that does not exist is an error with the nearest one', () => {
    expect(linesOf(busOf('{ unit: 1, profile: sdm603 }'))).toEqual([
      expect.stringMatching(
        /^venue\.yaml:2:\d+: sources\[0\]\.units\[0\]\.profile: .*sdm603.*; did you mean "sdm630"\?$/,
      ),
    ]);
  });

  test.each([0, 248, 1.5])('a unit has no number %s', (unit) => {
    expect(problemsOf(busOf(`{ unit: ${unit}, profile: sdm630 }`))).toMatchObject([
      { path: 'sources[0].units[0].unit' },
    ]);
  });

  test('two units of one number are an error that names both', () => {
    expect(
      linesOf(busOf('{ unit: 3, profile: sdm630 }, { unit: 4, profile: sdm120 }, { unit: 3, profile: xy-md02 }')),
    ).toEqual([
      expect.stringMatching(
        /: sources\[0\]\.units\[2\]\.unit: .* \(already used by sources\[0\]\.units\[0\]\.unit\): 3$/,
      ),
    ]);
  });

  test('a device is addressed by source and unit; one that no bus has is an error', () => {
    const bus = busOf('{ unit: 3, profile: sdm630 }');
    expect(problemsOf(bus, 'devices: { a: { profile: current-clamp, address: "modbus:power/3" } }')).toEqual([]);
    expect(problemsOf(bus, 'devices: { a: { profile: current-clamp, address: "modbus:powr/3" } }')).toMatchObject([
      { code: 'unknown-reference', path: 'devices.a.address', nearest: 'modbus:power/3' },
    ]);
    expect(
      problemsOf('devices: { a: { profile: current-clamp, address: ["senml:a", "modbus:power/4"] } }'),
    ).toMatchObject([{ code: 'unknown-reference', path: 'devices.a.address[1]' }]);
  });
});

describe('a bus that cannot keep its schedule', () => {
  const overloads = (source: string): readonly Finding[] =>
    lintVenue(configOf(source)).filter(({ code }) => code === 'bus-overloaded');

  const meters = (everySeconds: number): string =>
    Array.from({ length: 10 }, (_, at) => `{ unit: ${at + 1}, profile: sdm630, everySeconds: ${everySeconds} }`).join();

  test('is found by the time that its frames take on the line', () => {
    // Each: 3 requests of 8 characters, answers of 5 + 116, 5 + 28 and 5 + 4; 187 characters of 10 bits, 6 gaps of 3.5.
    expect(overloads(busOf(meters(3)))).toEqual([]);
    expect(overloads(busOf(meters(0.5)))).toMatchObject([
      { path: ['sources', 0], severity: 'finding', message: { en: expect.stringContaining('at 9600 baud') } },
    ]);
    const needed = (((24 + 163) * 10 + 6 * 35) / 9600) * 10;
    expect(overloads(busOf(meters(needed * 1.01)))).toEqual([]);
    expect(overloads(busOf(meters(needed * 0.99)))).toHaveLength(1);
    expect(overloads(busOf(meters(needed * 0.99), 'baudRate: 19200,'))).toEqual([]);
    expect(overloads(busOf(meters(needed * 1.01), 'parity: even,'))).toHaveLength(1);
  });
});

describe('a bus that asks too rarely', () => {
  const found = (everySeconds: number, more = ''): readonly Finding[] =>
    lintVenue(
      configOf(
        busOf(`{ unit: 3, profile: sdm630, everySeconds: ${everySeconds} }`),
        `devices: { a: { profile: current-clamp, address: "modbus:power/3" ${more} } }`,
      ),
    ).filter(({ code }) => code === 'polled-too-rarely');

  test('is found by what its device is expected to report', () => {
    expect(found(10)).toEqual([]);
    expect(found(30)).toMatchObject([
      {
        path: ['devices', 'a'],
        message: { en: expect.stringContaining('every 30 s, and it is expected to report every 10 s') },
      },
    ]);
    expect(found(30, ', reports: { everySeconds: 30 }')).toEqual([]);
  });
});
