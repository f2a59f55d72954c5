import type { z } from 'zod';
import { ALERTS, type AlarmEventType } from '../../../rules/alarms/alarm.ts';
import type { Text } from '../../../rules/rule.ts';
import type { Answer, Response } from '../answer.ts';
import type { Message } from '../http/post.ts';
import type { Notice } from '../notice.ts';

/** A notice with everything that a message needs to know beside it. */
export interface Telling {
  readonly notice: Notice;
  readonly venue: { readonly id: string; readonly name: Text };
  /** Names for people. */
  readonly subject: Text;
  readonly zone: Text | undefined;
  /** Time zone of the venue. */
  readonly timezone: string;
  /** Where somebody takes the alarm on; undefined: it was, or no address is configured. */
  readonly acknowledgeUrl: string | undefined;
  /** Real time, Unix milliseconds. */
  readonly nowMs: number;
}

/** What a notifier posts to, with its secrets at hand. */
export interface Courier {
  readonly url: string;
  /** What must never be seen in a log, whoever repeats it. */
  readonly secrets: readonly string[];
  message(telling: Telling): Message;
  judge(response: Response, nowMs: number): Answer;
}

/** A way to tell somebody: one file each. */
export interface NotifierKind<S extends z.ZodType> {
  readonly schema: S;
  /** Events that are worth telling there. */
  readonly tells: ReadonlySet<AlarmEventType>;
  /** It can tell each person at an address of their own; else a person's address only says who is meant. */
  readonly byPerson: boolean;
  /** Requests at once. Those of one alarm go one after the other in any case. */
  readonly requests: number;
  /**
   * Reads the secrets.
   * @throws CredentialError
   */
  courier(config: z.output<S>): Courier;
}

export const defineNotifierKind = <S extends z.ZodType>(kind: NotifierKind<S>): NotifierKind<S> => kind;

/** What people have to know; values that change, and an end that follows on its being clear, they do not. */
export const FOR_PEOPLE: ReadonlySet<AlarmEventType> = new Set([...ALERTS, 'unknown', 'acknowledged', 'cleared']);
