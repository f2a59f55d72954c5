import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { App } from '../../gateway/app.ts';
import { runDecode } from '../../gateway/cli/decode.ts';
import { type Case, vectors } from '../shared-vectors.ts';
import { requireProgram } from '../system-programs.ts';
import { until } from '../until.ts';
import { portOf, start } from './fixture.ts';

const installed = requireProgram('mosquitto_pub', 'mosquitto-clients');
const cases = vectors('mqtt_payloads.jsonl');
const folder = mkdtempSync(join(tmpdir(), 'muster-mosquitto-'));
const run = promisify(execFile);

afterAll(() => rmSync(folder, { recursive: true }));

const VENUE = `
security: { anonymous: loopback }
zones: { door: { areaM2: 1, use: standing } }
devices:
  mains: { profile: current-clamp, address: "shelly:shellypro3em-aabbccddeeff", ratedAmps: { a: 8, b: 32 } }
  tag: { profile: climate, address: "ruuvi-gateway:F4:1F:0C:28:CB:D6" }
  door-cam: { profile: camera, zone: door, address: "frigate:front_door" }
rules:
  - { id: overload, kind: overcurrent, limitHoldSeconds: 0 }
  - { id: heat, kind: threshold, metric: temperatureCelsius, above: { yellow: 27.5 } }
  - { id: density, kind: crowd-density, holdSeconds: 0, limits: { standing: { yellow: 2, orange: 2.5, red: 3 } } }
`;

/** Publishes exactly the bytes of a payload with Debian's mosquitto_pub. */
const publish = async (app: App, topic: string, payload: string): Promise<void> => {
  const file = join(folder, 'payload');
  writeFileSync(file, payload);
  await run('mosquitto_pub', ['-h', '127.0.0.1', '-p', String(portOf(app)), '-t', topic, '-f', file, '-q', '1']);
};

const decoded = async (topic: string, payload: string): Promise<unknown> => {
  const written: string[] = [];
  const output = new Writable({
    write: (chunk, _, done) => {
      written.push(String(chunk));
      done();
    },
  });
  await runDecode(Readable.from([`${JSON.stringify({ source: 'mqtt', topic, payload })}\n`]), output, Date.now);
  return JSON.parse(written.join(''));
};

const named = (id: string): Case => {
  const found = cases?.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no case ${id}`);
  return found;
};

describe.skipIf(!installed || cases === undefined)('with mosquitto_pub alone (needs ../shared/vectors)', () => {
  let app: App;
  beforeEach(async () => {
    app = await start(VENUE);
  });
  afterEach(() => app.stop());

  const send = async (id: string): Promise<void> => {
    const { topic, payload } = named(id);
    await publish(app, `${topic}`, `${payload}`);
  };

  test.each([
    ['shelly/pro3em_status_em0', 'mains', 'a', { currentAmps: 9.592 }, { kind: 'overcurrent', subject: 'mains/a' }],
    [
      'ruuvi-gw/mqtt-time-stamped-data-from-bluetooth-sensors/1',
      'tag',
      '',
      { temperatureCelsius: 27.75 },
      { kind: 'threshold', subject: 'tag' },
    ],
    [
      'frigate/count_frigate_front_door_person',
      'door-cam',
      '',
      { occupancyPersons: 3 },
      { kind: 'crowd-density', subject: 'door' },
    ],
  ])(
    '%s becomes a sample, by the broker as by muster decode, and an alarm past the limit',
    async (id, device, channel, metrics, alarm) => {
      await send(id);
      await until(() => app.hotPath.openAlarms().length === 1, `an alarm from ${id}`);
      expect(app.hotPath.lastSamples.get(device).get(channel)?.metrics).toMatchObject(metrics);
      expect(app.hotPath.openAlarms()).toMatchObject([alarm]);
      const { topic, payload } = named(id);
      expect(await decoded(`${topic}`, `${payload}`)).toMatchObject({
        samples: expect.arrayContaining([
          expect.objectContaining({ channel, metrics: expect.objectContaining(metrics) }),
        ]),
        failures: [],
      });
    },
  );

  test('every payload of the vectors passes through the running broker without harm', async () => {
    for (const { topic, payload } of cases ?? []) await publish(app, `${topic}`, `${payload}`);
    await until(() => app.hotPath.intake.counters.frames === cases?.length, 'all frames');
    expect(app.hotPath.faults).toBe(0);
    const refused = app.hotPath.intake.rejected.list().map(({ code, address }) => [code, address.split('/')[0]]);
    expect(refused).toEqual([['unknown-topic', 'application']]);
  });
});
