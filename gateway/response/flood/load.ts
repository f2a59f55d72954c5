import type { Alarm, AlarmEvent, AlarmEventType } from '../../../rules/alarms/alarm.ts';
import type { Severity } from '../../../rules/rule.ts';
import type { VenueConfig } from '../../config/schema.ts';
import { Actors, type ChatterWord } from './actors.ts';
import { LoadMeter } from './meter.ts';

/** Stands for the console, where all alarms of the venue are seen. */
export const VENUE = '*';

/** An alarm comes, or comes again: what somebody has to look at. What is held back by people or by design is none. */
const ALARMS: ReadonlySet<AlarmEventType> = new Set(['raised', 'escalated', 'repeated']);

/** People and roles that are measured by themselves at most; all are in the figures of the venue. */
export const OPERATORS_MAX = 1_000;

export interface Load {
  /** An alarm that somebody has to look at; in order. Undefined: it does not chatter. */
  note(event: Pick<AlarmEvent, 'alarm' | 'atMs'>, operators: readonly string[]): ChatterWord | undefined;
  /** Somebody is told of an alarm later than others. */
  joined(operators: readonly string[], severity: Severity, atMs: number): void;
  /** Since when one of them has been in a flood, the one who has for longest. Nobody named: the venue. */
  floodSinceMs(operators: readonly string[], nowMs: number): number | undefined;
  readonly meters: ReadonlyMap<string, LoadMeter>;
  readonly actors: Actors;
  readonly sinceMs: number;
  /** Alarms of people who could not be measured by themselves. */
  readonly unmeasured: number;
}

export const isAlarm = ({ type, alarm }: AlarmEvent): boolean => ALARMS.has(type) && alarm.human === 'unacknowledged';

const actorsOf = ({ chatter }: VenueConfig['flood']): Actors =>
  new Actors({
    alarms: chatter.alarms,
    withinMs: chatter.withinSeconds * 1000,
    quietMs: chatter.quietSeconds * 1000,
    againMs: chatter.againSeconds * 1000,
  });

export const createLoad = (flood: VenueConfig['flood'], sinceMs: number): Load => {
  const meters = new Map([[VENUE, new LoadMeter(flood, sinceMs)]]);
  const actors = actorsOf(flood);
  let unmeasured = 0;

  const count = (operator: string, severity: Severity, atMs: number): void => {
    const known = meters.get(operator);
    if (known === undefined && meters.size > OPERATORS_MAX) {
      unmeasured += 1;
      return;
    }
    const meter = known ?? new LoadMeter(flood, sinceMs);
    if (known === undefined) meters.set(operator, meter);
    meter.note(atMs, severity);
  };
  const countAll = (operators: readonly string[], { severity }: Pick<Alarm, 'severity'>, atMs: number): void => {
    for (const operator of operators) count(operator, severity, atMs);
  };

  return {
    note: ({ alarm, atMs }, operators) => {
      countAll([VENUE, ...operators], alarm, atMs);
      return actors.note(alarm, atMs);
    },
    joined: (operators, severity, atMs) => countAll(operators, { severity }, atMs),
    floodSinceMs: (operators, nowMs) => {
      let since: number | undefined;
      for (const operator of operators.length === 0 ? [VENUE] : operators) {
        const own = meters.get(operator)?.floodSinceMs(nowMs);
        if (own !== undefined) since = Math.min(since ?? own, own);
      }
      return since;
    },
    meters,
    actors,
    sinceMs,
    get unmeasured() {
      return unmeasured;
    },
  };
};
