import type { ConditionVerdict } from '../engine.ts';
import type { PreAlarmEvent } from './alarm.ts';

/** Who is being asked right now: a fold over what rules say. */
export class PreAlarms {
  readonly #untilMs = new Map<string, number>();
  readonly #tell: (event: PreAlarmEvent) => void;

  constructor(tell: (event: PreAlarmEvent) => void) {
    this.#tell = tell;
  }

  take(key: string, { condition, rule, subject, device, atMs }: ConditionVerdict): void {
    const untilMs = condition.phase === 'pending' ? condition.preAlarmUntilMs : undefined;
    const before = this.#untilMs.get(key);
    if (untilMs === before) return;
    const type = untilMs === undefined ? 'pre-alarm-ended' : 'pre-alarm';
    if (untilMs === undefined) this.#untilMs.delete(key);
    else this.#untilMs.set(key, untilMs);
    this.#tell({ type, atMs, rule: rule.id, kind: rule.kind, subject, device, untilMs: untilMs ?? before ?? atMs });
  }
}
