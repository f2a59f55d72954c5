import type { Alarm } from './alarm.ts';

/** What a person does about an open alarm. `by` is the authenticated person or credential, never what a payload claims. */
export interface Acknowledge {
  readonly type: 'acknowledge';
  readonly alarm: string;
  readonly by: string;
  readonly atMs: number;
  readonly comment?: string | undefined;
}

export type AlarmAction = Acknowledge;

/** An action before its time is known. */
export type AskedAction = Omit<Acknowledge, 'atMs'>;

/** What came of an action; a refusal says why. `already`: nothing had to be done. */
export type ActionResult =
  | { readonly ok: true; readonly alarm: Alarm; readonly already: boolean }
  | { readonly ok: false; readonly reason: 'not-open' };

/** Somebody lets work go on that an alarm has stopped: says who and why. */
export interface Lift {
  readonly type: 'lift';
  readonly operation: string;
  readonly by: string;
  /** Has logged in as an engineer: whoever may lift what the plan names no role for. */
  readonly isEngineer: boolean;
  readonly atMs: number;
  readonly comment: string;
}

export type AskedLift = Omit<Lift, 'atMs'>;

export type LiftResult = { readonly ok: true } | { readonly ok: false; readonly reason: 'not-frozen' | 'not-yours' };
