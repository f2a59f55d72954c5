import { PassThrough, Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { runDecode } from '../../../gateway/cli/decode.ts';

const NOW_MS = 1_767_225_600_000;

const run = async (...lines: (object | string)[]): Promise<unknown[]> => {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const output = new PassThrough();
  const chunks: Buffer[] = [];
  output.on('data', (chunk: Buffer) => chunks.push(chunk));
  expect(await runDecode(Readable.from([Buffer.from(text)]), output, () => NOW_MS)).toBe(0);
  return Buffer.concat(chunks)
    .toString('utf8')
    .split('\n')
    .slice(0, -1)
    .map((line): unknown => JSON.parse(line));
};

const failure = (code: string, where: unknown = expect.any(String)) => ({
  samples: [],
  occurrences: [],
  failures: [{ code, where, expected: expect.any(String) }],
});

describe('muster decode', () => {
  it('answers with exactly the keys of the contract', async () => {
    const topic = 'muster/riverside/up/gate-a';
    const payload = '[{"n":"temperature","u":"Cel","v":23.1},{"n":"sos","vb":true},{"n":"humidity","v":"x"}]';
    expect(await run({ source: 'mqtt', topic, payload: payload.replace(',{"n":"humidity","v":"x"}', '') })).toEqual([
      {
        samples: [
          {
            device: 'gate-a',
            channel: '',
            timeMs: NOW_MS,
            timeFrom: 'arrival',
            metrics: { temperatureCelsius: 23.1 },
            units: { temperatureCelsius: '°C' },
          },
        ],
        occurrences: [{ device: 'gate-a', kind: 'sos', attributes: {} }],
        failures: [],
      },
    ]);
    expect(await run({ source: 'mqtt', topic, payload })).toEqual([failure('wrong-type', '[2].v')]);
  });

  it('decrypts with keyHex, believes a packet once, and says why it does not', async () => {
    const line = { source: 'ble', address: '54:48:e6:8f:80:a5', keyHex: '231d39c1d7cc1ab1aee224cd096db932' };
    const advert = '0201061216d2fc41a47266c95f730011223378237214';
    const sample = { device: '54:48:E6:8F:80:A5', metrics: { temperatureCelsius: 25.06, humidityPercent: 50.55 } };
    const keyless = { ...line, keyHex: undefined };
    expect(
      await run(
        { ...keyless, payloadHex: advert },
        { ...line, payloadHex: advert },
        { ...line, payloadHex: advert },
        { ...line, payloadHex: '0516d2fc4002' },
        { ...line, payloadHex: `${advert.slice(0, -2)}15` },
        { ...line, keyHex: '00', payloadHex: advert },
      ),
    ).toMatchObject([
      failure('bad-signature'),
      { samples: [sample], failures: [] },
      { samples: [], failures: [] },
      failure('unencrypted'),
      failure('bad-signature'),
      failure('wrong-shape', 'keyHex'),
    ]);
  });

  it('gives an occurrence its id, and a sample its sequence', async () => {
    const line = {
      source: 'mqtt',
      topic: 'muster/v/up/b',
      payload: '[{"n":"seq","v":4},{"n":"sos","vb":true},{"n":"battery","v":9}]',
    };
    expect(await run(line)).toMatchObject([
      {
        samples: [{ metrics: { batteryPercent: 9, sequence: 4 }, units: { sequence: '1' } }],
        occurrences: [{ id: '4' }],
      },
    ]);
  });

  it('keeps memory for the run, and takes hexadecimal payloads, arrival and retained', async () => {
    const hex = Buffer.from('{"method":"NotifyStatus","params":{"em1:0":{"current":1}}}').toString('hex');
    const [, second, third] = await run(
      { source: 'mqtt', topic: 'em/status/em1:0', payload: '{"voltage":230}' },
      { source: 'mqtt', topic: 'em/events/rpc', payloadHex: hex, arrivedMs: NOW_MS + 5 },
      { source: 'mqtt', topic: 'zigbee2mqtt/b', payload: '{"action":"single"}', retained: true },
    );
    expect(second).toMatchObject({ samples: [{ timeMs: NOW_MS + 5, metrics: { currentAmps: 1, voltageVolts: 230 } }] });
    expect(third).toEqual(failure('retained-action'));
  });

  it('decodes adverts', async () => {
    const payloadHex = '0201061bff99040512fc5394c37c0004fffc040cac364200cdcbb8334c884f';
    expect(await run({ source: 'ble', address: 'cbb8334c884f', payloadHex })).toMatchObject([
      {
        samples: [{ device: 'CB:B8:33:4C:88:4F', metrics: { temperatureCelsius: 24.3, sequence: 205 } }],
        failures: [],
      },
    ]);
  });

  it('decodes lines of a serial port, of the format that is named or that they look like', async () => {
    const sentence = '$GPGLL,5201.0809,N,00832.0852,E,142819.299,A,A*5D';
    expect(
      await run(
        { source: 'serial', address: 'board', profile: 'emontx', payload: 'MSG:7,Vrms:246.81,P1:79\r\n' },
        { source: 'serial', payload: sentence },
        { source: 'serial', address: 'van', payloadHex: Buffer.from(sentence).toString('hex') },
      ),
    ).toMatchObject([
      {
        samples: [
          {
            device: 'board',
            channel: '',
            metrics: { voltageVolts: 246.81, sequence: 7 },
            units: { voltageVolts: 'V' },
          },
          { device: 'board', channel: 'ct1', metrics: { powerWatts: 79 }, units: { powerWatts: 'W' } },
        ],
        failures: [],
      },
      { samples: [{ device: 'decode', timeFrom: 'arrival', metrics: { latitudeDegrees: 52.018015 } }], failures: [] },
      { samples: [{ device: 'van', metrics: { latitudeDegrees: 52.018015 } }], failures: [] },
    ]);
  });

  it.each([
    ['garbage', 'not-json'],
    ['[]', 'wrong-shape'],
    ['null', 'wrong-shape'],
    ['{"source":"carrier pigeon","topic":"a","payload":""}', 'wrong-shape'],
    ['{"source":"mqtt","payload":"1"}', 'wrong-shape'],
    ['{"source":"mqtt","topic":"a"}', 'wrong-shape'],
    ['{"source":"mqtt","topic":"a","payload":"1","payloadHex":"31"}', 'wrong-shape'],
    ['{"source":"mqtt","topic":"a","payloadHex":"3"}', 'wrong-shape'],
    ['{"source":"mqtt","topic":"a","payloadHex":"zz"}', 'wrong-shape'],
    ['{"source":"mqtt","topic":"a","payload":"1","arrivedMs":1e300}', 'wrong-shape'],
    ['{"source":"mqtt","topic":"nobody/knows","payload":"1"}', 'unknown-topic'],
    ['{"source":"ble","payloadHex":"00"}', 'wrong-shape'],
    ['{"source":"ble","address":"x","payloadHex":"00"}', 'wrong-device'],
    ['{"source":"serial","address":"board","payload":"hello"}', 'unknown-topic'],
    ['{"source":"serial","profile":"tic","payload":"MSG:1,P1:2"}', 'unknown-topic'],
    ['{"source":"serial","profile":"nmea","payload":"MSG:1,P1:2"}', 'wrong-shape'],
    ['{"source":"modbus","payloadHex":"00"}', 'unknown-name'],
    ['{"source":"modbus","profile":"sdm63","payloadHex":"0000"}', 'unknown-name'],
    ['{"source":"modbus","profile":"sdm630","payloadHex":"00"}', 'wrong-length'],
  ])('answers %s with a failure and goes on', async (line, code) => {
    const good = { source: 'mqtt', topic: 'tele/p/LWT', payload: 'Online' };
    expect(await run(line, good)).toEqual([
      failure(code),
      { samples: [], occurrences: [{ device: 'p', kind: 'online', attributes: { state: 'online' } }], failures: [] },
    ]);
  });

  it('reads registers by the map that the profile names, from its first register on', async () => {
    const sht20 = { source: 'modbus', profile: 'xy-md02', payloadHex: '0131 0222' };
    const metrics = { temperatureCelsius: 30.5, humidityPercent: 54.6 };
    const units = { temperatureCelsius: '°C', humidityPercent: '%' };
    expect(await run(sht20, { ...sht20, address: 'hall/7/1' })).toMatchObject([
      { samples: [{ device: 'decode', channel: '', metrics, units }], failures: [] },
      { samples: [{ device: 'hall/7', channel: '', metrics, units }], failures: [] },
    ]);
  });

  it('skips empty lines, and reads the last one without its end', async () => {
    expect(await run('', '  ', 'x\r', '', 'y')).toEqual([failure('not-json'), failure('not-json')]);
  });

  it('gives up a line that is too long, and goes on', async () => {
    const output = await run('x'.repeat(5 * 1024 * 1024), 'y');
    expect(output).toEqual([failure('too-large'), failure('not-json')]);
  });

  it('reads lines and characters that are split anywhere', async () => {
    const bytes = Buffer.from('{"source":"mqtt","topic":"zigbee2mqtt/大厅","payload":"{\\"temperature\\":1}"}\n');
    const output = new PassThrough();
    await runDecode(Readable.from([...bytes].map((byte) => Buffer.from([byte]))), output, () => NOW_MS);
    expect(JSON.parse(`${output.read()}`)).toMatchObject({ samples: [{ device: '大厅' }] });
  });

  it('reads no further while nobody takes the output', async () => {
    const waiting: (() => void)[] = [];
    const slow = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => {
        waiting.push(done);
      },
    });
    let read = 0;
    const lines = async function* () {
      for (; read < 50; read += 1) yield Buffer.from('x\n');
    };
    const ended = runDecode(Readable.from(lines(), { highWaterMark: 1 }), slow, () => NOW_MS);
    while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(read).toBeLessThan(10);
    const drain = setInterval(() => waiting.shift()?.(), 0);
    expect(await ended).toBe(0);
    clearInterval(drain);
    expect(read).toBe(50);
  });

  it('ends when the output is closed', async () => {
    const closing = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
    const endless = async function* () {
      for (;;) yield Buffer.from('x\n');
    };
    expect(await runDecode(Readable.from(endless()), closing, () => NOW_MS)).toBe(0);
  });
});
