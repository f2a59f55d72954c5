import { z } from 'zod';
import type { Occurrence } from '../../ingest/model/sample.ts';
import { commonShape, guidanceText, NO_SUBJECTS, param, seconds, selects } from '../common.ts';
import type { Condition, Guidance, Input, RuleState, Step, Subject } from '../rule.ts';
import { defineRuleKind, stay } from '../rule.ts';
import { isCancelFor } from '../wearer/word.ts';

const schema = z.strictObject({
  ...commonShape,
  kind: z.literal('sos').describe('a call for help: a press on a badge'),
  quietSeconds: param(seconds('presses without identity closer together than this are one').default(10), {
    en: 'presses that carry no identity are one press while they come closer together than this',
    zh: '无标识的按键，间隔短于此时间的视为同一次',
    unit: 'seconds',
    source: 'choice: a radio repeats a press for a second or two, receivers and brokers for a few more',
  }),
  helpMaxAgeSeconds: param(seconds('a late call up to this age still raises as a call').default(3600), {
    en: 'a call that arrives late still raises as a call up to this age; an older one as possibly missed',
    zh: '迟到的求助在此时间以内仍按求助报警，更久则提示可能漏掉',
    unit: 'seconds',
    source: 'choice: within the hour somebody may still lie there; after that, find out first',
  }),
  followUpSeconds: param(seconds('an acknowledged call ends this long after the last press').default(600), {
    en: 'a call that somebody has acknowledged ends this long after the last press',
    zh: '已接警的求助在最后一次按键后多久结束',
    unit: 'seconds',
    source: 'choice: whoever took it on has been there by then; a further press calls again',
  }),
});

type Config = z.output<typeof schema>;

/** How many identities of presses are remembered: DESIGN's last 256 of a device. */
const SEEN_MAX = 256;

/** An identity already told, and when it last came: a radio, a broker or a restart may repeat it. */
interface Seen {
  readonly id: string;
  readonly atMs: number;
}

interface SosState extends RuleState {
  readonly presses: number;
  /** Of the open call; null: none is open. */
  readonly lastPressMs: number | null;
  readonly acknowledged: boolean;
  readonly seen: readonly Seen[];
}

const START: SosState = { phase: 'normal', presses: 0, lastPressMs: null, acknowledged: false, seen: [] };

/** Age of a call at arrival; a badge's clock that runs ahead makes it young, never old. */
const ageSeconds = (press: Occurrence): number =>
  press.timeFrom === 'device' ? Math.max(0, Math.round((press.arrivedMs - press.timeMs) / 1000)) : 0;

/**
 * True for an identity that came within the age up to which a call is one. An older one is a counter that wrapped or
 * that a restart of the badge set back: to take that for a repetition would lose a call.
 */
const isSeen = ({ seen }: SosState, id: string, nowMs: number, config: Config): boolean =>
  seen.some((each) => each.id === id && nowMs - each.atMs <= config.helpMaxAgeSeconds * 1000);

const isRepetition = (state: SosState, press: Occurrence, config: Config): boolean =>
  press.id === undefined
    ? state.lastPressMs !== null && press.nowMs - state.lastPressMs < config.quietSeconds * 1000
    : isSeen(state, press.id, press.nowMs, config);

const remember = (seen: readonly Seen[], id: string | undefined, atMs: number): readonly Seen[] =>
  id === undefined ? seen : [...seen.filter((each) => each.id !== id).slice(-(SEEN_MAX - 1)), { id, atMs }];

const endOf = ({ lastPressMs }: SosState, config: Config): number => (lastPressMs ?? 0) + config.followUpSeconds * 1000;

const repeated = (state: SosState, press: Occurrence, config: Config): Step<SosState> => {
  if (press.id !== undefined) return stay(state);
  // Quiet is counted from the last repetition: one long burst is one press.
  const next: SosState = { ...state, lastPressMs: press.nowMs };
  return { state: next, wakeAtMs: state.acknowledged ? endOf(next, config) : undefined };
};

