import type { Alarm } from '../../rules/alarms/alarm.ts';
import { SEVERITIES, type Severity } from '../../rules/rule.ts';
import type { GatewayEvent } from '../events.ts';

/** What a person would have learnt of an alarm, and when; judged Unix milliseconds. */
export interface AlarmLife {
  readonly id: string;
  readonly rule: string;
  readonly kind: string;
  readonly subject: string;
  readonly raisedMs: number;
  /** The gravest that it became. */
  readonly severity: Severity;
  /** When it first was of a severity. */
  readonly reachedMs: Readonly<Partial<Record<Severity, number>>>;
  readonly reason: { readonly zh: string; readonly en: string };
}

const graver = (a: Severity, b: Severity): Severity => (SEVERITIES.indexOf(a) >= SEVERITIES.indexOf(b) ? a : b);

const begun = ({ id, rule, kind, subject, severity, raisedAt, reason: { zh, en } }: Alarm): AlarmLife => {
  const raisedMs = Date.parse(raisedAt);
  return { id, rule, kind, subject, raisedMs, severity, reachedMs: { [severity]: raisedMs }, reason: { zh, en } };
};

/** The lives of alarms: a fold over their events. */
export interface AlarmLives {
  /** Stood already. */
  stood(alarms: Iterable<Alarm>): void;
  take(event: GatewayEvent): void;
  /** In the order in which they were raised. */
  all(): readonly AlarmLife[];
  of(id: string): AlarmLife | undefined;
}

export const alarmLives = (): AlarmLives => {
  const lives = new Map<string, AlarmLife>();
  return {
    stood: (alarms) => {
      for (const alarm of alarms) if (!lives.has(alarm.id)) lives.set(alarm.id, begun(alarm));
    },
    take: (event) => {
      if (!('alarm' in event)) return;
      const { id, severity } = event.alarm;
      const life = lives.get(id);
      if (life === undefined) lives.set(id, begun(event.alarm));
      else if (life.reachedMs[severity] === undefined) {
        const reachedMs = { ...life.reachedMs, [severity]: event.atMs };
        lives.set(id, { ...life, severity: graver(life.severity, severity), reachedMs });
      }
    },
    all: () => [...lives.values()].toSorted((a, b) => a.raisedMs - b.raisedMs),
    of: (id) => lives.get(id),
  };
};
