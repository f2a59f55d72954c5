import { z } from 'zod';
import type { Random } from '../random.ts';
import { flag, numeric, type SenmlRecord } from '../senml.ts';
import { type ActorKind, type Command, commonOptions, type Effect } from './actor.ts';
import { type BadgeEvent, badgeEvent } from './badge-events.ts';
import { type Activity, acceleration, impact, type Posture, unit, type Vector } from './motion.ts';
import { locate, type Position, wander } from './position.ts';

export const badgeOptions = z.strictObject({
  ...commonOptions,
  type: z.literal('badge'),
  starts: z.enum(['walk', 'stand', 'sit', 'still', 'charge', 'off-duty']).default('walk'),
  upright: z.tuple([z.number(), z.number(), z.number()]).default([0, 0, 1]),
  tremorG: z.number().min(0).max(0.5).default(0).describe('peak of a tremor while still'),
  batteryPercent: z.number().min(0).max(100).default(92),
  drainPercentPerHour: z.number().min(0).max(100).default(4),
  gps: z
    .strictObject({ latitude: z.number(), longitude: z.number(), accuracyM: z.number().positive().default(6) })
    .optional(),
  answersBuzz: z.boolean().default(true),
  cancelsAfterSeconds: z.number().min(0).max(3600).optional().describe('after a buzz the wearer presses cancel'),
});

export type BadgeOptions = z.output<typeof badgeOptions>;

interface BadgeState {
  readonly options: BadgeOptions;
  readonly upright: Vector;
  azimuth: number;
  posture: Posture;
  activity: Activity;
  tremorG: number;
  charging: boolean;
  onDuty: boolean;
  movements: number;
  batteryPercent: number;
  position: Position | undefined;
  /** Set by a fall until the next report has caught it. */
  impactG: number | undefined;
  seq: number;
  /** Up to when movements, battery and position are accounted for. */
  atSeconds: number;
}

const STANDARD_GRAVITY = 9.80665;
const CHARGE_PERCENT_PER_HOUR = 60;
/** Wake-ups of the movement interrupt per second. */
const MOVEMENTS_PER_SECOND: Readonly<Record<Activity, number>> = { walking: 1.2, idle: 0.1, still: 0 };
/** A radio sends a press three times within a second: the same bytes, the same sequence number. */
const PRESS_REPEATS_SECONDS = [0, 0.5, 1] as const;
/** From the blow until the body lies. */
const SETTLE_SECONDS = 1;

const advance = (state: BadgeState, atSeconds: number, random: Random): void => {
  const seconds = Math.max(0, atSeconds - state.atSeconds);
  state.atSeconds = Math.max(state.atSeconds, atSeconds);
  state.movements += random.poisson(MOVEMENTS_PER_SECOND[state.activity] * seconds);
  const perHour = state.charging ? CHARGE_PERCENT_PER_HOUR : -state.options.drainPercentPerHour;
  state.batteryPercent = Math.max(0, Math.min(100, state.batteryPercent + (perHour * seconds) / 3600));
  if (state.position !== undefined && state.activity === 'walking') wander(state.position, seconds, random);
};

const nextSequence = (state: BadgeState): SenmlRecord => {
  state.seq += 1;
  return numeric('seq', 'count', state.seq, 0);
};

const bodyOf = (state: BadgeState) => ({ ...state, upright: state.upright });

const report = (state: BadgeState, atSeconds: number, random: Random): readonly SenmlRecord[] => {
  advance(state, atSeconds, random);
  const body = bodyOf(state);
  const [x, y, z] = state.impactG === undefined ? acceleration(body, random) : impact(body, state.impactG, random);
  state.impactG = undefined;
  return [
    nextSequence(state),
    numeric('acceleration/x', 'm/s2', x * STANDARD_GRAVITY, 3),
    numeric('acceleration/y', 'm/s2', y * STANDARD_GRAVITY, 3),
    numeric('acceleration/z', 'm/s2', z * STANDARD_GRAVITY, 3),
    numeric('movements', 'count', state.movements, 0),
    numeric('battery', '%EL', state.batteryPercent, 1),
    flag('charging', state.charging),
    flag('onDuty', state.onDuty),
    ...(state.position === undefined ? [] : locate(state.position, random)),
  ];
};

