import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { App } from '../../../../gateway/app.ts';
import { readScenario } from '../../../../gateway/cli/scenario/file.ts';
import { play } from '../../../../gateway/cli/scenario/play.ts';
import { readVenueFile } from '../../../../gateway/config/load.ts';
import { hasNoble } from '../../../noble.ts';
import { hasSocat } from '../../../pty.ts';

const SCENARIO = join(import.meta.dirname, '../../../../firmware-sim/scenarios/hardware/badges.yaml');

test.skipIf(!hasSocat || !hasNoble)(
  'a hall of badges: one press on three radios is one call for help; a radio with noise, one that resets, one unplugged',
  async () => {
    const scenario = readScenario(SCENARIO);
    const happened: string[] = [];
    const ends: ReturnType<App['health']>[] = [];
    const played = await play({
      scenario,
      config: readVenueFile(scenario.venueFile),
      speed: 5,
      mqttPort: 0,
      httpPort: 0,
      signal: new AbortController().signal,
      onProblem: () => undefined,
      onEvent: (event) => 'alarm' in event && happened.push(`${event.alarm.kind} ${event.alarm.subject} ${event.type}`),
      onEnd: async (app) => void ends.push(app.health()),
    });
    expect(played).not.toHaveProperty('failure');
    // The buzz went out over a connection, and was confirmed: else the tilt had not waited for its whole pre-alarm.
    expect(happened.filter((line) => line.endsWith(' raised'))).toEqual([
      'sos steward-1 raised',
      'tilt steward-2 raised',
    ]);
    const [health] = ends;
    const counters = Object.fromEntries((health?.sources ?? []).map((source) => [source.id, source.counters]));
    expect(counters.west).toMatchObject({ opened: 2 });
    expect(counters.east).toMatchObject({ controllerResets: 1, opened: 1 });
    expect(counters.stage?.garbageBytes).toBeGreaterThan(0);
  },
  120_000,
);
