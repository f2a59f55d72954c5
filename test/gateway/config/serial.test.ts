import { describe, expect, test } from 'vitest';
import type { VenueConfig } from '../../../gateway/config/schema.ts';
import { serialLinesOptions } from '../../../gateway/config/serial-lines-options.ts';
import { configOf, problemsOf } from './fixture.ts';

const optionsOf = (fields: string) => {
  const [source] = configOf(`sources: [ { kind: serial-lines, id: board, path: /dev/ttyUSB0, ${fields} } ]`).sources;
  if (source?.kind !== 'serial-lines') throw new Error('no serial source');
  return serialLinesOptions(source);
};

const briefly = (...lines: string[]): string[] =>
  problemsOf(...lines).map(
    ({ code, path, nearest }) => `${code} ${path}${nearest === undefined ? '' : ` ~${nearest}`}`,
  );

describe('serial-lines in venue.yaml', () => {
  test('needs an id and a path; the rest is what most devices are', () => {
    expect(optionsOf('')).toMatchObject({
      id: 'board',
      path: '/dev/ttyUSB0',
      baudRate: 115_200,
      dataBits: 8,
      parity: 'none',
      stopBits: 1,
      rtscts: false,
      framing: { kind: 'readline' },
      format: 'auto',
      maxFrameBytes: 1024,
      silenceSeconds: 60,
    });
    expect(briefly('sources: [ { kind: serial-lines } ]')).toEqual([
      'missing sources[0].id',
      'missing sources[0].path',
    ]);
  });

  test('a framing takes what belongs to it', () => {
    expect(optionsOf('framing: delimiter, delimiterHex: 0d0A').framing).toEqual({
      kind: 'delimiter',
      delimiter: Buffer.from([13, 10]),
    });
    expect(optionsOf('framing: length-prefixed, lengthBytes: 1').framing).toEqual({
      kind: 'length-prefixed',
      lengthBytes: 1,
    });
    expect(optionsOf('framing: cobs').framing).toEqual({ kind: 'cobs' });
  });

  test.each([
    ['baudrate: 9600', 'unknown-key sources[0].baudrate ~baudRate'],
    ['framing: readlines', 'wrong-value sources[0].framing ~readline'],
    ['format: emon', 'wrong-value sources[0].format'],
    ['parity: odd1', 'wrong-value sources[0].parity ~odd'],
    ['baudRate: 0', 'out-of-range sources[0].baudRate'],
    ['maxFrameBytes: 1000000', 'out-of-range sources[0].maxFrameBytes'],
    ['silenceSeconds: 0', 'out-of-range sources[0].silenceSeconds'],
    ['dataBits: 9', 'sources[0].dataBits'],
    ['delimiterHex: "0"', 'sources[0].delimiterHex'],
    ['path: ""', 'sources[0].path'],
  ])('%s', (field, expected) => {
    const rest = field.startsWith('path') ? '' : 'path: /dev/ttyUSB0, ';
    const found = briefly(`sources: [ { kind: serial-lines, id: board, ${rest}${field} } ]`);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  test('its device is addressed by the format and the source', () => {
    const config: VenueConfig = configOf(
      'sources: [ { kind: serial-lines, id: board, path: /dev/ttyUSB0 } ]',
      'devices: { stage: { profile: current-clamp, address: "emontx:board" }, van: { profile: climate, address: "nmea:board" } }',
    );
    expect(config.devices.stage?.address).toContain('emontx:board');
    expect(briefly('devices: { stage: { profile: current-clamp, address: "emotx:board" } }')).toEqual([
      'kind-not-available devices.stage.address ~emontx',
    ]);
    expect(
      briefly(
        'sources: [ { kind: serial-lines, id: board, path: /dev/ttyUSB0 } ]',
        'devices: { stage: { profile: current-clamp, address: "emontx:bord" } }',
      ),
    ).toEqual(['unknown-reference devices.stage.address ~board']);
  });

  test('two sources cannot share a port', () => {
    expect(
      briefly(
        'sources: [ { kind: serial-lines, id: a, path: /dev/ttyUSB0 }, { kind: serial-lines, id: b, path: /dev/ttyUSB0 } ]',
      ),
    ).toEqual(['duplicate sources[1].path']);
  });
});
