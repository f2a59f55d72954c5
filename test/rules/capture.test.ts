import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Metrics } from '../../ingest/model/metrics.ts';
import type { EngineInput } from '../../rules/engine.ts';
import type { Capture, CapturedPart } from '../../rules/judge/capture.ts';
import { FREE_SUBJECTS_MAX } from '../../rules/judge/free-subjects.ts';
import { Judge } from '../../rules/judge/judge.ts';
import type { Snapshot } from '../../rules/judge/snapshot.ts';
import type { Rule, Venue } from '../../rules/rule.ts';
import { runs } from '../runs.ts';
import { device, EPOCH, occurrenceOf, rule, sampleOf, venueOf, zone } from './stage.ts';

const counter = { profile: 'people-counter', role: undefined, zone: 'pit', reports: { everySeconds: 20.003 } };

/** No two deadlines of one moment: those fire in the order in which they were set, which a snapshot does not tell. */
const venue = venueOf(
  [
    device('b1', { reports: { everySeconds: 30.001 } }),
    device('b2', { reports: { everySeconds: 7.001 } }),
    device('c1', counter),
    device('c2', { ...counter, reports: { everySeconds: 20.011 } }),
    device('cam', { profile: 'camera', role: undefined, reports: { onChange: true, aliveBy: { device: 'frigate' } } }),
    device('clamp', {
      profile: 'current-clamp',
      role: undefined,
      ratedAmps: { '': 32 },
      reports: { everySeconds: 10.007 },
    }),
  ],
  [zone('pit', { areaM2: 10 })],
);

/** Counts what it is given and says nothing: its state goes by the shortest way, which tells nobody. */
const tally: Rule = {
  id: 'tally',
  kind: 'tally',
  latching: false,
  guidance: { zh: '无', en: 'none' },
  silence: 'own',
  shared: () => false,
  reads: () => true,
  subjects: (each, channel) => [channel === '' ? each.id : `${each.id}/${channel}`],
  start: () => ({ phase: 'normal' }),
  step: (state, input) =>
    input.type === 'sample' ? { state: { phase: 'normal', count: countOf(state) + 1 } } : { state },
};

const countOf = (state: object): number => ('count' in state ? Number(state.count) : 0);

const rules = [
  rule({ id: 'still', kind: 'stillness', minutes: 3.03 }, venue),
  rule({ id: 'tilt', kind: 'tilt' }, venue),
  rule({ id: 'quiet', kind: 'silent' }, venue),
  rule({ id: 'help', kind: 'sos' }, venue),
  rule({ id: 'crowd', kind: 'crowd-density', zones: ['pit'] }, venue),
  rule({ id: 'power', kind: 'overcurrent' }, venue),
  rule({ id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { red: 60 }, holdSeconds: 20 }, venue),
  tally,
];

/** What a store keeps of an engine: parts of the last complete snapshot, and the inputs after it. */
interface Kept {
  readonly parts: Map<string, string>;
  log: EngineInput[];
}

const snapshotOf = ({ parts }: Kept): Snapshot | undefined => {
  const { engine, ...rest } = Object.fromEntries([...parts].map(([key, json]) => [key, JSON.parse(json)]));
  if (engine === undefined) return undefined;
  const every = Object.values(rest);
  return {
    ...engine,
    devices: every.flatMap((part) => ('subjects' in part ? [part.device] : [])),
    subjects: every.flatMap((part) => ('subjects' in part ? part.subjects : [part])),
  };
};

/** Without the order of subjects and devices, which means nothing. */
const normal = (snapshot: Snapshot): Snapshot => {
  const plain: Snapshot = JSON.parse(JSON.stringify(snapshot));
  const keyOf = (each: { rule: string; subject: string }): string => `${each.rule} ${each.subject}`;
  return {
    ...plain,
    subjects: plain.subjects.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    devices: plain.devices.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  };
};

/** An engine with a store beside it, on a clock that the test moves. */
class Box {
  nowMs = EPOCH;
  readonly engine: Judge;
  readonly kept: Kept = { parts: new Map(), log: [] };
  #capture: Capture | undefined;
  #parts: CapturedPart[] = [];
  #covered = 0;
  readonly #venue: Venue;

