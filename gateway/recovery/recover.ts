import { type Alarm, alarmChange } from '../../rules/alarms/alarm.ts';
import { Judge } from '../../rules/judge/judge.ts';
import { isOther } from '../../rules/judge/restoring.ts';
import type { SavedSubject, Snapshot } from '../../rules/judge/snapshot.ts';
import { splitSubject } from '../../rules/kinds/gateway-health.ts';
import type { Rule, Venue } from '../../rules/rule.ts';
import type { Log } from '../log.ts';
import type { LoggedRecord, Recovery } from '../store/store.ts';
import { lostSubjects, subjectKey } from './lost-readings.ts';
import { readSnapshot } from './read-snapshot.ts';

/** How things stood when the gateway was last known to run. */
export interface Recovered {
  /** Undefined: nothing was ever kept. */
  readonly snapshot: Snapshot | undefined;
  /** What decoders remembered when the snapshot was written. */
  readonly memories: readonly (readonly [key: string, memory: unknown])[];
  /** Keys of the parts of the snapshot in the store. */
  readonly keys: ReadonlySet<string>;
  /** What was judged again. */
  readonly records: number;
}

const momentOf = (record: LoggedRecord): number => {
  switch (record.type) {
    case 'sample':
      return record.sample.nowMs;
    case 'occurrence':
      return record.occurrence.nowMs;
    case 'event':
      return record.event.atMs;
    case 'acknowledgement':
      return record.input.nowMs;
  }
};

const judgeAgain = (engine: Judge, record: LoggedRecord): void => {
  switch (record.type) {
    case 'sample':
      engine.take(record.sample);
      return;
    case 'occurrence':
      engine.take(record.occurrence);
      return;
    case 'acknowledgement':
      engine.take(record.input);
      return;
    case 'event':
      // It came of an input that stands beside it, or of time alone.
      engine.fireDue(record.event.atMs);
      if ('alarm' in record.event) engine.take(alarmChange(record.event));
  }
};

/**
 * The last snapshot, with everything that was logged after it judged again in silence: what was said then is kept as
 * alarm events. Time stands still at the last record, or when the gateway was last known to run; what passed since is for
 * `judge` to reckon with.
 */
export const recover = async (
  recovery: Recovery,
  rules: readonly Rule[],
  venue: Venue,
  log: Log,
): Promise<Recovered> => {
  const { snapshot, memories, keys } = await readSnapshot(recovery, log);
  let nowMs = snapshot?.atMs ?? 0;
  const scheduler = { now: () => nowMs, schedule: () => ({ unsubscribe: () => undefined }) };
  let engine = snapshot && new Judge(rules, { scheduler, venue, snapshot }, nowMs, () => undefined);
  // Figures are not in the log: nobody knows how they went on.
  for (const { kind, subject } of snapshot?.subjects ?? []) {
    const [measure, part] = splitSubject(subject);
    if (kind === 'gateway-health') engine?.take({ type: 'figure', nowMs, measure, part, value: undefined });
  }
  const told = new Map<string, Alarm>();
  let records = 0;
  for await (const batch of recovery.batches()) {
    for (const record of batch.records) {
      nowMs = Math.max(nowMs, momentOf(record));
      engine ??= new Judge(rules, { scheduler, venue }, nowMs, () => undefined);
      judgeAgain(engine, record);
      if (record.type === 'event' && 'alarm' in record.event) {
        const { alarm } = record.event;
        told.set(subjectKey(alarm.rule, alarm.subject), alarm);
      }
      records += 1;
    }
  }
  // Deadlines until then have been judged, and what they led to is in the log.
  nowMs = Math.max(nowMs, recovery.ranToMs ?? 0);
  engine?.fireDue(nowMs);
  const states = engine?.unfitStates ?? {};
  if (Object.keys(states).length > 0)
    log.error({ states }, 'saved by another version in another shape: these subjects of each rule begin anew');
  const settings = new Map(rules.map((rule) => [rule.id, rule.settings]));
  const isChanged = (rule: string): boolean => isOther(settings.get(rule), snapshot?.settings?.[rule]);
  const lost = lostSubjects(told, engine?.standing() ?? [], isChanged);
  if (lost.size > 0)
    log.error({ subjects: lost.size }, 'readings that led to alarms are not in the log: these subjects begin anew');
  const saved = engine?.save();
  const isKept = ({ rule, subject }: SavedSubject): boolean => !lost.has(subjectKey(rule, subject));
  return { snapshot: saved && { ...saved, subjects: saved.subjects.filter(isKept) }, memories, keys, records };
};
