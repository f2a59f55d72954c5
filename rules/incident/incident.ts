import type { Level, Marks, Scale } from '../levels.ts';
import {
  earlier,
  isBeyond,
  judgeLevels,
  NO_MARKS,
  nextDeadlineMs,
  passTime,
  reachedLevel,
  risingLevel,
} from '../levels.ts';
import type { AlarmChange, Condition, Input, Phase, Severity, Step, Venue } from '../rule.ts';
import { SEVERITIES, stay } from '../rule.ts';
import { graver, type SaidState } from '../saying.ts';
import { affectedZones, counted, NO_ALARMS, type Tally } from './alarm-tally.ts';

type Classes = Readonly<Partial<Record<'yellow' | 'orange' | 'red', number | undefined>>>;

interface IncidentSettings {
  readonly zones: Classes;
  readonly alarms: Classes;
  readonly leastSeverity: Severity;
  readonly ignoreKinds: readonly string[];
  readonly holdSeconds: number;
  readonly clearSeconds: number;
}

export interface IncidentState extends SaidState {
  readonly tally: Tally;
  readonly byZones: Marks;
  readonly byAlarms: Marks;
  /** Affected zones when last said. */
  readonly toldZones: number;
}

export const START: IncidentState = {
  phase: 'normal',
  severity: null,
  told: null,
  tally: NO_ALARMS,
  byZones: NO_MARKS,
  byAlarms: NO_MARKS,
  toldZones: 0,
};

interface Plan {
  readonly venue: Venue;
  readonly zones: Scale;
  readonly alarms: Scale;
  readonly least: number;
  readonly ignored: ReadonlySet<string>;
}

/** `kind`: its own, whose alarms never count. */
export const incidentPlan = (config: IncidentSettings, kind: string, venue: Venue): Plan => {
  const scale = (classes: Classes): Scale => ({
    direction: 'above',
    levels: (['yellow', 'orange', 'red'] as const).flatMap((severity): Level[] => {
      const limit = classes[severity];
      return limit === undefined ? [] : [{ severity, limit, holdMs: config.holdSeconds * 1000 }];
    }),
    clearMs: config.clearSeconds * 1000,
    // Whole numbers: one less is less.
    deadband: 0,
  });
  return {
    venue,
    zones: scale(config.zones),
    alarms: scale(config.alarms),
    least: SEVERITIES.indexOf(config.leastSeverity),
    ignored: new Set([kind, ...config.ignoreKinds]),
  };
};

/** What is unknown is still affected; what has cleared and waits for somebody is not, nor what was taken out by design. */
const counts = ({ least, ignored }: Plan, { kind, severity, condition, human }: AlarmChange): boolean =>
  !ignored.has(kind) &&
  SEVERITIES.indexOf(severity) >= least &&
  (condition === 'active' || condition === 'unknown') &&
  human !== 'suppressed' &&
  human !== 'out-of-service';

interface Judged {
  readonly phase: Phase;
  readonly severity: Severity | undefined;
  readonly by: 'zones' | 'alarms';
  readonly level: Level | undefined;
}

const judged = (plan: Plan, before: Phase, byZones: Marks, byAlarms: Marks): Judged => {
  const pick = (of: (scale: Scale, marks: Marks) => Level | undefined, phase: Phase): Judged | undefined => {
    const zones = of(plan.zones, byZones);
    const alarms = of(plan.alarms, byAlarms);
    const isByAlarms = alarms !== undefined && (zones === undefined || graver(alarms.severity, zones.severity));
    const level = isByAlarms ? alarms : zones;
    if (level === undefined) return undefined;
    return { phase, severity: level.severity, by: isByAlarms ? 'alarms' : 'zones', level };
  };
  const reached = pick(reachedLevel, 'active');
  // What was active ends as normal; a milder class is pending only after that.
  const found = reached ?? (before === 'active' ? undefined : pick(risingLevel, 'pending'));
  return found ?? { phase: 'normal', severity: undefined, by: 'zones', level: undefined };
};

/** So many zones are named; the number says how many there are. */
const NAMED_MAX = 8;

const conditionOf = (
  plan: Plan,
  { phase, severity, by, level }: Judged,
  tally: Tally,
  zones: readonly string[],
): Condition => {
  const value = by === 'zones' ? zones.length : tally.alarms;
  const easing = level !== undefined && !isBeyond(plan[by], level, value);
  const code =
    phase === 'normal' ? 'incident-over' : `incident-${by}${phase === 'pending' ? '-soon' : easing ? '-easing' : ''}`;
  const names = zones.slice(0, NAMED_MAX).join(', ') + (zones.length > NAMED_MAX ? ', …' : '');
  return {
    phase,
    severity,
    reason: { code, params: { zones: zones.length, alarms: tally.alarms, names } },
    value,
    unit: by,
    limit: level?.limit,
  };
};

/** A tenth more alarms are worth telling; a further zone always is. */
const isNews = (state: IncidentState, { phase, severity }: Judged, zones: number, alarms: number): boolean =>
  state.phase !== phase ||
  state.severity !== (severity ?? null) ||
  (phase === 'active' && (zones !== state.toldZones || Math.abs(alarms - (state.told ?? 0)) > (state.told ?? 0) / 10));

const conclude = (
  plan: Plan,
  state: IncidentState,
  tally: Tally,
  byZones: Marks,
  byAlarms: Marks,
): Step<IncidentState> => {
  const zones = affectedZones(tally, plan.venue);
  const found = judged(plan, state.phase, byZones, byAlarms);
  const speak = isNews(state, found, zones.length, tally.alarms);
  const condition = speak ? conditionOf(plan, found, tally, zones) : undefined;
  const { phase, severity = null } = found;
  const said = speak
    ? { told: tally.alarms, toldZones: zones.length }
    : { told: state.told, toldZones: state.toldZones };
  return {
    state: { phase, severity, ...said, tally, byZones, byAlarms },
    condition,
    wakeAtMs: earlier(nextDeadlineMs(plan.zones, byZones), nextDeadlineMs(plan.alarms, byAlarms)),
  };
};

export const stepIncident = (plan: Plan, state: IncidentState, input: Input): Step<IncidentState> => {
  if (input.type === 'alarm') {
    const tally = counted(state.tally, input, counts(plan, input));
    if (tally === state.tally) return stay(state);
    const zones = affectedZones(tally, plan.venue).length;
    const byZones = judgeLevels(plan.zones, state.byZones, zones, input.nowMs);
    const byAlarms = judgeLevels(plan.alarms, state.byAlarms, tally.alarms, input.nowMs);
    return conclude(plan, state, tally, byZones, byAlarms);
  }
  if (input.type !== 'wake') return stay(state);
  const byZones = passTime(plan.zones, state.byZones, input.nowMs);
  const byAlarms = passTime(plan.alarms, state.byAlarms, input.nowMs);
  return byZones === state.byZones && byAlarms === state.byAlarms
    ? stay(state)
    : conclude(plan, state, state.tally, byZones, byAlarms);
};
