import type { ConditionVerdict } from '../engine.ts';
import type { PreAlarmEvent } from './alarm.ts';

/** Who is being asked right now: a fold over what rules say. */
export class PreAlarms {
  readonly #running = new Map<string, PreAlarmEvent>();
  readonly #tell: (event: PreAlarmEvent) => void;

  constructor(tell: (event: PreAlarmEvent) => void) {
    this.#tell = tell;
  }

  get running(): readonly PreAlarmEvent[] {
    return [...this.#running.values()];
  }

  take(key: string, { condition, rule, subject, device, atMs }: ConditionVerdict): void {
    const untilMs = condition.phase === 'pending' ? condition.preAlarmUntilMs : undefined;
    const before = this.#running.get(key)?.untilMs;
    if (untilMs === before) return;
    const type = untilMs === undefined ? 'pre-alarm-ended' : 'pre-alarm';
    const event = {
      type,
      atMs,
      rule: rule.id,
      kind: rule.kind,
      subject,
      device,
      untilMs: untilMs ?? before ?? atMs,
    } as const;
    if (untilMs === undefined) this.#running.delete(key);
    else this.#running.set(key, event);
    this.#tell(event);
  }
}
