import type { RefusalCode } from './action.ts';
import type { AlarmCondition, AlarmEventType, AlarmHuman } from './alarm.ts';

/**
 * The life of an alarm as one table: what stands, what happens, what stands then and what is told of it. After
 * ISA-18.2-2016 figure "alarm state transition diagram", IEC 62682:2022 clause 5.4 and OPC UA Part 9 clause 5.8
 * (acknowledgeable condition, shelving, suppression, out of service).
 *
 * Two axes: the condition is what the rule says, the human axis what people did. A condition that is `unknown` goes
 * through no row that clears.
 */
export const LIFE_EVENTS = [
  // The rule says active: no graver than before, graver, or `again` (a further press).
  'active',
  'rise',
  'again',
  // The rule says pending, normal or unknown.
  'pending',
  'normal',
  'unknown',
  // People.
  'acknowledge',
  'shelve',
  'shelve-once',
  'unshelve',
  'remove',
  'return',
  'comment',
  'assign',
  // Time.
  'shelf-over',
  'realarm',
  // The alarm that suppresses it by design begins or ends to do so.
  'suppress',
  'unsuppress',
  // Its wearer is in another zone.
  'move',
  // Its rule is one of another kind now, and raises an alarm of that.
  'replace',
] as const;
export type LifeEvent = (typeof LIFE_EVENTS)[number];

export const HUMANS = [
  'unacknowledged',
  'acknowledged',
  'shelved',
  'suppressed',
  'out-of-service',
] as const satisfies readonly AlarmHuman[];

/** Conditions of an open alarm; `pending` is of rules alone: nothing has been raised yet. */
export const CONDITIONS = ['active', 'unknown', 'cleared'] as const satisfies readonly AlarmCondition[];
export type OpenCondition = (typeof CONDITIONS)[number];

/** Where an alarm comes to. It is over where `tells` ends with `closed`. */
export interface Move {
  readonly condition: OpenCondition;
  readonly human: AlarmHuman;
  readonly tells: readonly AlarmEventType[];
}

/** `latched`: its rule latches, and nobody has acknowledged it. */
interface Latching {
  readonly latched: Move;
  readonly free: Move | 'stays';
}

type Cell = Move | { readonly refused: RefusalCode } | Latching | 'stays';

/** A cell for each of HUMANS, in their order. */
type Row = readonly [Cell, Cell, Cell, Cell, Cell];
type Rows = Readonly<Record<LifeEvent, Row>>;

const STAYS = 'stays';
const to = (condition: OpenCondition, human: AlarmHuman, ...tells: readonly AlarmEventType[]): Move => ({
  condition,
  human,
  tells,
});
const no = (refused: RefusalCode) => ({ refused });
const latch = (latched: Move, free: Move | 'stays'): Cell => ({ latched, free });
const all = (cell: Cell): Row => [cell, cell, cell, cell, cell];
/** The human axis stands as it is. */
const as = (condition: OpenCondition, tell: AlarmEventType): Row => [
  to(condition, 'unacknowledged', tell),
  to(condition, 'acknowledged', tell),
  to(condition, 'shelved', tell),
  to(condition, 'suppressed', tell),
  to(condition, 'out-of-service', tell),
];
/** People have to look again, whatever they did before. */
const call = (tell: AlarmEventType): Row => all(to('active', 'unacknowledged', tell));
const over = (human: AlarmHuman, ...tells: readonly AlarmEventType[]): Move => to('cleared', human, ...tells, 'closed');
const REPLACED: Row = [
  over('unacknowledged'),
  over('acknowledged'),
  over('shelved'),
  over('suppressed'),
  over('out-of-service'),
];

/** What is alike while a condition is active and while it is unknown: what people do, and time. */
const handled = (condition: 'active' | 'unknown') => {
  const waits = (tell: AlarmEventType) => to(condition, 'unacknowledged', tell);
  const taken = to(condition, 'acknowledged', 'acknowledged');
  const shelved = to(condition, 'shelved', 'shelved');
  const away = to(condition, 'out-of-service', 'out-of-service');
  const shelve: Row = [shelved, shelved, shelved, no('suppressed'), no('out-of-service')];
  const unshelve: Row = [
    no('not-shelved'),
    no('not-shelved'),
    waits('unshelved'),
    no('not-shelved'),
    no('not-shelved'),
  ];
  return {
    pending: all(STAYS),
    normal: [
      latch(to('cleared', 'unacknowledged', 'cleared'), over('unacknowledged', 'cleared')),
      over('acknowledged', 'cleared'),
      to('cleared', 'shelved', 'cleared'),
      latch(to('cleared', 'suppressed', 'cleared'), over('suppressed', 'cleared')),
      over('out-of-service', 'cleared'),
    ],
    acknowledge: [taken, STAYS, taken, no('suppressed'), no('out-of-service')],
    shelve,
    'shelve-once': shelve,
    unshelve,
    remove: [away, away, away, away, STAYS],
    return: [no('in-service'), no('in-service'), no('in-service'), no('in-service'), waits('returned')],
    comment: as(condition, 'commented'),
    assign: as(condition, 'assigned'),
    'shelf-over': unshelve,
    realarm: [
      no('not-acknowledged'),
      waits('reminded'),
      no('not-acknowledged'),
      no('not-acknowledged'),
      no('not-acknowledged'),
    ],
    // Whoever has taken it on, or has put it on the shelf, knows of it already.
    suppress: [to(condition, 'suppressed', 'suppressed'), STAYS, STAYS, STAYS, STAYS],
    unsuppress: [STAYS, STAYS, STAYS, waits('unsuppressed'), STAYS],
    move: as(condition, 'changed'),
    replace: REPLACED,
  } satisfies Partial<Rows>;
};

