import type { Alarm, AlarmEvent } from '../../../rules/alarms/alarm.ts';
import { alarmChange } from '../../../rules/alarms/alarm.ts';
import { AlarmDesk, type DeskEvent } from '../../../rules/alarms/desk.ts';
import type { EngineInput, Verdict } from '../../../rules/engine.ts';
import { Judge } from '../../../rules/judge/judge.ts';
import type { Snapshot } from '../../../rules/judge/snapshot.ts';
import type { Rule, Venue } from '../../../rules/rule.ts';
import { EPOCH } from '../stage.ts';
import { type Act, inputOf, type Said } from './act.ts';
import { type Cause, Witness } from './witness.ts';

/** Who plays: a venue and its rules. */
export interface Company {
  readonly venue: Venue;
  readonly rules: readonly Rule[];
}

/** What of an evening is played, and how. */
export interface Staging {
  /** `instant`: the gateway is back in the same millisecond. */
  readonly restarts?: 'instant' | 'down';
  readonly historical?: boolean;
  /** Every input comes twice. */
  readonly twice?: boolean;
  /** Timers are late: nothing is woken before the next input. */
  readonly lateTimers?: boolean;
}

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** An engine and a desk on a clock that the acts move. Throws where something happens that must not. */
export class Play {
  nowMs = EPOCH;
  readonly told: AlarmEvent[] = [];
  readonly witness = new Witness();
  readonly #company: Company;
  readonly #staging: Staging;
  #engine: Judge;
  #desk: AlarmDesk;
  #cause: Cause = { what: 'time', atMs: EPOCH };
  #last: EngineInput | undefined;
  #inputs = 0;
  #isTimeAlone = false;
  /** When the last input was given. */
  #givenMs = EPOCH;
  /** Stamp of the last sample of each channel that was judged. */
  readonly #judgedMs = new Map<string, number>();
  #kept: { readonly snapshot: Snapshot; readonly log: EngineInput[] } | undefined;

  constructor(company: Company, staging: Staging) {
    this.#company = company;
    this.#staging = staging;
    this.#desk = this.#newDesk([]);
    this.#engine = this.#newEngine(undefined, EPOCH, (verdict) => this.#heard(verdict));
  }

