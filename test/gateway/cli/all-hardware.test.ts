import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compare, type Happened, happened } from '../../../gateway/cli/scenario/compare.ts';
import { readScenario } from '../../../gateway/cli/scenario/file.ts';
import { play } from '../../../gateway/cli/scenario/play.ts';
import { runSim } from '../../../gateway/cli/sim.ts';
import { readVenueFile } from '../../../gateway/config/load.ts';
import { hasSocat } from '../../pty.ts';

const scenario = readScenario(join(import.meta.dirname, '../../../firmware-sim/scenarios/all-hardware.yaml'));
const config = readVenueFile(scenario.venueFile);
const { signal } = new AbortController();

/** What hangs on the bus whose cable is pulled, for 30 s of real time at this speed. */
const ON_THE_BUS = ['pump-power', 'stage-power', 'store-climate'];
const SPEED = 2;

test('every kind of source is in use', () => {
  const kinds = new Set(config.sources.map(({ kind }) => kind));
  expect([...kinds].toSorted()).toEqual([
    'ble',
    'modbus-rtu',
    'modbus-tcp',
    'mqtt-broker',
    'mqtt-client',
    'serial-lines',
  ]);
});

test.skipIf(!hasSocat)('muster sim all-hardware.yaml ends with 0 at speed 20', { timeout: 120_000 }, async () => {
  const written: string[] = [];
  const options = { scenario, config, speed: 20, json: true, locale: 'en', signal } as const;
  const code = await runSim(
    options,
    (text) => void written.push(text),
    () => undefined,
  );
  expect(JSON.parse(written.join(''))).toMatchObject({ ok: true, extra: [] });
  expect(code).toBe(0);
});

test.skipIf(!hasSocat)(
  'a bus whose cable is out for 30 s comes back, and no other source is disturbed',
  { timeout: 240_000 },
  async () => {
    const all: Happened[] = [];
    const problems: string[] = [];
    const frames = new Map<string, number>();
    const opens = new Map<string, number | undefined>();
    const { failure } = await play({
      scenario,
      config,
      speed: SPEED,
      mqttPort: 0,
      httpPort: 0,
      signal,
      onEvent: (event, atSeconds) => all.push(happened(event, atSeconds)),
      onProblem: (line) => problems.push(line),
      onEnd: async (app) => {
        for (const { id, counters } of app.health().sources ?? []) {
          frames.set(id, counters.frames ?? 0);
          opens.set(id, counters.opens);
        }
      },
    });
    expect(failure).toBeUndefined();
    expect(problems).toEqual([]);
    // A source that stood still for three intervals of its devices would be an alarm that nobody expects.
    expect(compare(scenario.expect, all)).toMatchObject({ ok: true, extra: [] });
    const silent = (transition: string): readonly string[] =>
      all
        .flatMap((each) => (each.kind === 'silent' && each.transition === transition ? [each.subject] : []))
        .toSorted();
    expect(silent('raised')).toEqual(ON_THE_BUS);
    expect(silent('cleared')).toEqual(ON_THE_BUS);
    // The one was opened again, the others never; every one was heard.
    expect(opens.get('rs485')).toBe(2);
    expect([opens.get('board'), opens.get('chiller')]).toEqual([1, 1]);
    expect([...frames].filter(([, count]) => count === 0)).toEqual([]);
  },
);
