import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { App } from '../../../gateway/app.ts';
import { runReplay } from '../../../gateway/cli/replay.ts';
import { readScenario } from '../../../gateway/cli/scenario/file.ts';
import { play } from '../../../gateway/cli/scenario/play.ts';
import { readVenueFile } from '../../../gateway/config/load.ts';
import type { GatewayEvent } from '../../../gateway/events.ts';
import { canonicalLine } from '../../../gateway/flight/canonical.ts';
import { recordingOf, replayed, START_MS } from './fixture.ts';

const SCENARIO = new URL('../../../firmware-sim/scenarios/fall.yaml', import.meta.url).pathname;
const SPEED = 100;

const directory = mkdtempSync(join(tmpdir(), 'muster-replayed-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The real gateway and the real devices' process; answers what the gateway emitted. */
const playOnce = async (epochMs: number): Promise<readonly string[]> => {
  const scenario = readScenario(SCENARIO);
  const emitted: string[] = [];
  const played = await play({
    scenario,
    config: readVenueFile(scenario.venueFile),
    speed: SPEED,
    epochMs,
    mqttPort: 0,
    httpPort: 0,
    storeDirectory: directory,
    signal: new AbortController().signal,
    onStart: (app: App) => {
      app.hotPath.events.listen((event: GatewayEvent) => emitted.push(canonicalLine(event)));
    },
    onEvent: () => undefined,
    onProblem: (line) => emitted.push(line),
  });
  if (played.failure !== undefined) throw new Error(played.failure.message);
  return emitted;
};

describe('two evenings of one gateway, stopped between them', () => {
  const emitted: string[] = [];

  test('are replayed byte for byte, twice', { timeout: 90_000 }, async () => {
    emitted.push(...(await playOnce(START_MS)));
    // Before the first evening is over for the rules: durations run on over the restart.
    emitted.push(...(await playOnce(START_MS + 320_000)));
    expect(emitted.filter((line) => line.includes('"type":"raised"')).length).toBeGreaterThan(1);
    const paths = recordingOf(directory);
    const [first, second] = [replayed(paths), replayed(paths)];
    expect(first.lines).toEqual(emitted);
    expect(second.lines).toEqual(emitted);
    expect(first.result).toMatchObject({ runs: 2, tornBytes: 0, lost: 0, skipped: 0, difference: undefined });
  });

  const told = (path: string, file?: string) => {
    const [out, err]: [string[], string[]] = [[], []];
    const config = file === undefined ? undefined : readVenueFile(file);
    const code = runReplay(
      { path, config, json: false, eventsFile: undefined, locale: 'en', nowMs: () => 0 },
      (text) => void out.push(text),
      (text) => void err.push(text),
    );
    return { code, out: out.join(''), err: err.join('') };
  };

  test('are what muster replay says they are', () => {
    expect(told(directory)).toMatchObject({ code: 0, err: '', out: expect.stringContaining('byte for byte') });
    expect(told(join(directory, 'flight', '00000002.flight'))).toMatchObject({ code: 0 });
    const other = told(directory, readScenario(SCENARIO).venueFile);
    expect(other.code).toBe(0);
    expect(other.out).toContain('the same: ');
    expect(told(SCENARIO)).toMatchObject({ code: 2, err: expect.stringContaining('is not a recording') });
    expect(told(join(directory, 'nothing'))).toMatchObject({ code: 2, err: expect.stringContaining('ENOENT') });
  });
});
