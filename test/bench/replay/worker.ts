import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { systemClock } from '../../../gateway/broker/clock.ts';
import { loadVenue } from '../../../gateway/config/load.ts';
import { buildRegistry } from '../../../gateway/config/registry.ts';
import type { VenueConfig } from '../../../gateway/config/schema.ts';
import { flightFiles } from '../../../gateway/flight/files.ts';
import { createRecorder } from '../../../gateway/flight/recorder.ts';
import type { FlightTap } from '../../../gateway/flight/records.ts';
import { replay } from '../../../gateway/flight/replay.ts';
import { replayClock } from '../../../gateway/flight/replay-clock.ts';
import { createHotPath } from '../../../gateway/hot-path.ts';
import { createRule } from '../../../rules/kinds/index.ts';
import { answerQuestions } from '../child.ts';
import { DEVICE_LIST, payloadsOf, topicOf, venueText } from '../pipeline/venue.ts';

const questionSchema = z.object({ devices: z.int(), seconds: z.int() });

const START_MS = Date.UTC(2026, 5, 1, 12);
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The bench's venue, with its first devices alone. */
const venueOf = (devices: number): VenueConfig => {
  const loaded = loadVenue(venueText(), 'bench');
  if (!loaded.ok) throw new Error('the venue of the bench is not valid');
  const { config } = loaded;
  const ids = new Set(DEVICE_LIST.slice(0, devices).map(({ id }) => id));
  const first = <T>(all: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([id]) => ids.has(id)));
  return { ...config, devices: first(config.devices), badges: first(config.badges) };
};

/** An evening in virtual time, each device once a second; answers how many seconds of it a real one brings. */
const evening = async (
  config: VenueConfig,
  seconds: number,
  recorderOf: (nowMs: () => number) => (FlightTap & { stop(): Promise<void> }) | undefined,
): Promise<number> => {
  const clock = replayClock(START_MS);
  const recorder = recorderOf(clock.now);
  const registry = buildRegistry(config);
  const rules = config.rules.map((rule) => createRule(rule, registry.venue));
  const hotPath = createHotPath({ registry, rules, clock, sinks: [], log, recorder });
  const devices = DEVICE_LIST.slice(0, registry.venue.devices.size).map((device, index) => ({
    address: topicOf(device.id),
    payloads: payloadsOf(device, index).map((payload) => Buffer.from(payload)),
  }));
  let tookMs = 0;
  for (let second = 0; second < seconds; second += 1) {
    const startedMs = performance.now();
    for (const [place, { address, payloads }] of devices.entries()) {
      const arrivedMs = START_MS + second * 1000 + place;
      clock.advance(arrivedMs);
      const payload = payloads[second % payloads.length] ?? Buffer.alloc(0);
      hotPath.accept({ source: 'mqtt', transport: 'mqtt', address, payload, place, arrivedMs, retained: false });
    }
    tookMs += performance.now() - startedMs;
    // A turn of the event loop, in which blocks go to the disk.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await recorder?.stop();
  return seconds / (tookMs / 1000);
};

answerQuestions(async (question) => {
  const { devices, seconds } = questionSchema.parse(question);
  const directory = mkdtempSync(join(tmpdir(), 'muster-bench-replay-'));
  try {
    const config = venueOf(devices);
    const judged = await evening(config, seconds, () => undefined);
    const recording = await evening(config, seconds, (nowMs) =>
      createRecorder({
        directory,
        config,
        bytesMax: 2 ** 31,
        pendingBytesMax: 2 ** 31,
        keepMs: Infinity,
        nowMs,
        timers: systemClock,
        log,
      }),
    );
    const paths = flightFiles(directory).map(({ path }) => path);
    const startedMs = performance.now();
    const { frames, difference } = replay({ paths });
    const tookMs = performance.now() - startedMs;
    if (frames !== devices * seconds || difference !== undefined)
      throw new Error(`${frames} frames replayed; ${JSON.stringify(difference)}`);
    const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
    return { replayed: seconds / (tookMs / 1000), judged, recording, bytes };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
