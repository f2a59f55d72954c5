import { z } from 'zod';
import type { Device } from '../../ingest/model/device.ts';
import type { Sample } from '../../ingest/model/sample.ts';
import { commonShape, guidanceText, NO_SUBJECTS, param, seconds, selects, severitySchema } from '../common.ts';
import { DEFAULT_SILENCE_FACTOR, quietLimitMs } from '../judge/liveness.ts';
import type { Condition, Guidance, Input, RuleState, Severity, Silence, Step, Subject, Venue } from '../rule.ts';
import { defineRuleKind, stay } from '../rule.ts';
import { graver } from '../saying.ts';
import { unheard } from '../silence.ts';

const schema = z.strictObject({
  ...commonShape,
  kind: z.literal('silent').describe('a device that should report does not'),
  factor: param(z.number().min(1).max(100).default(DEFAULT_SILENCE_FACTOR), {
    en: 'silent after this many times the interval at which its profile says that it reports',
    zh: '超过其设备类型上报间隔的此倍数未上报，即为失联',
    unit: 'intervals',
    source: 'choice: two reports may be lost on the air in a row, three are a failure',
  }),
  clearSeconds: param(seconds('it is over once the device has reported for this long').default(0), {
    en: 'off-delay: it is over once the device has reported this long without falling silent',
    zh: '恢复上报并持续此时间后才解除',
    unit: 'seconds',
    source:
      'none: the first report says how things are; longer for a device at the edge of its radio that comes and goes',
  }),
  severity: param(severitySchema.default('yellow'), {
    en: 'severity',
    zh: '级别',
    source: 'rule table of the product',
  }),
  occupiedSeverity: param(severitySchema.default('orange'), {
    en: 'severity for a people counter or camera of a zone with people in it',
    zh: '有人区域的客流计或摄像机失联时的级别',
    source: 'rule table of the product: a crowd that nobody sees',
  }),
});

type Config = z.output<typeof schema>;

/**
 * Entries, exits, and whether persons were seen, as last reported by each people counter of the zone: whether anybody is
 * in it. How many a camera sees does not matter here, so that its every count changes no state.
 */
type Counts = Readonly<Record<string, readonly [entries: number, exits: number, seen: 0 | 1]>>;

const NONE: Counts[string] = [0, 0, 0];

/** What was said when the device fell silent. */
interface Told {
  readonly severity: Severity;
  readonly code: string;
  /** Last heard, or listened for since, judged Unix milliseconds. */
  readonly sinceMs: number;
}

interface SilentState extends RuleState {
  readonly counts: Counts;
  /** Null while it reports. */
  readonly told: Told | null;
  /** Since when it reports again, while that is not long enough; judged Unix milliseconds. */
  readonly backMs?: number;
}

const START: SilentState = { phase: 'unknown', counts: {}, told: null };

const REPORTING: Condition = { phase: 'normal', severity: undefined, reason: { code: 'reporting', params: {} } };

const isOccupied = (counts: Counts): boolean => {
  let inside = 0;
  for (const [entries, exits, seen] of Object.values(counts)) {
    if (seen === 1) return true;
    inside += entries - exits;
  }
  return inside > 0;
};

const counted = (state: SilentState, sample: Sample): SilentState => {
  const { entriesTotal, exitsTotal, occupancyPersons } = sample.metrics;
  const key = sample.channel === '' ? sample.device : `${sample.device}/${sample.channel}`;
  // A device may be called `constructor`.
  const known = state.counts[key];
  const before = Array.isArray(known) ? known : NONE;
  const entries = entriesTotal ?? before[0];
  const exits = exitsTotal ?? before[1];
  const seen = occupancyPersons === undefined ? before[2] : occupancyPersons > 0 ? 1 : 0;
  if (entries === before[0] && exits === before[1] && seen === before[2]) return state;
  return { ...state, counts: { ...state.counts, [key]: [entries, exits, seen] } };
};

const tell = (state: SilentState, told: Told, device: string, nowMs: number): Step<SilentState> => {
  const forSeconds = Math.round((nowMs - told.sinceMs) / 1000);
  const { backMs: _, ...gone } = state;
  return {
    state: { ...gone, phase: 'active', told },
    condition: {
      phase: 'active',
      severity: told.severity,
      value: forSeconds,
      unit: 's',
      reason: { code: told.code, params: { device, seconds: forSeconds } },
    },
  };
};

const severityOf = ({ counts }: SilentState, config: Config): Severity =>
  isOccupied(counts) ? config.occupiedSeverity : config.severity;