const pressed = (state: SosState, press: Occurrence, subject: Subject, config: Config): Step<SosState> => {
  if (isRepetition(state, press, config)) return repeated(state, press, config);
  const late = ageSeconds(press);
  const unplaced = press.retained && (press.id === undefined || press.timeFrom === 'arrival');
  const missed = late > config.helpMaxAgeSeconds || unplaced;
  const open = state.phase === 'active';
  const presses = open ? state.presses + 1 : 1;
  const next: SosState = {
    phase: 'active',
    presses,
    lastPressMs: press.nowMs,
    acknowledged: false,
    seen: remember(state.seen, press.id, press.nowMs),
  };
  const code = missed ? 'sos-missed' : subject.device.registered ? 'sos-pressed' : 'sos-unregistered';
  const condition: Condition = {
    phase: 'active',
    severity: missed && !open ? 'orange' : 'red',
    reason: { code, params: { presses, device: subject.device.id } },
    lateBySeconds: late > 0 ? late : undefined,
    again: open ? true : undefined,
  };
  return { state: next, condition };
};

const over = (state: SosState, code: string): Step<SosState> => ({
  state: { ...state, phase: 'normal', presses: 0, lastPressMs: null, acknowledged: false },
  condition: { phase: 'normal', severity: undefined, reason: { code, params: {} } },
});

/** A cancel that is repeated, or late, must not end a call that came after it. */
const cancelled = (state: SosState, cancel: Occurrence, config: Config): Step<SosState> => {
  const id = cancel.id === undefined ? undefined : `cancel ${cancel.id}`;
  if (cancel.retained || state.phase !== 'active' || cancel.nowMs < (state.lastPressMs ?? 0)) return stay(state);
  if (id !== undefined && isSeen(state, id, cancel.nowMs, config)) return stay(state);
  return over({ ...state, seen: remember(state.seen, id, cancel.nowMs) }, 'sos-cancelled');
};

const step = (state: SosState, input: Input, subject: Subject, config: Config): Step<SosState> => {
  switch (input.type) {
    case 'occurrence':
      if (input.kind === 'sos' || input.kind === 'fall') return pressed(state, input, subject, config);
      return isCancelFor(input, config.id) ? cancelled(state, input, config) : stay(state);
    case 'acknowledged': {
      const endsAtMs = endOf(state, config);
      if (state.phase !== 'active') return stay(state);
      if (input.nowMs >= endsAtMs) return over(state, 'sos-answered');
      return { state: { ...state, acknowledged: true }, wakeAtMs: endsAtMs };
    }
    case 'wake':
      return state.acknowledged ? over(state, 'sos-answered') : stay(state);
    default:
      return stay(state);
  }
};

const GUIDANCE: Guidance = {
  consequence: { zh: '有人求助。', en: 'Somebody calls for help.' },
  action: {
    zh: '最近的同事立即前往其位置，确认后在此接警；无法联系时请呼叫急救。',
    en: 'The nearest colleague goes there now and acknowledges; call an ambulance if there is no contact.',
  },
  owner: { zh: '安保主管', en: 'security lead' },
};

/**
 * A call for help: told at once, exactly once for people whatever radios, brokers and restarts repeat, and open until
 * somebody acknowledges it. A further press on an open call alerts again. An unregistered badge calls too.
 */
export const sos = defineRuleKind({
  schema,
  guidance: GUIDANCE,
  create: (config) => ({
    id: config.id,
    kind: config.kind,
    latching: config.latching ?? true,
    guidance: guidanceText(config.guidance, GUIDANCE),
    silence: 'own',
    shared: () => false,
    reads: () => false,
    // A stranger has neither profile, zone nor role to be selected by.
    subjects: (device, channel) =>
      channel === '' && (!device.registered || selects(config.for, device)) ? [device.id] : NO_SUBJECTS,
    start: () => START,
    step: (state: SosState, input, subject) => step(state, input, subject, config),
  }),
});
