import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SenmlScan } from '../../../../ingest/decoders/muster/senml-scan.ts';
import { decode } from '../decoding.ts';

const TOPIC = 'muster/riverside/up/gate-a';

const isScanned = (text: string): boolean => {
  const scan = new SenmlScan();
  if (!scan.open(Buffer.from(text), 'gate-a')) return false;
  do if (!scan.record()) return false;
  while (scan.more());
  return scan.closed();
};

/** A tab is white space that the scan does not know: the same pack, read by `JSON.parse`. */
const unscanned = (text: string): string => text.replace('[', '[\t');

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.float({ min: -100, max: 100, noNaN: true }).map((value) => Number(value.toFixed(2))),
  fc.constantFrom(-0, 0, 1e21, 1e-7, 0.1, 123456789.12345678, 1_780_315_200.123, Number.MAX_SAFE_INTEGER + 2),
);

const record = fc.record(
  {
    bn: fc.constantFrom('gate-a/', 'gate-b/', 'gate-a'),
    bt: fc.constantFrom(1_767_225_000, 0, -5.5),
    n: fc.constantFrom('temperature', 'humidity', 'current/a', 'acceleration/x', 'seq', 'sos', 'nobody', '温度', 'a"b'),
    u: fc.constantFrom('Cel', '%RH', 'A', 'm/s2', 'count', 'mA', 'x'),
    v: number,
    t: fc.constantFrom(1_767_225_599, -10, 0, 1.5),
    vb: fc.boolean(),
  },
  { requiredKeys: ['n'] },
);

test('what it reads comes out as JSON.parse and the rest of the decoder make it', () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 4 }), fc.constantFrom(0, 1), (records, indent) => {
      const text = JSON.stringify(records, null, indent).replaceAll('\n', '');
      expect(decode(TOPIC, text)).toEqual(decode(TOPIC, unscanned(text)));
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  '[{"n":"temperature","u":"Cel","v":23.1}]',
  '[{"bn":"gate-a/","bt":1767225600,"n":"temperature","v":-0.5}]',
  '[ { "n": "temperature", "v": 23 }, { "n": "humidity", "u": "%RH", "v": 40, "t": -1 } ]',
  '[{"n":"current/a","u":"A","v":9007199254740991}]',
])('reads %s', (text) => {
  expect(isScanned(text)).toBe(true);
  expect(decode(TOPIC, text)).toEqual(decode(TOPIC, unscanned(text)));
});

test.each([
  '',
  '[',
  '[]',
  '[{}]',
  '[{"n":"temperature"}]',
  '[{"n":"temperature","v":1}',
  '[{"n":"temperature","v":1},]',
  '[{"n":"temperature","v":1}]x',
  '[{"n":"temperature","v":01}]',
  '[{"n":"temperature","v":1.}]',
  '[{"n":"temperature","v":.5}]',
  '[{"n":"temperature","v":-}]',
  '[{"n":"temperature","v":1e3}]',
  '[{"n":"temperature","v":9007199254740993}]',
  '[{"n":"temperature","v":0.12345678901234567}]',
  '[{"n":"temperature","v":"1"}]',
  '[{"n":"temperature","v":1,"v":2}]',
  '[{"n":"temp\\u0065rature","v":1}]',
  '[{"n":"temperature","v":1,"x":2}]',
  '[{"bn":"gate-b/","n":"temperature","v":1}]',
  '[{"n":"sos","vb":true}]',
  '[{"n":"temperature\u0000","v":1}]',
])('gives up on %s, and the rest of the decoder decides', (text) => {
  expect(isScanned(text)).toBe(false);
  expect(decode(TOPIC, text)).toEqual(decode(TOPIC, unscanned(text)));
});