const ACTIVE: Rows = {
  ...handled('active'),
  active: as('active', 'changed'),
  rise: call('escalated'),
  again: call('repeated'),
  unknown: as('unknown', 'unknown'),
};

const UNKNOWN: Rows = {
  ...handled('unknown'),
  active: as('active', 'changed'),
  rise: call('escalated'),
  again: call('repeated'),
  unknown: all(STAYS),
};

/** No alarm of these two is left open once it has cleared. */
const NEVER = no('impossible');
/** Of an alarm that has cleared and is open yet: latched, on the shelf, or both and suppressed. */
const cleared = (waiting: Cell, shelved: Cell, suppressed: Cell): Row => [waiting, NEVER, shelved, suppressed, NEVER];
const back = (tell: AlarmEventType, shelved: Cell): Row =>
  cleared(to('active', 'unacknowledged', tell), shelved, to('active', 'unacknowledged', tell));
const unshelved = latch(to('cleared', 'unacknowledged', 'unshelved'), over('unacknowledged', 'unshelved'));
const gone = over('out-of-service', 'out-of-service');

const CLEARED: Rows = {
  active: back('repeated', to('active', 'shelved', 'changed')),
  rise: back('escalated', to('active', 'unacknowledged', 'escalated')),
  again: back('repeated', to('active', 'unacknowledged', 'repeated')),
  pending: cleared(STAYS, STAYS, STAYS),
  normal: cleared(STAYS, STAYS, STAYS),
  // But for the latch or the shelf it would be over, and what is over does not become unknown: when it is active again,
  // people are told again.
  unknown: cleared(STAYS, STAYS, STAYS),
  acknowledge: cleared(over('acknowledged', 'acknowledged'), over('acknowledged', 'acknowledged'), no('suppressed')),
  shelve: cleared(to('cleared', 'shelved', 'shelved'), to('cleared', 'shelved', 'shelved'), no('suppressed')),
  'shelve-once': cleared(no('cleared'), no('cleared'), no('suppressed')),
  unshelve: cleared(no('not-shelved'), unshelved, no('not-shelved')),
  remove: cleared(gone, gone, gone),
  return: cleared(no('in-service'), no('in-service'), no('in-service')),
  comment: cleared(
    to('cleared', 'unacknowledged', 'commented'),
    to('cleared', 'shelved', 'commented'),
    to('cleared', 'suppressed', 'commented'),
  ),
  assign: cleared(
    to('cleared', 'unacknowledged', 'assigned'),
    to('cleared', 'shelved', 'assigned'),
    to('cleared', 'suppressed', 'assigned'),
  ),
  'shelf-over': cleared(no('not-shelved'), unshelved, no('not-shelved')),
  realarm: cleared(no('not-acknowledged'), no('not-acknowledged'), no('not-acknowledged')),
  suppress: cleared(to('cleared', 'suppressed', 'suppressed'), STAYS, STAYS),
  unsuppress: cleared(STAYS, STAYS, to('cleared', 'unacknowledged', 'unsuppressed')),
  move: cleared(
    to('cleared', 'unacknowledged', 'changed'),
    to('cleared', 'shelved', 'changed'),
    to('cleared', 'suppressed', 'changed'),
  ),
  replace: cleared(over('unacknowledged'), over('shelved'), over('suppressed')),
};

/** Where no alarm is open. */
const NONE: Readonly<Record<LifeEvent, Exclude<Cell, Latching>>> = {
  active: to('active', 'unacknowledged', 'raised'),
  rise: to('active', 'unacknowledged', 'raised'),
  again: to('active', 'unacknowledged', 'raised'),
  pending: STAYS,
  normal: STAYS,
  unknown: STAYS,
  acknowledge: no('not-open'),
  shelve: no('not-open'),
  'shelve-once': no('not-open'),
  unshelve: no('not-open'),
  // A rule may be taken out of service before anything is raised.
  remove: STAYS,
  return: STAYS,
  comment: no('not-open'),
  assign: no('not-open'),
  'shelf-over': no('not-open'),
  realarm: no('not-open'),
  suppress: STAYS,
  unsuppress: STAYS,
  move: STAYS,
  replace: STAYS,
};

const TABLE: Readonly<Record<OpenCondition, Rows>> = { active: ACTIVE, unknown: UNKNOWN, cleared: CLEARED };

/** Where an alarm stands; undefined: none is open. */
export interface Standing {
  readonly condition: OpenCondition;
  readonly human: AlarmHuman;
  /** Its rule latches, and nobody has acknowledged it. */
  readonly latched: boolean;
}

export type Transition = Move | { readonly refused: RefusalCode } | 'stays';

export const transition = (from: Standing | undefined, event: LifeEvent): Transition => {
  if (from === undefined) return NONE[event];
  const cell = TABLE[from.condition][event][HUMANS.indexOf(from.human)] ?? STAYS;
  return latches(cell) ? (from.latched ? cell.latched : cell.free) : cell;
};

const latches = (cell: Cell): cell is Latching => typeof cell === 'object' && 'latched' in cell;