  constructor(ofVenue: Venue = venue) {
    this.#venue = ofVenue;
    this.engine = new Judge(rules, { scheduler: this.#scheduler(), venue: ofVenue }, EPOCH, () => undefined);
  }

  take(input: EngineInput): void {
    this.engine.take(input);
    this.kept.log.push(input);
  }

  begin(): void {
    this.#capture = this.engine.capture(this.kept.parts.size === 0);
    this.#parts = [];
    this.#covered = this.kept.log.length;
  }

  write(visits: number): void {
    const parts = this.#capture?.next(visits);
    // As JSON now: what changes later must not show.
    if (parts !== undefined) this.#parts.push(...parts.map(copied));
    else if (this.#capture !== undefined) this.end(true);
  }

  end(isKept: boolean): void {
    if (this.#capture === undefined) return;
    if (isKept) {
      for (let parts = this.#capture.next(3); parts !== undefined; parts = this.#capture.next(3)) {
        this.#parts.push(...parts);
      }
      for (const [key, part] of this.#parts) {
        if (part === undefined) this.kept.parts.delete(key);
        else this.kept.parts.set(key, JSON.stringify(part));
      }
      this.kept.log = this.kept.log.slice(this.#covered);
    }
    this.engine.endCapture(this.#capture, isKept);
    this.#capture = undefined;
  }

  /** The engine as it would be brought back: the snapshot, and the log judged again. */
  broughtBack(): Judge {
    const snapshot = snapshotOf(this.kept);
    const fromMs = snapshot?.atMs ?? EPOCH;
    const options = { scheduler: this.#scheduler(), venue: this.#venue, snapshot };
    const engine = new Judge(rules, options, fromMs, () => undefined);
    for (const input of this.kept.log) engine.take(input);
    return engine;
  }

  #scheduler() {
    return { now: () => this.nowMs, schedule: () => ({ unsubscribe: () => undefined }) };
  }
}

const copied = ([key, part]: CapturedPart): CapturedPart => [
  key,
  part === undefined ? undefined : JSON.parse(JSON.stringify(part)),
];

const Z: Metrics = { accelerationXG: 0, accelerationYG: 0, accelerationZG: 1 };
const X: Metrics = { accelerationXG: 1, accelerationYG: 0, accelerationZG: 0 };

const act = fc
  .oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(['b1', Z], ['b1', X], ['b2', Z], ['b2', X], ['b1', { temperatureCelsius: 70 }]),
    },
    { weight: 4, arbitrary: fc.constantFrom(['clamp', { currentAmps: 41 }], ['clamp', { currentAmps: 5 }]) },
  )
  .map(
    ([id, metrics]) =>
      (box: Box) =>
        box.take(sampleOf(String(id), box.nowMs, metricsOf(metrics))),
  );

const metricsOf = (metrics: unknown): Metrics => (typeof metrics === 'object' && metrics !== null ? metrics : {});

const channelled = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(5, 30, 45)).map(
  ([channel, currentAmps]) =>
    (box: Box) =>
      box.take(sampleOf('clamp', box.nowMs, { currentAmps }, channel)),
);

const counted = fc.tuple(fc.constantFrom('c1', 'c2'), fc.integer({ min: 0, max: 60 })).map(
  ([id, entriesTotal]) =>
    (box: Box) =>
      box.take(sampleOf(id, box.nowMs, { entriesTotal, exitsTotal: 0 })),
);

const occurred = fc
  .tuple(
    fc.constantFrom('b1', 'b2', 'stranger-1', 'stranger-2', 'frigate', 'cam'),
    fc.constantFrom('sos', 'cancel', 'online', 'offline', 'checkin'),
    fc.constantFrom(undefined, '1', '2'),
  )
  .map(
    ([id, kind, identity]) =>
      (box: Box) =>
        box.take(occurrenceOf(id, kind, box.nowMs, { id: identity })),
  );

const acknowledged = fc.tuple(fc.constantFrom('help', 'tilt', 'heat'), fc.constantFrom('b1', 'b2', 'stranger-1')).map(
  ([id, subject]) =>
    (box: Box) =>
      box.take({ type: 'acknowledge', nowMs: box.nowMs, rule: id, subject }),
);

const time = fc
  .oneof(fc.integer({ min: 1, max: 40_000 }), fc.constantFrom(10_000, 15_000, 21_000, 60_000, 600_000))
  .map((ms) => (box: Box) => {
    box.nowMs += ms;
  });

const fired = fc.constant((box: Box) => box.engine.fireDue(box.nowMs));

const kept = fc.oneof(
  fc.constant((box: Box) => box.begin()),
  fc.integer({ min: 1, max: 4 }).map((visits) => (box: Box) => box.write(visits)),
  fc.boolean().map((isKept) => (box: Box) => box.end(isKept)),
);

const evening = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: act },
    { weight: 2, arbitrary: channelled },
    { weight: 2, arbitrary: counted },
    { weight: 2, arbitrary: occurred },
    { weight: 1, arbitrary: acknowledged },
    { weight: 5, arbitrary: time },
    { weight: 2, arbitrary: fired },
    { weight: 6, arbitrary: kept },
  ),
  { maxLength: 150 },
);

test('captures written bit by bit, and the log judged again after them, are the engine that never stopped', () => {
  fc.assert(
    fc.property(evening, (acts) => {
      const box = new Box();
      for (const each of acts) each(box);
      const again = box.broughtBack();
      for (const laterMs of [0, 12_000, 700_000]) {
        box.nowMs += laterMs;
        for (const engine of [box.engine, again]) engine.fireDue(box.nowMs);
        expect(normal(again.save())).toEqual(normal(box.engine.save()));
      }
    }),
    { numRuns: runs(150) },
  );
});

test('a subject that no device feeds is written with all others, and taken away once it is forgotten', () => {
  const burst = rule({ id: 'burst', kind: 'access-burst' }, venue);
  const scheduler = { now: () => EPOCH, schedule: () => ({ unsubscribe: () => undefined }) };
  const engine = new Judge([burst], { scheduler, venue }, EPOCH, () => undefined);
  const reads = (address: string): void =>
    engine.take(occurrenceOf('b1', 'access', EPOCH, { attributes: { address, account: 'li', recordId: 'r' } }));
  const write = (isWhole: boolean): CapturedPart[] => {
    const capture = engine.capture(isWhole);
    const parts: CapturedPart[] = [];
    for (let next = capture.next(1000); next !== undefined; next = capture.next(1000)) parts.push(...next);
    engine.endCapture(capture, true);
    return parts.filter(([key]) => key.startsWith('shared/'));
  };
  for (let index = 0; index < FREE_SUBJECTS_MAX; index += 1) reads(`a${index}`);
  expect(write(true)).toHaveLength(FREE_SUBJECTS_MAX);
  expect(write(false)).toEqual([]);
  reads('one more');
  expect(write(false).map(([key, part]) => [key, part === undefined])).toEqual([
    ['shared/burst/one more', false],
    ['shared/burst/a0', true],
  ]);
});