  play(acts: readonly Act[]): this {
    for (const act of acts) {
      this.#act(act);
      this.witness.compare([...this.#desk.open]);
    }
    this.#until(this.nowMs);
    return this;
  }

  #act(act: Act): void {
    switch (act.do) {
      case 'say':
        this.#give(inputOf(act.said, this.nowMs));
        break;
      case 'again':
        if (this.#last !== undefined) this.#give(arrived(this.#last, this.nowMs));
        break;
      case 'late':
        this.#give(inputOf(act.said, this.nowMs - act.byMs, this.nowMs));
        break;
      case 'historical':
        this.#giveHistorical(act.said);
        break;
      case 'wait':
        if (this.#staging.lateTimers === true) this.nowMs += act.ms;
        else this.#until(this.nowMs + act.ms);
        break;
      case 'capture':
        if (this.#staging.restarts !== undefined) this.#kept = { snapshot: plain(snapshotOf(this.#engine)), log: [] };
        break;
      case 'restart':
        this.#restart(act.from, act.downMs);
        break;
      default:
        this.#deed(act.do, act.which);
    }
  }

  /** Not a call for help: that is one however late. */
  #giveHistorical(said: Said): void {
    const isCall = 'occurs' in said && (said.occurs === 'sos' || said.occurs === 'fall');
    if (this.#staging.historical !== true || (isCall && this.#company.rules.some(({ kind }) => kind === 'sos'))) return;
    if ('sample' in said || 'occurs' in said) this.#engine.take(inputOf(said, this.nowMs, this.nowMs, true));
  }

  #give(given: EngineInput): void {
    // No timer comes between two inputs of one millisecond.
    if (this.#staging.lateTimers !== true && this.nowMs > this.#givenMs) this.#until(this.nowMs);
    this.#givenMs = this.nowMs;
    this.#inputs += 1;
    this.#last = given;
    const input = this.#placed(given);
    for (let count = this.#staging.twice === true ? 2 : 1; count > 0; count -= 1) {
      this.#kept?.log.push(input);
      this.#engine.take(input);
    }
  }

  /** As the intake does: of a channel's samples, one from before the last that was judged is historical. */
  #placed(input: EngineInput): EngineInput {
    if (input.type !== 'sample') return input;
    const key = `${input.device}/${input.channel}`;
    if (input.nowMs < (this.#judgedMs.get(key) ?? -Infinity)) return { ...input, historical: true };
    this.#judgedMs.set(key, input.nowMs);
    return input;
  }

  /** Time passes, and timers are on time. */
  #until(ms: number): void {
    for (;;) {
      const nextMs = Math.min(this.#engine.nextDeadlineMs, this.#desk.nextDeadlineMs);
      if (nextMs > ms) break;
      this.nowMs = Math.max(this.nowMs, nextMs);
      this.#isTimeAlone = true;
      this.#engine.fireDue(this.nowMs);
      this.#isTimeAlone = false;
      this.#cause = { what: 'time', atMs: this.nowMs };
      this.#desk.fireDue(this.nowMs);
    }
    this.nowMs = ms;
  }

  #deed(type: 'acknowledge' | 'shelve' | 'unshelve', which: number): void {
    this.#until(this.nowMs);
    const alarms = [...this.#desk.open].sort((a, b) => (a.id < b.id ? -1 : 1));
    const alarm = alarms[which % Math.max(1, alarms.length)];
    if (alarm === undefined) return;
    const asked = { alarm: alarm.id, by: 'li', atMs: this.nowMs };
    this.#cause = { what: 'person', atMs: this.nowMs };
    const untilMs = this.nowMs + 30_000;
    const { ok } = this.#desk.act(type === 'shelve' ? { ...asked, type, untilMs } : { ...asked, type });
    if (type !== 'acknowledge' || !ok) return;
    this.#give({ type, nowMs: this.nowMs, rule: alarm.rule, subject: alarm.subject });
  }

  #restart(from: 'save' | 'log', downMs: number): void {
    this.#until(this.nowMs);
    const { restarts } = this.#staging;
    if (restarts === undefined) return;
    const saved = from === 'log' && this.#kept !== undefined ? this.#judgedAgain(this.#kept) : this.#engine.save();
    this.#kept = undefined;
    this.#desk = this.#newDesk(plain([...this.#desk.open]));
    if (restarts === 'down') this.nowMs += downMs;
    this.#engine = this.#newEngine(plain(saved), this.nowMs, (verdict) => this.#heard(verdict));
  }

  /** As recovery does: from the snapshot on, in silence. */
  #judgedAgain({ snapshot, log }: { readonly snapshot: Snapshot; readonly log: readonly EngineInput[] }): Snapshot {
    const engine = this.#newEngine(snapshot, snapshot.atMs, () => undefined);
    for (const input of log) engine.take(plain(input));
    engine.fireDue(this.nowMs);
    return engine.save();
  }

  #newDesk(alarms: readonly Alarm[]): AlarmDesk {
    const desk = new AlarmDesk((event) => this.#happened(event), this.#company.rules);
    desk.restore(alarms);
    return desk;
  }

  #newEngine(snapshot: Snapshot | undefined, atMs: number, tell: (verdict: Verdict) => void): Judge {
    const { rules, venue } = this.#company;
    const scheduler = { now: () => this.nowMs, schedule: () => ({ unsubscribe: () => undefined }) };
    return new Judge(rules, { scheduler, venue, snapshot }, atMs, tell);
  }

  #heard(verdict: Verdict): void {
    this.witness.said(verdict, this.nowMs, this.#inputs, this.#isTimeAlone);
    if (verdict.type === 'fault') return;
    const before = this.#cause;
    this.#cause = { what: 'verdict', atMs: verdict.atMs };
    if (verdict.type === 'moved') this.#desk.move(verdict);
    else {
      this.#cause = { ...this.#cause, phase: verdict.condition.phase };
      this.#desk.take(verdict);
    }
    this.#cause = before;
  }

  #happened(event: DeskEvent): void {
    if (!('alarm' in event)) return;
    this.witness.told(event, this.#cause, this.nowMs);
    this.told.push(event);
    const change = alarmChange(event);
    this.#kept?.log.push(change);
    this.#engine.take(change);
  }
}

/** The same once more. */
const arrived = (input: EngineInput, arrivedMs: number): EngineInput =>
  input.type === 'sample' || input.type === 'occurrence' ? { ...input, arrivedMs } : { ...input, nowMs: arrivedMs };

const snapshotOf = (engine: Judge): Snapshot => {
  const capture = engine.capture(true);
  let snapshot: Snapshot = { version: 1, atMs: 0, listeningSinceMs: 0, subjects: [], devices: [] };
  for (let parts = capture.next(1000); parts !== undefined; parts = capture.next(1000)) {
    for (const [, part] of parts) {
      if (part === undefined) continue;
      const { subjects, devices } = snapshot;
      if ('listeningSinceMs' in part) snapshot = { ...snapshot, ...part };
      else if ('rule' in part) snapshot = { ...snapshot, subjects: [...subjects, part] };
      else snapshot = { ...snapshot, devices: [...devices, part.device], subjects: [...subjects, ...part.subjects] };
    }
  }
  engine.endCapture(capture, true);
  return snapshot;
};
