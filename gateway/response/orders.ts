import type { Occurrence } from '../../ingest/model/sample.ts';
import type { CommandDone, DeedResult } from '../../rules/alarms/action.ts';
import type { Alarm, AlarmEvent } from '../../rules/alarms/alarm.ts';
import type { ConditionVerdict } from '../../rules/engine.ts';
import type { Text } from '../../rules/rule.ts';
import { ACTUATOR_SUBJECT, actuatorVerdict } from '../alarms/health.ts';
import { Book } from './book.ts';
import type { Decision, DecisionType, ResponseEntry } from './decision.ts';
import {
  commandDoneReason,
  commandText,
  confirmedReason,
  overdueCommandReason,
  resumedReason,
  sentReason,
  voidReason,
} from './measure-texts.ts';
import {
  isOf,
  isSettled,
  ORDER_PREFIX,
  type Order,
  orderDueMs,
  orderOf,
  payloadOf,
  resumed,
  settled,
  stepped,
  takesPlaceOf,
  type When,
} from './order.ts';
import type { Plan } from './plan.ts';

export interface OrdersOptions {
  readonly kept: readonly Order[];
  name(id: string): Text;
  zoneOf(device: string): string | undefined;
  keep(entry: ResponseEntry): void;
  onDecision(decision: Decision): void;
  /** An order of this alarm is another now. */
  onChange(alarm: string): void;
  send(device: string, payload: object): void;
  report(verdict: ConditionVerdict): void;
}

/** What actuators were told and have not confirmed, and all that was told for open alarms. */
export interface Orders {
  issue(event: Pick<AlarmEvent, 'type' | 'alarm' | 'atMs'>, plan: Plan, when: When, nowMs: number): void;
  /** An actuator says that it has done something. Tells nobody in this turn. */
  confirm(occurrence: Pick<Occurrence, 'device' | 'attributes'>, atMs: number): void;
  done(deed: CommandDone): DeedResult;
  closed(alarm: string, atMs: number): void;
  resume(open: readonly Alarm[], nowMs: number): void;
  wake(nowMs: number): void;
  /** Milliseconds; Infinity: nothing waits. */
  nextDueMs(): number;
  all(): readonly Order[];
  of(alarm: string): readonly Order[];
  readonly counters: Readonly<OrderCounters>;
}

export interface OrderCounters {
  issued: number;
  sent: number;
  confirmed: number;
  overdue: number;
  /** Confirmations of what was never ordered, or by another device. */
  strayConfirmations: number;
  /** Forgotten for want of room. */
  dropped: number;
}

/** Of an evening that raises all it can; what is settled goes first, then the oldest. */
const ORDERS_MAX = 1000;

/** An actuator that does not answer. It is told nothing for that, and nor is another: that would go round for ever. */
const isOfActuator = ({ kind, subject }: Alarm): boolean =>
  kind === 'gateway-health' && subject.startsWith(ACTUATOR_SUBJECT);

