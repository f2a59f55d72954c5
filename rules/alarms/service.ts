import type { Deadline, DeadlineQueue } from '../judge/deadlines.ts';
import type { RefusalCode, RemoveFromService, ReturnToService } from './action.ts';
import type { AwayNote, OutOfService, ServiceEvent } from './alarm.ts';
import { iso } from './life.ts';

/** People are reminded once a shift of what is out of service. */
const REMIND_EVERY_MS = 8 * 3_600_000;

/** A rule, or a rule for one subject, that is out of service; stands in the queue of deadlines itself. */
export class Away implements Deadline {
  entry: OutOfService;
  dueMs = Infinity;
  queuedMs = Infinity;

  constructor(entry: OutOfService) {
    this.entry = entry;
  }
}

export const keyOf = ({ rule, subject }: { readonly rule: string; readonly subject?: string | undefined }): string =>
  subject === undefined ? rule : `${rule}\n${subject}`;

const dueOf = ({ untilMs = Infinity, remindAtMs }: OutOfService): number => Math.min(untilMs, remindAtMs);

export const noteOf = ({ by, why, untilMs }: OutOfService): AwayNote => ({
  by,
  why,
  ...(untilMs === undefined ? {} : { until: iso(untilMs) }),
});

/** What is out of service: a fold over service events, each of which is told. */
export class ServiceRegister {
  readonly #tell: (event: ServiceEvent) => void;
  readonly #queue: DeadlineQueue;
  readonly #away = new Map<string, Away>();

  constructor(queue: DeadlineQueue, tell: (event: ServiceEvent) => void) {
    this.#queue = queue;
    this.#tell = tell;
  }

  get entries(): readonly OutOfService[] {
    return [...this.#away.values()].map(({ entry }) => entry);
  }

  /** By which entry an alarm of this rule and subject is out of service. */
  find(rule: string, subject: string): OutOfService | undefined {
    if (this.#away.size === 0) return undefined;
    return (this.#away.get(rule) ?? this.#away.get(keyOf({ rule, subject })))?.entry;
  }

  restore(entries: Iterable<OutOfService>): void {
    for (const entry of entries) this.#put(entry);
  }

  remove({ rule, subject, by, why, untilMs, atMs }: RemoveFromService): OutOfService | RefusalCode {
    if (why.trim() === '') return 'no-reason';
    if (untilMs !== undefined && untilMs <= atMs) return 'in-the-past';
    const entry: OutOfService = {
      rule,
      ...(subject === undefined ? {} : { subject }),
      by,
      why,
      sinceMs: this.#away.get(keyOf({ rule, subject }))?.entry.sinceMs ?? atMs,
      ...(untilMs === undefined ? {} : { untilMs }),
      remindAtMs: atMs + REMIND_EVERY_MS,
    };
    this.#put(entry);
    this.#tell({ type: 'service-removed', atMs, entry, by });
    return entry;
  }

  return({ rule, subject, by, atMs }: ReturnToService): OutOfService | RefusalCode {
    const away = this.#away.get(keyOf({ rule, subject }));
    if (away === undefined) return 'in-service';
    this.#end(away, atMs, by);
    return away.entry;
  }

  /** Its deadline has come; answers what is back in service with that. */
  due(away: Away, atMs: number): OutOfService | undefined {
    const { entry } = away;
    if (entry.untilMs !== undefined && entry.untilMs <= atMs) {
      this.#end(away, atMs, undefined);
      return entry;
    }
    const next: OutOfService = { ...entry, remindAtMs: entry.remindAtMs + REMIND_EVERY_MS };
    this.#put(next);
    this.#tell({ type: 'service-reminded', atMs, entry: next });
    return undefined;
  }

  #put(entry: OutOfService): void {
    const key = keyOf(entry);
    const away = this.#away.get(key) ?? new Away(entry);
    away.entry = entry;
    this.#away.set(key, away);
    this.#queue.set(away, dueOf(entry));
  }

  #end(away: Away, atMs: number, by: string | undefined): void {
    const { entry } = away;
    this.#away.delete(keyOf(entry));
    this.#queue.set(away, Infinity);
    this.#tell({ type: 'service-returned', atMs, entry, ...(by === undefined ? {} : { by }) });
  }
}
