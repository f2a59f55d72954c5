import { createHash } from 'node:crypto';
import type { VenueConfig } from '../config/schema.ts';
import type { WHENS } from '../config/sections/plan.ts';
import type { Plan } from './plan.ts';

export type When = (typeof WHENS)[number];
type Planned = Plan['commands'][number];

/**
 * `sent`: not confirmed yet; `overdue`: not in time either; `confirmed`: by the actuator; `done`: a person has seen to it;
 * `void`: another one has taken its place.
 */
export type OrderPhase = 'sent' | 'overdue' | 'confirmed' | 'done' | 'void';

/** A command of the plan to an actuator, until it is known to be carried out. Plain JSON, kept with every change. */
export interface Order {
  /** The same with each repetition, and when an event is judged again after a crash: an actuator does it once. */
  readonly id: string;
  readonly alarm: string;
  readonly device: string;
  readonly do: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly when: When;
  readonly issuedMs: number;
  /** It has to be confirmed within so long. */
  readonly withinMs: number;
  readonly phase: OrderPhase;
  /** How often it was sent. */
  readonly attempts: number;
  /** When it is sent again or, with the last time over, overdue. */
  readonly nextMs: number;
  readonly dueMs: number;
  /** It was on its way when the gateway ended. */
  readonly isResumed?: true;
  readonly settledMs?: number;
  readonly by?: string;
  readonly comment?: string;
}

/** Messages are lost, and actuators reconnect: told so often, evenly within the time to confirm. */
const ATTEMPTS = 4;

export const ORDER_PREFIX = 'order.';

const idOf = (alarm: string, { device, do: what, with: fields, when }: Planned, atMs: number): string =>
  ORDER_PREFIX +
  createHash('sha256')
    .update(JSON.stringify([alarm, device, what, fields ?? null, when, Math.round(atMs)]))
    .digest('base64url')
    .slice(0, 16);

/** `atMs`: when its moment was; it may be told later, where the gateway was down. */
export const orderOf = (alarm: string, planned: Planned, atMs: number, nowMs: number): Order => {
  const { device, do: what, with: fields, when, confirmWithinSeconds } = planned;
  const withinMs = confirmWithinSeconds * 1000;
  return {
    id: idOf(alarm, planned, atMs),
    alarm,
    device,
    do: what,
    ...(fields === undefined ? {} : { with: fields }),
    when,
    issuedMs: atMs,
    withinMs,
    phase: 'sent',
    attempts: 0,
    nextMs: nowMs,
    dueMs: nowMs + withinMs,
  };
};

export const isSettled = ({ phase }: Order): boolean => phase !== 'sent' && phase !== 'overdue';

const fieldsOf = (fields: Order['with']): string => JSON.stringify(Object.entries(fields ?? {}).toSorted());

/** Whether it is what the plan asks for there. */
export const isOf = (order: Order, planned: Planned): boolean =>
  order.device === planned.device &&
  order.do === planned.do &&
  order.when === planned.when &&
  fieldsOf(order.with) === fieldsOf(planned.with);

/** A cleared alarm closes, mostly in the same moment: what is commanded then belongs together. */
const stageOf = (when: When): When => (when === 'closed' ? 'cleared' : when);

/**
 * Whether a command makes an earlier one of the same alarm void: a sign that is to be switched off must not be switched
 * on again by a repetition. Two that belong to one stage go side by side.
 */
export const takesPlaceOf = (planned: Planned, earlier: Order): boolean =>
  !isSettled(earlier) && earlier.device === planned.device && stageOf(earlier.when) !== stageOf(planned.when);

/** What has to be done about an order at a moment. */
export interface Step {
  readonly order: Order;
  readonly does: 'send' | 'give-up' | 'nothing';
}

export const stepped = (order: Order, nowMs: number): Step => {
  if (order.phase !== 'sent' || order.nextMs > nowMs) return { order, does: 'nothing' };
  if (order.dueMs <= nowMs) return { order: { ...order, phase: 'overdue' }, does: 'give-up' };
  const nextMs = Math.min(nowMs + order.withinMs / ATTEMPTS, order.dueMs);
  return { order: { ...order, attempts: order.attempts + 1, nextMs }, does: 'send' };
};

/**
 * The gateway is back. What was on its way is sent once more at least, when actuators have had the time to connect, and
 * says so; its confirmation may have come while nobody listened.
 */
export const resumed = (order: Order, nowMs: number): Order => {
  if (order.phase !== 'sent') return order;
  const gapMs = order.withinMs / ATTEMPTS;
  return { ...order, isResumed: true, nextMs: nowMs + gapMs, dueMs: Math.max(order.dueMs, nowMs + 2 * gapMs) };
};

/** Where it ends. */
export const settled = (
  order: Order,
  phase: 'confirmed' | 'done' | 'void',
  settledMs: number,
  said: Pick<Order, 'by' | 'comment'> = {},
): Order => ({ ...order, ...said, phase, settledMs });

/** When an order wants to be looked at, milliseconds; Infinity: never. */
export const orderDueMs = ({ phase, nextMs }: Order): number => (phase === 'sent' ? nextMs : Infinity);

/** What the actuator is sent. Fields of the plan do not go over those that make it a command. */
export const payloadOf = ({ id, do: what, with: fields, alarm, issuedMs, attempts, isResumed }: Order): object => ({
  ...fields,
  id,
  do: what,
  alarm,
  issuedAt: new Date(Math.round(issuedMs)).toISOString(),
  attempt: attempts,
  ...(isResumed === undefined ? {} : { afterRestart: true }),
});

/** Where actuators are, as the venue file has it. */
export const zoneOf = ({ devices, badges }: Pick<VenueConfig, 'devices' | 'badges'>, id: string): string | undefined =>
  (Object.hasOwn(devices, id) ? devices[id] : Object.hasOwn(badges, id) ? badges[id] : undefined)?.zone;
