import { Readable, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { App } from '../../gateway/app.ts';
import { runDecode } from '../../gateway/cli/decode.ts';
import { factsOf } from '../mqtt-facts.ts';
import { type Case, vectors } from '../shared-vectors.ts';
import { requireProgram } from '../system-programs.ts';
import { until } from '../until.ts';
import { getJson, start } from './fixture.ts';
import { DEVICE_OF_FAMILY, publishWithMosquitto, VECTOR_DEVICES } from './mosquitto-pub.ts';

const installed = requireProgram('mosquitto_pub', 'mosquitto-clients');
const cases = vectors('mqtt_payloads.jsonl');
const channelsSchema = z.record(z.string(), z.record(z.string(), z.number()));
const devicesSchema = z.looseObject({
  items: z.array(z.looseObject({ id: z.string(), channels: channelsSchema })),
});
const VENUE = `
security: { anonymous: loopback }
zones: { door: { areaM2: 1, use: standing } }
devices:
${VECTOR_DEVICES}
rules:
  - { id: overload, kind: overcurrent, limitHoldSeconds: 0 }
  - { id: heat, kind: threshold, metric: temperatureCelsius, above: { yellow: 27.5 } }
  - { id: density, kind: crowd-density, holdSeconds: 0, limits: { standing: { yellow: 2, orange: 2.5, red: 3 } } }
`;

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
    await publishWithMosquitto(app, `${topic}`, `${payload}`);
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
    for (const { topic, payload } of cases ?? []) await publishWithMosquitto(app, `${topic}`, `${payload}`);
    await until(() => app.hotPath.intake.counters.frames === cases?.length, 'all frames');
    expect(app.hotPath.faults).toBe(0);
    const refused = app.hotPath.intake.rejected.list().map(({ code, address }) => [code, address.split('/')[0]]);
    expect(refused).toEqual([]);
  });

  test('/api/v1/devices shows the values of every payload, and none where it has none', async () => {
    for (const { topic, payload } of cases ?? []) await publishWithMosquitto(app, `${topic}`, `${payload}`);
    const { items } = devicesSchema.parse(await getJson(app, '/api/v1/devices'));
    const channelsOf = new Map(items.map(({ id, channels }) => [id, channels]));
    let checked = 0;
    for (const each of cases ?? []) {
      const channels = channelsOf.get(DEVICE_OF_FAMILY[`${each.family}`] ?? '');
      if (channels === undefined) continue;
      for (const { name, channel, metric, value } of factsOf(each)) {
        expect(channels[channel]?.[metric] ?? null, `${each.id}: ${name}`).toBe(value);
        checked += 1;
      }
    }
    expect(checked).toBe(12);
  });
});
