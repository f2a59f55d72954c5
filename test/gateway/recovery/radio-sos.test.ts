import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { realClock } from '../../../firmware-sim/clock.ts';
import { createLink } from '../../../firmware-sim/link.ts';
import { play } from '../../../firmware-sim/play.ts';
import { parseScenario } from '../../../firmware-sim/scenario.ts';
import { hasSocat, portFolder } from '../../pty.ts';
import { ask } from '../api/ask.ts';
import { temporaryDirectory } from '../store/fixture.ts';
import { standBy } from '../survival/gateway-process.ts';

const RADIOS = ['west', 'east', 'door'];

const venue = (folder: string): string => `
venue: { id: hall, name: { zh: 大厅, en: Hall }, timezone: Asia/Shanghai, locale: en }
sources:
  - { kind: mqtt-broker, tcp: { port: 0 } }
${RADIOS.map((id) => `  - { kind: ble, id: ${id}, uart: { path: ${folder}/${id}, rtscts: false } }`).join('\n')}
http: { port: 0 }
roles: { guard: {} }
badges: { b1: { role: guard, address: "ble:C1:00:00:00:00:01" } }
rules: [{ id: help, kind: sos }]
security: { anonymous: loopback }
`;

/** One press, radiated every half second for ten seconds, and heard by three radios, by each now and then twice. */
const SCENARIO = `
venue: hall.yaml
seed: 3
durationSeconds: 60
receivers:
${RADIOS.map((port, index) => `  - { port: ${port}, atM: [${index * 4}, 0], duplicateFraction: 0.5 }`).join('\n')}
actors:
  - { id: b1, type: badge, everySeconds: 60, emit: { transport: ble, mac: "C1:00:00:00:00:01", repeats: 20, repeatMs: 500 } }
events: [{ atSeconds: 1, actor: b1, do: sos }]
`;

const radiate = (portsDirectory: string): void => {
  const scenario = parseScenario(SCENARIO, 'radio-sos.yaml');
  if ('problems' in scenario) throw new Error(JSON.stringify(scenario.problems));
  const { ended, stop } = play({
    scenario,
    broker: 'mqtt://127.0.0.1:1',
    venueId: 'hall',
    epochMs: Date.now(),
    speed: 1,
    startAtMs: undefined,
    format: 'json',
    secrets: new Map(),
    portsDirectory,
    clock: realClock(),
    connect: createLink,
    tell: () => undefined,
  });
  onTestFinished(() => {
    stop();
    return ended;
  });
};

const alarmsSchema = z.object({
  items: z.array(z.looseObject({ id: z.string(), kind: z.string(), reason: z.looseObject({ en: z.string() }) })),
});
const healthSchema = z.looseObject({
  counters: z.looseObject({ intake: z.looseObject({ occurrences: z.number() }) }),
  sources: z.array(z.looseObject({ id: z.string(), counters: z.looseObject({ frames: z.number() }) })),
});

const until = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`in vain: ${what}`);
};

const openOf = async (port: number) => {
  const { items } = alarmsSchema.parse((await ask(port, '/api/v1/alarms')).json());
  return items.filter(({ kind }) => kind === 'sos');
};

/** Every radio has heard the badge this often, and something of it was news. */
const hasHeard = async (port: number, frames: number): Promise<true | undefined> => {
  const { counters, sources } = healthSchema.parse((await ask(port, '/healthz')).json());
  const radios = sources.filter(({ id }) => RADIOS.includes(id));
  const isHeard = radios.length === RADIOS.length && radios.every((each) => each.counters.frames >= frames);
  return isHeard && counters.intake.occurrences > 0 ? true : undefined;
};

test.skipIf(!hasSocat)(
  'one press on three radios, with duplicates, and a gateway that is killed and started while it is radiated: one alarm',
  { timeout: 60_000 },
  async () => {
    const folder = portFolder();
    const storeDirectory = temporaryDirectory();
    const startAtMs = Date.now();
    const settings = { venue: venue(folder), storeDirectory, epochMs: startAtMs, speed: 1, startAtMs, isHasty: false };
    const [first, second] = [standBy(), standBy()];
    onTestFinished(async () => {
      await first.kill();
      await second.kill();
    });
    const life = await first.start(settings);
    radiate(folder);
    const before = await until('the alarm', async () => (await openOf(life.ports.http))[0]);
    await until('all radios', () => hasHeard(life.ports.http, 3));
    expect(await openOf(life.ports.http)).toEqual([before]);
    await life.kill();

    const next = await second.start(settings);
    await until('the press, again, by all radios', () => hasHeard(next.ports.http, 2));
    const after = await openOf(next.ports.http);
    expect(after.map(({ id, reason }) => [id, reason.en])).toEqual([[before.id, before.reason.en]]);
  },
);
