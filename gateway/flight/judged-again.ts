import type { SourceTrust } from '../../ingest/intake.ts';
import { type AskedAction, isDeed } from '../../rules/alarms/action.ts';
import { bindKeysOf } from '../config/bind-keys.ts';
import { liveVenue } from '../config/live.ts';
import type { VenueConfig } from '../config/schema.ts';
import { trustOf } from '../config/trust.ts';
import type { GatewayEvent } from '../events.ts';
import { createHotPath, type HotPath } from '../hot-path.ts';
import { StartError } from '../start-error.ts';
import { type Beginning, type FlightInput, verdictOf } from './records.ts';
import type { ReplayClock } from './replay-clock.ts';

const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Bind keys are no part of a recording: those that lie in files of this machine are used, the others are missed. */
const keysFor = (config: VenueConfig): ReadonlyMap<string, Uint8Array> => {
  try {
    return bindKeysOf(config);
  } catch (error) {
    if (error instanceof StartError) return new Map();
    throw error;
  }
};

export interface JudgedAgain {
  readonly hotPath: HotPath;
  /** It goes on by another configuration, as the gateway that was recorded did. */
  reload(next: VenueConfig): void;
}

/** The real hot path of a configuration, on the time of a recording. */
export const judgeAgain = (
  config: VenueConfig,
  { snapshot, memories, alarms, outOfService }: Beginning,
  clock: ReplayClock,
  onEvent: (event: GatewayEvent) => void,
): JudgedAgain => {
  const live = liveVenue(config);
  const { registry, rules } = live;
  const trust: ReadonlyMap<string, SourceTrust> = trustOf(config);
  const bindKeys = new Map(keysFor(config));
  const before = { snapshot, memories, alarms, outOfService, trust, bindKeys };
  const hotPath = createHotPath({ registry, rules, clock, sinks: [], log: QUIET, ...before });
  hotPath.events.listen(onEvent);
  const reload = (next: VenueConfig): void => {
    live.swap(next);
    bindKeys.clear();
    for (const [id, key] of keysFor(next)) bindKeys.set(id, key);
    hotPath.reload(next);
  };
  return { hotPath, reload };
};

const ofAlarm = (asked: AskedAction, alarmOf: (id: string) => string): AskedAction =>
  'alarm' in asked ? { ...asked, alarm: alarmOf(asked.alarm) } : asked;

/** What entered by a door enters by it again. `alarmOf`: the alarm that an action is about. */
export const enter = (hotPath: HotPath, input: FlightInput, alarmOf: (id: string) => string = (id) => id): void => {
  switch (input.type) {
    case 'act':
      // What is done about the response, which tells people and devices, changes nothing that is judged.
      if (!isDeed(input.asked)) hotPath.act(ofAlarm(input.asked, alarmOf));
      return;
    case 'occur':
      hotPath.occur(input.occurrence);
      return;
    case 'measured':
      hotPath.measured(input.figure);
      return;
    case 'recount':
      hotPath.recount();
      return;
    case 'report':
      hotPath.report(verdictOf(input.verdict));
  }
};
