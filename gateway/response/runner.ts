import type { DeedResult, ResponseDeed } from '../../rules/alarms/action.ts';
import type { Alarm, AlarmEvent } from '../../rules/alarms/alarm.ts';
import type { JudgeScheduler } from '../../rules/engine.ts';
import type { Text } from '../../rules/rule.ts';
import type { CommandView, FollowUpView, FrozenView, ResponseView } from '../api/contract.ts';
import type { VenueConfig } from '../config/schema.ts';
import type { HotPath } from '../hot-path.ts';
import type { Log } from '../log.ts';
import type { Audience } from '../notifiers/audience.ts';
import type { NoticeDesk } from '../notifiers/desk.ts';
import type { KeptResponse, ResponseEntry } from './decision.ts';
import type { Flood } from './flood/flood.ts';
import type { Plan } from './plan.ts';
import type { HoldBack } from './policy.ts';

export interface ResponseOptions {
  readonly config: VenueConfig;
  /** The venue's clock: deadlines are of judged time. */
  readonly clock: JudgeScheduler;
  readonly log: Log;
  /** What people call a zone or a device. */
  name(id: string): Text;
  /** Undefined: nothing is kept, and a restart begins anew with what is open. */
  readonly keep: ((entry: ResponseEntry) => void) | undefined;
  readonly kept: KeptResponse | undefined;
  /** Absent: shelved, suppressed and out of service. */
  readonly holdBack?: HoldBack;
  /** Alarm events of the last day, in order. */
  readonly recent?: readonly AlarmEvent[] | undefined;
}

export type Desk = Pick<NoticeDesk, 'take' | 'rung' | 'remind'>;

/** Carries out the response plan. */
export interface ResponseRunner {
  /** From now on: with what was open before, and deadlines that passed while nobody was looking. */
  start(
    hotPath: Pick<HotPath, 'events' | 'occurrences' | 'openAlarms' | 'report'>,
    desk: Desk,
    resume: () => void,
    send: (device: string, payload: object) => void,
  ): () => void;
  planOf(alarm: Alarm): Plan;
  /** For a call whoever is on duty now joins those who were told. */
  audienceOf(alarm: Alarm, isCall: boolean): Audience;
  /** Of every open alarm. */
  views(): readonly ResponseView[];
  frozenViews(): readonly FrozenView[];
  /** The next deadline first, those that are done among them. */
  followUpViews(): readonly FollowUpView[];
  /** Of open alarms, and those that are not confirmed of others. */
  commandViews(): readonly CommandView[];
  act(asked: ResponseDeed): DeedResult;
  counters(): Readonly<Record<string, number>>;
  levels(): Readonly<Record<string, number>>;
  /** Told how far an open alarm is, whenever something was decided. */
  listen(listener: (view: ResponseView) => void): () => void;
  /** The plan, the people or the roster is another now: it counts for what is decided from now on. */
  renew(): void;
  /** A new store has to know how far things are. */
  keepAgain(): void;
  /** How many alarms there are for people, and what is done about too many. */
  readonly flood: Flood;
}
