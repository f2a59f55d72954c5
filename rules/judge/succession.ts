import type { Device } from '../../ingest/model/device.ts';
import type { JudgeOptions, Reload, Verdict } from '../engine.ts';
import type { Reason, Rule, Venue } from '../rule.ts';
import { Judge } from './judge.ts';
import type { SavedSubject, Snapshot } from './snapshot.ts';

/** An engine, and what it judges by. */
export interface Predecessor {
  readonly engine: Judge;
  readonly rules: readonly Rule[];
  readonly venue: Venue;
}

/**
 * Registered before, and not any more: nobody waits for it. What others feed too goes on, and so does its open call for
 * help, as that of a stranger.
 */
const inherited = (snapshot: Snapshot, { rules, venue }: Predecessor, next: Reload): Snapshot => {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const gone = (id: string): Device | undefined => (next.venue.devices.has(id) ? undefined : venue.devices.get(id));
  const goesOn = ({ rule: id, device, condition }: SavedSubject): boolean => {
    const without = gone(device);
    const rule = byId.get(id);
    if (without === undefined || rule === undefined) return true;
    return rule.shared(without) || (condition?.phase === 'active' && !rule.reads(without));
  };
  return {
    ...snapshot,
    devices: snapshot.devices.filter(({ id }) => gone(id) === undefined),
    subjects: snapshot.subjects.filter(goesOn),
  };
};

/** What was said of a subject that is judged otherwise now, or not at all, holds no longer. */
const unsay = (snapshot: Snapshot, { rules, venue }: Predecessor, heir: Judge, tell: (verdict: Verdict) => void) => {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  for (const { rule: id, subject, device, condition } of snapshot.subjects) {
    const rule = byId.get(id);
    if (rule === undefined || condition === undefined || condition.phase === 'normal') continue;
    if (heir.hasJudged(id, subject)) continue;
    const code = heir.stateOf(id, subject) === undefined ? 'no-longer-judged' : 'rule-changed';
    const reason: Reason = { code, params: { rule: id } };
    const zone = venue.zones.has(subject) ? subject : venue.devices.get(device)?.zone;
    const said = { phase: 'unknown', severity: condition.severity, reason } as const;
    tell({ type: 'condition', rule, subject, device, zone, atMs: snapshot.atMs, condition: said });
  }
};

/**
 * The engine that takes over at this moment: states, deadlines and what is known of devices go on where neither the rule
 * nor its subject is another; all else begins anew, from what was last heard.
 */
export const succeed = (
  before: Predecessor,
  next: Reload,
  options: JudgeOptions,
  tell: (verdict: Verdict) => void,
): Judge => {
  const nowMs = options.scheduler.now();
  before.engine.fireDue(nowMs);
  const saved = before.engine.save();
  const { rules, venue } = next;
  const snapshot = { ...inherited(saved, before, next), atMs: nowMs };
  const heir = new Judge(rules, { ...options, venue, snapshot }, nowMs, tell);
  heir.succeedParts(before.engine);
  unsay({ ...saved, atMs: nowMs }, before, heir, tell);
  heir.judgeKnown(next.lastValues, nowMs);
  return heir;
};