const fell = (state: SilentState, input: Silence, config: Config): Step<SilentState> => {
  const { code } = unheard(input);
  const told: Told = { severity: severityOf(state, config), code, sinceMs: input.lastSeenMs ?? input.sinceMs };
  return tell(state, told, input.device, input.nowMs);
};

/** Another counter of its zone has reported: a zone that has filled since makes the silence more serious. */
const watched = (state: SilentState, nowMs: number, subject: Subject, config: Config): Step<SilentState> => {
  const { told } = state;
  if (told === null || state.backMs !== undefined) return waiting(state, config);
  const severity = severityOf(state, config);
  if (!graver(severity, told.severity)) return stay(state);
  return tell(state, { ...told, severity }, subject.device.id, nowMs);
};

const reports = (state: SilentState): Step<SilentState> => {
  const { backMs: _, ...rest } = state;
  return { state: { ...rest, phase: 'normal', told: null }, condition: REPORTING };
};

/** Nothing is said; what was on its way to being over still is. */
const waiting = (state: SilentState, { clearSeconds }: Config): Step<SilentState> =>
  state.backMs === undefined ? stay(state) : { state, wakeAtMs: state.backMs + clearSeconds * 1000 };

/** It is heard: what was silent is over with that, or once it has lasted. */
const lives = (state: SilentState, nowMs: number, config: Config): Step<SilentState> => {
  if (state.phase === 'normal') return stay(state);
  if (state.phase === 'unknown' || config.clearSeconds === 0) return reports(state);
  return waiting(state.backMs === undefined ? { ...state, backMs: nowMs } : state, config);
};

/** It is silent, or again before it had reported for long enough. */
const quiet = (state: SilentState, input: Silence, config: Config): Step<SilentState> =>
  state.phase === 'active' && state.backMs === undefined ? stay(state) : fell(state, input, config);

const step = (state: SilentState, input: Input, subject: Subject, config: Config): Step<SilentState> => {
  switch (input.type) {
    case 'sample': {
      const next = counted(state, input);
      return input.device === subject.device.id
        ? lives(next, input.nowMs, config)
        : watched(next, input.nowMs, subject, config);
    }
    case 'occurrence':
      return input.device === subject.device.id && !input.historical ? lives(state, input.nowMs, config) : stay(state);
    case 'alive':
      return input.device === subject.device.id ? lives(state, input.nowMs, config) : stay(state);
    case 'silence':
      return input.device === subject.device.id ? quiet(state, input, config) : stay(state);
    case 'wake':
      return state.backMs === undefined ? stay(state) : reports(state);
    default:
      return stay(state);
  }
};

/** Ids of the people counters and cameras that speak for a zone, with every device of that zone as the key. */
const countersByZone = (venue: Venue): ReadonlyMap<string, readonly string[]> => {
  const zones = new Map<string, string[]>();
  for (const device of venue.devices.values()) {
    if (device.zone === undefined || !isCounter(device)) continue;
    const ids = zones.get(device.zone) ?? [];
    ids.push(device.id);
    zones.set(device.zone, ids);
  }
  return zones;
};

const isCounter = (device: Device): boolean => device.profile === 'people-counter' || device.profile === 'camera';

/** What one counter of a zone reports matters to all of them. */
const speaksForZone = (device: Device): boolean => device.zone !== undefined && isCounter(device);

const GUIDANCE: Guidance = {
  consequence: { zh: '该设备所看护的情况现在不明。', en: 'What this device watches is unknown now.' },
  action: { zh: '请派人现场确认并检查电源和网络。', en: 'Send somebody to look, and check its power and network.' },
  owner: { zh: '场馆工程师', en: 'venue engineer' },
};

/**
 * No data for `factor` times the expected interval, or the device or its bridge said good-bye. The counter of an
 * occupied zone is more serious: a crowd that nobody sees.
 */
export const silent = defineRuleKind({
  schema,
  guidance: GUIDANCE,
  create: (config, venue) => {
    const counters = countersByZone(venue);
    return {
      id: config.id,
      kind: config.kind,
      latching: config.latching ?? false,
      guidance: guidanceText(config.guidance, GUIDANCE),
      silence: 'own',
      shared: speaksForZone,
      // Who counts people has to know how many.
      reads: isCounter,
      subjects: (device, channel) => {
        if (!device.registered || !selects(config.for, device)) return NO_SUBJECTS;
        if (device.zone !== undefined && isCounter(device)) return counters.get(device.zone) ?? [device.id];
        return channel === '' ? [device.id] : NO_SUBJECTS;
      },
      start: (): RuleState => START,
      step: (state: SilentState, input, subject) => step(state, input, subject, config),
      silentAfterMs: (device) => (selects(config.for, device) ? quietLimitMs(device, config.factor) : undefined),
    };
  },
});
