import type { DeedResult, ResponseDeed } from '../../rules/alarms/action.ts';
import type { Alarm, AlarmEvent } from '../../rules/alarms/alarm.ts';
import type { Text } from '../../rules/rule.ts';
import type { VenueConfig } from '../config/schema.ts';
import type { Decision, KeptResponse, ResponseEntry } from './decision.ts';
import { createFollowUps, type FollowUps, type FollowUpsOptions } from './follow-ups.ts';
import { createFreezes, type Freezes } from './freezes.ts';
import { type When, zoneOf } from './order.ts';
import { createOrders, type Orders, type OrdersOptions } from './orders.ts';
import type { Plan } from './plan.ts';

export interface MeasuresOptions extends Pick<OrdersOptions, 'send' | 'report'>, Pick<FollowUpsOptions, 'remind'> {
  readonly config: Pick<VenueConfig, 'plan' | 'people' | 'venue' | 'devices' | 'badges'>;
  readonly kept: KeptResponse;
  /** What people call a zone, a device, a role. */
  name(id: string): Text;
  keep(entry: ResponseEntry): void;
  /** Something was decided of an operation. */
  onFreeze(decision: Decision): void;
  /** Something was decided of a command, or of work that follows. */
  onMeasure(decision: Decision): void;
  /** A measure of this alarm is another now. */
  onChange(alarm: string): void;
}

/** What a plan asks for beside telling people: work that stops, actuators that act, work that follows. */
export interface Measures {
  readonly freezes: Pick<Freezes, 'all'>;
  readonly orders: Pick<Orders, 'all' | 'of' | 'confirm' | 'counters'>;
  readonly followUps: Pick<FollowUps, 'all' | 'of' | 'counters'>;
  /** A plan begins. */
  begin(event: AlarmEvent, plan: Plan, nowMs: number): void;
  /** An alarm whose plan has begun goes on; true where that is a moment of the plan. */
  take(event: AlarmEvent, plan: Plan, nowMs: number): boolean;
  /** An alarm is over. */
  closed(alarm: Alarm, atMs: number): void;
  act(deed: ResponseDeed): DeedResult;
  /** Goes on with what an earlier run had begun. */
  resume(open: readonly Alarm[], nowMs: number): void;
  wake(nowMs: number): void;
  nextDueMs(): number;
  /** A new store has to know how far things are. */
  keepAgain(atMs: number): void;
}

/** When a command of the plan is due; it is so that events of an alarm are called. */
const MOMENTS: ReadonlyMap<string, When> = new Map([
  ['acknowledged', 'acknowledged'],
  ['cleared', 'cleared'],
  ['closed', 'closed'],
]);

export const createMeasures = (options: MeasuresOptions): Measures => {
  const { config, kept, name, keep, onChange, send, report, remind } = options;
  const freezes = createFreezes({ config, kept: kept.frozen, name, keep, onDecision: options.onFreeze });
  const onDecision = options.onMeasure;
  const orders = createOrders({
    kept: kept.orders,
    name,
    zoneOf: (device) => zoneOf(config, device),
    keep,
    onDecision,
    onChange,
    send,
    report,
  });
  const timezone = (): string => config.venue.timezone;
  const followUps = createFollowUps({ kept: kept.followUps, timezone, keep, onDecision, onChange, remind });

  return {
    freezes,
    orders,
    followUps,
    begin: (event, plan, nowMs) => {
      const { alarm, atMs } = event;
      freezes.freeze(alarm, plan, atMs);
      orders.issue(event, plan, 'raised', nowMs);
      followUps.begin(alarm, plan, atMs);
    },
    take: (event, plan, nowMs) => {
      const when = MOMENTS.get(event.type);
      if (when !== undefined) orders.issue(event, plan, when, nowMs);
      return when !== undefined;
    },
    closed: (alarm, atMs) => {
      orders.closed(alarm.id, atMs);
      followUps.closed(alarm, atMs);
    },
    act: (deed) => {
      switch (deed.type) {
        case 'lift':
          return freezes.lift(deed);
        case 'command-done':
          return orders.done(deed);
        case 'follow-up-done':
          return followUps.done(deed);
      }
    },
    resume: orders.resume,
    wake: (nowMs) => {
      followUps.wake(nowMs);
      // Last, for it may raise an alarm.
      orders.wake(nowMs);
    },
    nextDueMs: () => Math.min(orders.nextDueMs(), followUps.nextDueMs()),
    keepAgain: (atMs) => {
      for (const frozen of freezes.all()) keep({ type: 'frozen', atMs, frozen });
      for (const order of orders.all()) keep({ type: 'order', atMs, order });
      for (const followUp of followUps.all()) keep({ type: 'follow-up', atMs, followUp });
    },
  };
};