const press = (state: BadgeState, name: 'sos' | 'cancel' | 'checkin', down: boolean): readonly Effect[] => {
  const records = [nextSequence(state), flag(name, down)];
  return PRESS_REPEATS_SECONDS.map((inSeconds) => ({ type: 'send', inSeconds, records }));
};

const take = (state: BadgeState, posture: Posture, activity: Activity): readonly Effect[] => {
  state.posture = posture;
  state.activity = activity;
  // The orientation interrupt wakes the radio: a change of posture is reported at once.
  return [{ type: 'report', inSeconds: 0 }];
};

const fall = (state: BadgeState, impactG: number, random: Random): readonly Effect[] => {
  state.impactG = impactG;
  state.azimuth = random.between(0, 2 * Math.PI);
  return [...take(state, 'lying', 'still'), { type: 'report', inSeconds: SETTLE_SECONDS }];
};

const setCharging = (state: BadgeState, charging: boolean): readonly Effect[] => {
  state.charging = charging;
  // It stands in its dock.
  return charging ? take(state, 'upright', 'still') : [{ type: 'report', inSeconds: 0 }];
};

const setOnDuty = (state: BadgeState, onDuty: boolean): readonly Effect[] => {
  state.onDuty = onDuty;
  return [{ type: 'report', inSeconds: 0 }];
};

const act = (state: BadgeState, event: BadgeEvent, random: Random): readonly Effect[] => {
  switch (event.do) {
    case 'walk':
      return take(state, 'upright', 'walking');
    case 'stand':
      return take(state, 'upright', 'idle');
    case 'sit':
      return take(state, 'sitting', 'idle');
    case 'lean':
      return take(state, 'leaning', 'idle');
    case 'bend':
      return take(state, 'bending', 'idle');
    case 'lie':
      return take(state, 'lying', 'idle');
    case 'fall':
      return fall(state, event.impactG, random);
    case 'still':
      state.tremorG = event.tremorG ?? state.options.tremorG;
      return take(state, event.posture ?? state.posture, 'still');
    case 'sos':
      return press(state, 'sos', true);
    case 'release':
      return press(state, 'sos', false);
    case 'cancel':
      return press(state, 'cancel', true);
    case 'checkin':
      return press(state, 'checkin', true);
    case 'charge':
      return setCharging(state, true);
    case 'uncharge':
      return setCharging(state, false);
    case 'off-duty':
      return setOnDuty(state, false);
    case 'on-duty':
      return setOnDuty(state, true);
  }
};

const command = (state: BadgeState, { id, do: what }: Command): readonly Effect[] => {
  if (what !== 'buzz' || !state.options.answersBuzz) return [];
  const confirmed: Effect = { type: 'send', inSeconds: 0, records: [nextSequence(state), { n: 'done', vs: id }] };
  const { cancelsAfterSeconds } = state.options;
  if (cancelsAfterSeconds === undefined) return [confirmed];
  return [confirmed, { type: 'event', inSeconds: cancelsAfterSeconds, event: { do: 'cancel' } }];
};

const START: Readonly<Record<BadgeOptions['starts'], { posture: Posture; activity: Activity }>> = {
  walk: { posture: 'upright', activity: 'walking' },
  stand: { posture: 'upright', activity: 'idle' },
  sit: { posture: 'sitting', activity: 'idle' },
  still: { posture: 'upright', activity: 'still' },
  charge: { posture: 'upright', activity: 'still' },
  'off-duty': { posture: 'upright', activity: 'idle' },
};

/** A staff badge: accelerometer, movement interrupt, battery, button, buzzer, optionally GPS. */
export const badge: ActorKind<BadgeOptions, BadgeState, BadgeEvent> = {
  everySeconds: 5,
  event: badgeEvent,
  listens: true,
  start: (options, random) => ({
    options,
    upright: unit(options.upright),
    azimuth: random.between(0, 2 * Math.PI),
    ...START[options.starts],
    tremorG: options.tremorG,
    charging: options.starts === 'charge',
    onDuty: options.starts !== 'off-duty',
    movements: 0,
    batteryPercent: options.batteryPercent,
    position: options.gps === undefined ? undefined : { ...options.gps, headingRadians: 0 },
    impactG: undefined,
    seq: 0,
    atSeconds: 0,
  }),
  report,
  on: (state, event, atSeconds, random) => {
    advance(state, atSeconds, random);
    return act(state, event, random);
  },
  command,
};
