import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Subject } from 'rxjs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseScenario, scenarioSchema } from '../../firmware-sim/scenario.ts';
import { problemText } from '../../firmware-sim/yaml-problems.ts';
import { readVenueFile } from '../../gateway/config/load.ts';
import { buildRegistry } from '../../gateway/config/registry.ts';
import { senmlDecoder } from '../../ingest/decoders/muster/senml.ts';
import { mqttFrame } from '../../ingest/model/frame.ts';
import { AlarmDesk } from '../../rules/alarms/desk.ts';
import { type EngineInput, judge } from '../../rules/engine.ts';
import { createRule } from '../../rules/kinds/index.ts';
import { buzzId } from '../../rules/wearer/prealarm.ts';
import { type FakeClock, fakeClock } from './stage/fake-clock.ts';
import { rehearse } from './stage/rehearsal.ts';

const folder = fileURLToPath(new URL('../../firmware-sim/scenarios', import.meta.url));
// all-hardware.yaml needs the real wires: test/gateway/cli/all-hardware.test.ts plays it.
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml') && file !== 'all-hardware.yaml');
const EPOCH_MS = 1_700_000_000_000;

interface Announced {
  readonly atSeconds: number;
  readonly kind: string;
  readonly subject: string;
  readonly severity: string;
  readonly transition: string;
}

const schedulerOf = (clock: FakeClock) => ({
  now: () => EPOCH_MS + clock.nowMs(),
  schedule: (work: () => void, delayMs: number) => ({ unsubscribe: clock.after(delayMs, work) }),
});

/** The gateway's own decoder, rules and alarms, wired in virtual time; the broker and the disk are left out. */
const deskFor = (venueFile: string, clock: FakeClock, command: (device: string, body: unknown) => void) => {
  const config = readVenueFile(venueFile);
  const { venue } = buildRegistry(config);
  const announced: Announced[] = [];
  const failures: unknown[] = [];
  const desk = new AlarmDesk((event) => {
    if (event.type === 'pre-alarm') {
      const id = buzzId(event.rule, event.subject, event.untilMs);
      clock.after(0, () => command(event.device, { id, do: 'buzz' }));
      return;
    }
    if (!('alarm' in event) || event.type === 'changed') return;
    const { kind, subject, severity } = event.alarm;
    announced.push({ atSeconds: (event.atMs - EPOCH_MS) / 1000, kind, subject, severity, transition: event.type });
  });
  const inputs = new Subject<EngineInput>();
  const rules = config.rules.map((rule) => createRule(rule, venue));
  const running = inputs.pipe(judge(rules, { scheduler: schedulerOf(clock), venue })).subscribe((verdict) => {
    if (verdict.type === 'fault') failures.push(verdict.error);
    else if (verdict.type === 'condition') desk.take(verdict);
  });
  const take = (device: string, payload: Uint8Array): void => {
    const frame = mqttFrame('mqtt', `muster/x/up/${device}`, payload, EPOCH_MS + clock.nowMs());
    const decoded = senmlDecoder.decode(frame, { params: { venue: 'x', device }, memory: undefined });
    failures.push(...decoded.failures);
    for (const input of [...decoded.samples, ...decoded.occurrences]) inputs.next(input);
  };
  return { announced, failures, take, stop: () => running.unsubscribe() };
};

const announcedBy = async (file: string) => {
  const text = readFileSync(join(folder, file), 'utf8');
  const scenario = parseScenario(text, file);
  if ('problems' in scenario) throw new Error(scenario.problems.map(problemText).join('\n'));
  const written = scenarioSchema.parse(parse(text));
  const clock = fakeClock();
  let send = (_device: string, _body: unknown): void => {};
  const venueFile = join(dirname(join(folder, file)), written.venue);
  const desk = deskFor(venueFile, clock, (device, body) => send(device, body));
  await rehearse(scenario, {
    clock,
    epochMs: EPOCH_MS,
    onSent: ({ device, payload }, command) => {
      send = command;
      desk.take(device, payload);
    },
  });
  desk.stop();
  return { expected: written.expect, ...desk };
};

const RAISING = new Set(['raised', 'escalated', 'repeated']);

it.each(files)('%s raises in the gateway’s own rules what it expects, when it expects it', async (file) => {
  const { announced, failures, expected } = await announcedBy(file);
  const plain = ({ kind, subject, severity, transition }: Record<keyof Omit<Announced, 'atSeconds'>, string>) =>
    `${kind} ${subject} ${severity} ${transition}`;
  expect(failures).toEqual([]);
  const raised = announced.filter(({ transition }) => RAISING.has(transition));
  expect(raised.map(plain).sort()).toEqual(
    expected
      .filter(({ transition }) => RAISING.has(transition))
      .map(plain)
      .sort(),
  );
  for (const want of expected) {
    const got = announced.find((one) => plain(one) === plain(want));
    expect(got?.atSeconds, plain(want)).toBeGreaterThanOrEqual(want.atSeconds);
    expect(got?.atSeconds, plain(want)).toBeLessThanOrEqual(want.atSeconds + want.withinSeconds);
  }
});
