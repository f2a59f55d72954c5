import type { AlarmNews, AlarmView, ResponseView } from '../../../gateway/api/contract.ts';
import type { Closed, State } from './state.ts';

export type Severity = AlarmView['severity'];

/** Gravest first. */
export const SEVERITIES = ['red', 'orange', 'yellow', 'blue'] as const satisfies readonly Severity[];

export const graveness = (severity: Severity): number => SEVERITIES.length - SEVERITIES.indexOf(severity);

const CLOSED_KEPT = 20;

/** Changes that people must be told of. */
const CALLS: ReadonlySet<AlarmNews['type']> = new Set([
  'raised',
  'escalated',
  'repeated',
  'unshelved',
  'unsuppressed',
  'returned',
  'reminded',
]);

export const isWaiting = (alarm: AlarmView): boolean => alarm.human === 'unacknowledged';

/** Somebody has taken it on; others that do not wait are held back. */
export const isTaken = (alarm: AlarmView): boolean => alarm.human === 'acknowledged';

const before = (a: AlarmView, b: AlarmView): number =>
  graveness(b.severity) - graveness(a.severity) || Date.parse(b.raisedAt) - Date.parse(a.raisedAt);

/** Gravest first, then newest: the order in which somebody has to look at them. */
export const inOrder = (alarms: Iterable<AlarmView>): readonly AlarmView[] => [...alarms].sort(before);

export interface Grouped {
  readonly alarm: AlarmView;
  /** Told with it; not shown by themselves. */
  readonly others: readonly AlarmView[];
}

/** What is told together is one entry: the alarm that was told, or the first of them, and the others behind it. */
export const inGroups = (
  alarms: readonly AlarmView[],
  groupOf: (alarm: string) => ResponseView['group'] | undefined,
): readonly Grouped[] => {
  const counted = new Map<string, AlarmView[]>();
  const shown: AlarmView[] = [];
  const told = new Set(alarms.flatMap(({ id }) => (groupOf(id)?.told === true ? groupOf(id)?.id : undefined)));
  for (const alarm of alarms) {
    const group = groupOf(alarm.id);
    if (group === undefined || group.told) {
      shown.push(alarm);
      continue;
    }
    const others = counted.get(group.id);
    // Nobody speaks for it now: the first of them does here.
    if (others === undefined && !told.has(group.id)) shown.push(alarm);
    counted.set(group.id, others === undefined ? (told.has(group.id) ? [alarm] : []) : [...others, alarm]);
  }
  return shown.map((alarm) => {
    const id = groupOf(alarm.id)?.id ?? '';
    const others = counted.get(id) ?? [];
    counted.delete(id);
    return { alarm, others };
  });
};

const withoutId = <T>(map: ReadonlyMap<string, T>, id: string): ReadonlyMap<string, T> => {
  if (!map.has(id)) return map;
  const rest = new Map(map);
  rest.delete(id);
  return rest;
};

const closedNow = (state: State, alarm: AlarmView, at: string): readonly Closed[] =>
  [{ alarm, at }, ...state.closed.filter((each) => each.alarm.id !== alarm.id)].slice(0, CLOSED_KEPT);

/**
 * One change of one alarm. An acknowledgement that is no longer `unacknowledged` at the gateway is no longer under way
 * here; a later change of the alarm than the one told of stays.
 */
export const takeAlarm = (state: State, { type, at, alarm }: AlarmNews): State => {
  const known = state.alarms.get(alarm.id);
  // The answer to an acknowledgement and the stream race; what changed last is right.
  if (known !== undefined && Date.parse(known.changedAt) > Date.parse(alarm.changedAt)) return state;
  const acknowledging =
    isWaiting(alarm) && type !== 'closed' ? state.acknowledging : withoutId(state.acknowledging, alarm.id);
  if (type === 'closed') {
    const alarms = withoutId(state.alarms, alarm.id);
    return { ...state, acknowledging, alarms, closed: closedNow(state, alarm, at) };
  }
  // An answer that comes after the alarm was closed does not open it again.
  const isAnswer = type === 'acknowledged' || type === 'changed';
  if (isAnswer && known === undefined && state.closed.some((each) => each.alarm.id === alarm.id)) return state;
  const alarms = new Map(state.alarms).set(alarm.id, alarm);
  const call = CALLS.has(type) && isWaiting(alarm) ? { count: (state.call?.count ?? 0) + 1, type, alarm } : state.call;
  return { ...state, acknowledging, alarms, call };
};

/** The list as the gateway has it: what is not on it is over. */
export const takeAlarms = (state: State, alarms: readonly AlarmView[]): State => {
  const open = new Map(alarms.map((alarm) => [alarm.id, alarm]));
  const news = alarms.find((alarm) => isWaiting(alarm) && !state.alarms.has(alarm.id));
  const acknowledging = new Map([...state.acknowledging].filter(([id]) => open.get(id)?.human === 'unacknowledged'));
  const call =
    news === undefined ? state.call : { count: (state.call?.count ?? 0) + 1, type: 'raised' as const, alarm: news };
  return { ...state, alarms: open, acknowledging, call };
};

/** How many wait for somebody, in all and of the gravest kind. */
export const waitingCounts = (
  alarms: ReadonlyMap<string, AlarmView>,
): { readonly all: number; readonly red: number } => {
  let all = 0;
  let red = 0;
  for (const alarm of alarms.values()) {
    if (!isWaiting(alarm)) continue;
    all += 1;
    if (alarm.severity === 'red') red += 1;
  }
  return { all, red };
};
