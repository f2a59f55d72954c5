import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { App } from '../../../../gateway/app.ts';
import { readScenario } from '../../../../gateway/cli/scenario/file.ts';
import { type PlayOptions, play } from '../../../../gateway/cli/scenario/play.ts';
import { runSim } from '../../../../gateway/cli/sim.ts';
import { readVenueFile } from '../../../../gateway/config/load.ts';
import type { VenueConfig } from '../../../../gateway/config/schema.ts';
import { hasSocat } from '../../../pty.ts';

const scenario = readScenario(join(import.meta.dirname, '../../../../firmware-sim/scenarios/sos.yaml'));
const config = readVenueFile(scenario.venueFile);

/** A broker that lets one device in: the others are refused for ever. */
const oneOnly: VenueConfig = {
  ...config,
  sources: config.sources.map((source) =>
    source.kind === 'mqtt-broker' ? { ...source, limits: { ...source.limits, maxConnections: 1 } } : source,
  ),
};

const options = (extra: Partial<PlayOptions>, problems: string[] = []): PlayOptions => ({
  scenario,
  config,
  speed: 1000,
  mqttPort: 0,
  httpPort: 0,
  signal: new AbortController().signal,
  onEvent: () => undefined,
  onProblem: (line) => problems.push(line),
  ...extra,
});

test('devices that never get ready end the play with a clear error, and their problems are told', async () => {
  const problems: string[] = [];
  const { failure, stopped } = await play(options({ config: oneOnly, readyWithinMs: 6000 }, problems));
  expect(stopped).toBe(false);
  expect(failure).toMatchObject({ exitCode: 3 });
  expect(failure?.message).toMatch(/did not connect within 6 s; last problem: badge-0\d: /);
  expect(problems.some((line) => /^badge-0\d: /.test(line))).toBe(true);
}, 20_000);

test('stopping while the devices are still connecting is no failure', async () => {
  const controller = new AbortController();
  const played = play(options({ config: oneOnly, signal: controller.signal, onStart: () => controller.abort() }));
  expect(await played).toMatchObject({ stopped: true });
  expect(await played).not.toHaveProperty('failure');
}, 20_000);

test('devices that cannot read the scenario end the simulation with their word for it and exit code 2', async () => {
  const errors: string[] = [];
  const file = join(import.meta.dirname, 'no-such-scenario.yaml');
  const { signal } = new AbortController();
  const sim = { scenario: { ...scenario, file }, config, speed: 1000, json: true, locale: 'en', signal } as const;
  const code = await runSim(
    sim,
    () => undefined,
    (text) => errors.push(text),
  );
  expect(code).toBe(2);
  expect(errors.join('')).toContain('cannot read');
}, 20_000);

test.skipIf(!hasSocat)(
  'devices on serial ports: pulled and put in again, the other port undisturbed',
  async () => {
    const serial = readScenario(join(import.meta.dirname, '../../../../firmware-sim/scenarios/hardware/serial.yaml'));
    const happened: string[] = [];
    const problems: string[] = [];
    const ends: ReturnType<App['health']>[] = [];
    const played = await play(
      options(
        {
          scenario: serial,
          config: readVenueFile(serial.venueFile),
          speed: 20,
          onEvent: (event) =>
            'alarm' in event && happened.push(`${event.alarm.kind} ${event.alarm.subject} ${event.type}`),
          onEnd: async (app) => void ends.push(app.health()),
        },
        problems,
      ),
    );
    expect(played).not.toHaveProperty('failure');
    expect(problems).toEqual([]);
    expect(happened).toContain('overcurrent yard-power/ct1 raised');
    expect(happened.indexOf('silent yard-power cleared')).toBeGreaterThan(happened.indexOf('silent yard-power raised'));
    expect(happened.filter((line) => line.includes('van-gps'))).toEqual([]);
    expect(ends).toMatchObject([
      {
        // The devices have gone by now, and their ports with them.
        sources: [
          { id: 'board', counters: { opens: 2, failures: 0 } },
          { id: 'van', counters: { opens: 1, failures: 0 } },
        ],
        counters: { intake: { failures: 0, unregistered: 0 } },
      },
    ]);
  },
  60_000,
);

test.skipIf(!hasSocat)(
  'devices on a bus: a broken, a late and a dead one, and what they measure judged',
  async () => {
    const bus = readScenario(join(import.meta.dirname, '../../../../firmware-sim/scenarios/hardware/modbus.yaml'));
    const happened: string[] = [];
    const problems: string[] = [];
    const ends: ReturnType<App['health']>[] = [];
    const played = await play(
      options(
        {
          scenario: bus,
          config: readVenueFile(bus.venueFile),
          speed: 20,
          onEvent: (event) =>
            'alarm' in event && happened.push(`${event.alarm.kind} ${event.alarm.subject} ${event.type}`),
          onEnd: async (app) => void ends.push(app.health()),
        },
        problems,
      ),
    );
    expect(played).not.toHaveProperty('failure');
    expect(problems).toEqual([]);
    for (const alarm of ['overcurrent board/b', 'threshold hall', 'silent pump'])
      expect(happened).toContain(`${alarm} raised`);
    // The other phases carry their ordinary load, and no late or broken answer made it seem otherwise.
    expect(happened.filter((line) => line.startsWith('overcurrent') && !line.includes('board/b'))).toEqual([]);
    const [end] = ends;
    expect(end?.counters.intake).toMatchObject({ failures: 0, unregistered: 0 });
    const counters = end?.sources?.find(({ id }) => id === 'rs485')?.counters;
    for (const name of ['frames', 'crcErrors', 'timeouts']) expect(counters?.[name]).toBeGreaterThan(0);
  },
  60_000,
);
