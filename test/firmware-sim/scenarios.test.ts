import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseScenario, type Scenario, scenarioSchema } from '../../firmware-sim/scenario.ts';
import { problemText } from '../../firmware-sim/yaml-problems.ts';
import type { Announced } from './reference/desk.ts';
import { referenceJudge } from './reference/judge.ts';
import { readVenue } from './reference/venue.ts';
import { fakeClock } from './stage/fake-clock.ts';
import { rehearse } from './stage/rehearsal.ts';

const folder = fileURLToPath(new URL('../../firmware-sim/scenarios', import.meta.url));
// all-hardware.yaml needs the real wires: test/gateway/cli/all-hardware.test.ts plays it.
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml') && file !== 'all-hardware.yaml');

const load = (file: string): Scenario => {
  const scenario = parseScenario(readFileSync(join(folder, file), 'utf8'), file);
  if ('problems' in scenario) throw new Error(scenario.problems.map(problemText).join('\n'));
  return scenario;
};

const written = (file: string) => scenarioSchema.parse(parse(readFileSync(join(folder, file), 'utf8')));

const venueOf = (file: string) => readVenue(join(dirname(join(folder, file)), written(file).venue));

/** What a plain second reading of the rules makes of a scenario. */
const announcedBy = async (file: string): Promise<readonly Announced[]> => {
  const clock = fakeClock();
  let send = (_device: string, _body: unknown): void => {};
  const judge = referenceJudge(venueOf(file), clock, (device, id) => send(device, { id, do: 'buzz', forSeconds: 5 }));
  await rehearse(load(file), {
    clock,
    onSent: ({ device, payload }, command) => {
      send = command;
      judge.take(device, payload);
    },
  });
  return judge.announced;
};

describe('scenarios', () => {
  it('cover every kind of the brief story', () => {
    expect(files.length).toBeGreaterThanOrEqual(9);
    const kinds = new Set(files.flatMap((file) => written(file).expect.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual(
      [
        ...['crowd-density', 'overcurrent', 'silent', 'sos', 'stillness', 'threshold', 'tilt'],
        ...['battery-low', 'geofence', 'missed-check-in', 'on-duty-too-long', 'rate-of-change'],
      ].sort(),
    );
  });

  it.each(files)('%s plays only devices that its venue knows', (file) => {
    const venue = venueOf(file);
    const known = new Set([...Object.keys(venue.devices), ...Object.keys(venue.badges)]);
    expect(load(file).actors.filter(({ id }) => !known.has(id))).toEqual([]);
  });

  it.each(files)('%s announces what it expects, when it expects it, and nothing else', async (file) => {
    const announced = await announcedBy(file);
    const wanted = written(file).expect;
    const plain = ({ kind, subject, severity, transition }: Record<keyof Omit<Announced, 'atSeconds'>, string>) =>
      `${kind} ${subject} ${severity} ${transition}`;
    const expected = wanted.map(plain);
    // Whether a circuit that was about to trip is back to normal is left to the gateway's own reset time.
    const judged = announced.filter(({ kind, transition }) => !(kind === 'overcurrent' && transition === 'cleared'));
    expect(judged.map(plain).sort()).toEqual([...expected].sort());
    for (const want of wanted) {
      const got = judged.find((one) => plain(one) === plain(want));
      expect(got?.atSeconds, plain(want)).toBeGreaterThanOrEqual(want.atSeconds);
      expect(got?.atSeconds, plain(want)).toBeLessThanOrEqual(want.atSeconds + want.withinSeconds);
    }
  });
});