export const createOrders = (options: OrdersOptions): Orders => {
  const { name, keep } = options;
  const kept = options.kept.toSorted((a, b) => a.issuedMs - b.issuedMs);
  const orders = new Book<Order>(
    kept.map((order) => [order.id, order]),
    ({ alarm }) => alarm,
  );
  const open = new Set<string>();
  /** Actuators of which people know that they have not confirmed. */
  const lamented = new Set<string>();
  /** Something of these has changed, which is to be told in a turn of its own. */
  const changed = new Set<string>();
  const counters: OrderCounters = { issued: 0, sent: 0, confirmed: 0, overdue: 0, strayConfirmations: 0, dropped: 0 };

  const put = (order: Order, atMs: number): void => {
    orders.put(order.id, order);
    if (isSettled(order) && !open.has(order.alarm)) forget(order.id, atMs);
    else keep({ type: 'order', atMs, order });
  };
  const forget = (id: string, atMs: number): void => {
    orders.delete(id);
    keep({ type: 'order-gone', atMs, id });
  };
  const say = (order: Order, type: DecisionType, atMs: number, reason: Decision['reason'], by?: string): void => {
    options.onDecision({ type, alarm: order.alarm, atMs, reason, ...(by === undefined ? {} : { by }) });
    options.onChange(order.alarm);
  };

  const makeRoom = (atMs: number): void => {
    if (orders.size < ORDERS_MAX) return;
    const all = orders.all();
    const first = all.find(isSettled) ?? all[0];
    if (first === undefined) return;
    counters.dropped += 1;
    changed.add(first.device);
    forget(first.id, atMs);
  };

  const send = (order: Order): void => {
    counters.sent += 1;
    options.send(order.device, payloadOf(order));
  };

  const look = (before: Order, nowMs: number): void => {
    const { order, does } = stepped(before, nowMs);
    if (does === 'nothing') return;
    put(order, nowMs);
    if (does === 'send') {
      send(order);
      return;
    }
    counters.overdue += 1;
    changed.add(order.device);
    say(order, 'command-overdue', nowMs, overdueCommandReason(name(order.device), order));
  };

  const settle = (order: Order, atMs: number): void => {
    changed.add(order.device);
    put(order, atMs);
  };

  /** All that an actuator owes is one alarm, which ends with the last of it. */
  const judge = (device: string, nowMs: number): void => {
    const owed = orders.all().filter((order) => order.device === device && order.phase === 'overdue');
    const last = owed.at(-1);
    if ((last !== undefined) === lamented.has(device)) return;
    if (last === undefined) lamented.delete(device);
    else lamented.add(device);
    const word = {
      device,
      zone: options.zoneOf(device),
      name: name(device),
      command: owed.map(commandText).join(', '),
      seconds: (last?.withinMs ?? 0) / 1000,
    };
    options.report(actuatorVerdict({ ...word, says: last === undefined ? 'settled' : 'overdue' }, nowMs));
  };

  const issueOne = (order: Order, planned: Plan['commands'][number], nowMs: number): void => {
    makeRoom(nowMs);
    for (const earlier of orders.of(order.alarm)) {
      if (!takesPlaceOf(planned, earlier)) continue;
      settle(settled(earlier, 'void', nowMs), nowMs);
      say(earlier, 'command-void', nowMs, voidReason(name(earlier.device), earlier, order));
    }
    counters.issued += 1;
    orders.put(order.id, order);
    say(order, 'command-sent', nowMs, sentReason(name(order.device), order));
    look(order, nowMs);
  };

  return {
    issue: ({ type, alarm, atMs }, plan, when, nowMs) => {
      if (type !== 'closed') open.add(alarm.id);
      if (isOfActuator(alarm)) return;
      for (const planned of plan.commands.filter((each) => each.when === when)) {
        const before = orders.of(alarm.id).filter((order) => isOf(order, planned));
        // Once while an alarm stands; again where it comes back, is pressed again, or is acknowledged again.
        const isOnce = when === 'raised' && type !== 'repeated';
        const isUnderWay = before.some((order) => order.phase === 'sent');
        if (!isUnderWay && (!isOnce || before.every(({ phase }) => phase === 'void')))
          issueOne(orderOf(alarm.id, planned, atMs, nowMs), planned, nowMs);
      }
    },
    confirm: ({ device, attributes: { id } }, atMs) => {
      if (typeof id !== 'string' || !id.startsWith(ORDER_PREFIX)) return;
      const order = orders.get(id);
      if (order?.device !== device) {
        counters.strayConfirmations += 1;
        return;
      }
      if (isSettled(order)) return;
      counters.confirmed += 1;
      const seconds = Math.round((atMs - order.issuedMs) / 100) / 10;
      settle(settled(order, 'confirmed', atMs), atMs);
      say(order, 'command-confirmed', atMs, confirmedReason(name(device), order, seconds));
    },
    done: ({ command, by, atMs, comment }) => {
      const order = orders.get(command);
      if (order === undefined) return { ok: false, reason: 'no-such-command' };
      if (isSettled(order)) return { ok: false, reason: 'already-done' };
      settle(settled(order, 'done', atMs, { by, comment }), atMs);
      say(order, 'command-done', atMs, commandDoneReason(name(order.device), order, by, comment), by);
      return { ok: true };
    },
    closed: (alarm, atMs) => {
      open.delete(alarm);
      for (const order of orders.all()) if (order.alarm === alarm && isSettled(order)) forget(order.id, atMs);
    },
    resume: (alarms, nowMs) => {
      for (const alarm of alarms) {
        open.add(alarm.id);
        if (!isOfActuator(alarm)) continue;
        const device = alarm.subject.slice(ACTUATOR_SUBJECT.length);
        lamented.add(device);
        changed.add(device);
      }
      for (const order of orders.all()) {
        if (order.phase === 'overdue') changed.add(order.device);
        const now = resumed(order, nowMs);
        if (now !== order || (isSettled(order) && !open.has(order.alarm))) put(now, nowMs);
        if (order.phase === 'sent') say(order, 'command-resumed', nowMs, resumedReason(name(order.device), order));
      }
    },
    wake: (nowMs) => {
      for (const order of orders.all()) look(order, nowMs);
      const devices = [...changed];
      changed.clear();
      for (const device of devices) judge(device, nowMs);
    },
    nextDueMs: () => {
      let dueMs = changed.size > 0 ? -Infinity : Infinity;
      for (const order of orders.values()) dueMs = Math.min(dueMs, orderDueMs(order));
      return dueMs;
    },
    all: () => orders.all(),
    of: (alarm) => orders.of(alarm),
    counters,
  };
};
