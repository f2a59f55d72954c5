import fc from 'fast-check';
import type { Metrics } from '../../../ingest/model/metrics.ts';
import type { Occurrence, OccurrenceKind, Sample } from '../../../ingest/model/sample.ts';
import type { EngineInput } from '../../../rules/engine.ts';
import type { AlarmChange, Figure } from '../../../rules/rule.ts';
import { occurrenceOf, sampleOf } from '../stage.ts';

/** An input without its time. Plain data, so that a counterexample can be read. */
export type Said =
  | { readonly sample: string; readonly metrics: Metrics; readonly channel?: string }
  | {
      readonly occurs: OccurrenceKind;
      readonly to: string;
      readonly id?: string;
      readonly with?: Occurrence['attributes'];
    }
  | { readonly figure: Omit<Figure, 'type' | 'nowMs'> }
  | { readonly alarm: Omit<AlarmChange, 'type' | 'nowMs'> };

export type Act =
  | { readonly do: 'say'; readonly said: Said }
  /** The last input once more, as it was. */
  | { readonly do: 'again' }
  /** Stamped so long ago by a clock that is trusted: it comes after what was later. */
  | { readonly do: 'late'; readonly said: Said; readonly byMs: number }
  /** Too late to be judged. */
  | { readonly do: 'historical'; readonly said: Said; readonly byMs: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'acknowledge' | 'shelve' | 'unshelve'; readonly which: number }
  /** What is kept from now on is a snapshot and the inputs after it. */
  | { readonly do: 'capture' }
  | { readonly do: 'restart'; readonly from: 'save' | 'log'; readonly downMs: number };

export const say = (said: Said): Act => ({ do: 'say', said });
export const wait = (seconds: number): Act => ({ do: 'wait', ms: seconds * 1000 });
export const sample = (id: string, metrics: Metrics, channel?: string): Said => ({
  sample: id,
  metrics,
  ...(channel === undefined ? {} : { channel }),
});
export const occurs = (
  to: string,
  kind: OccurrenceKind,
  attributes: Occurrence['attributes'] = {},
  id?: string,
): Said => ({
  occurs: kind,
  to,
  with: attributes,
  ...(id === undefined ? {} : { id }),
});

/** Said again and again: so often, so many seconds apart. */
export const every = (seconds: number, saids: readonly Said[]): readonly Act[] =>
  saids.flatMap((said) => [say(said), wait(seconds)]);
export const times = (count: number, said: Said): readonly Said[] => Array.from({ length: count }, () => said);

/** @param nowMs judged time, @param arrivedMs the gateway's clock; the same where nothing else is given */
export const inputOf = (said: Said, nowMs: number, arrivedMs = nowMs, historical = false): EngineInput => {
  // Of the gateway itself: never late.
  if ('figure' in said) return { type: 'figure', nowMs: arrivedMs, ...said.figure };
  if ('alarm' in said) return { type: 'alarm', nowMs: arrivedMs, ...said.alarm };
  const stamp = { nowMs, arrivedMs, timeMs: nowMs, historical };
  if ('sample' in said) {
    const made: Sample = { ...sampleOf(said.sample, nowMs, said.metrics, said.channel ?? ''), ...stamp };
    return arrivedMs === nowMs ? made : { ...made, timeFrom: 'device' };
  }
  const { occurs: kind, to, id, with: attributes = {} } = said;
  return occurrenceOf(to, kind, nowMs, { ...stamp, id, attributes });
};

/** What one kind of rule is given. */
export interface Script {
  readonly says: readonly Said[];
  /** Acts that belong together: what a kind needs to be raised or cleared by. */
  readonly scenes: readonly (readonly Act[])[];
  readonly waitSeconds: readonly number[];
}

/** Evenings of all that may happen; what is not wanted of it is left out by whoever plays it. */
export const evenings = ({ says, scenes, waitSeconds }: Script, maxLength = 40): fc.Arbitrary<readonly Act[]> => {
  const said = fc.constantFrom(...says);
  const byMs = fc.constantFrom(1, 3000, 12_000, 90_000);
  const one = (act: fc.Arbitrary<Act>): fc.Arbitrary<readonly Act[]> => act.map((each) => [each]);
  const ms = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...waitSeconds).map((seconds) => seconds * 1000) },
    { weight: 1, arbitrary: fc.constantFrom(...waitSeconds).map((seconds) => seconds * 1000 - 1) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 20_000 }) },
  );
  const deed = fc.record({
    do: fc.constantFrom('acknowledge', 'acknowledge', 'shelve', 'unshelve'),
    which: fc.nat(3),
  });
  const restart = fc.record({
    do: fc.constant('restart' as const),
    from: fc.constantFrom('save', 'log'),
    downMs: fc.constantFrom(0, 1, 4000, 61_000, 600_000),
  });
  return fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: one(said.map(say)) },
        { weight: 5, arbitrary: fc.constantFrom(...scenes) },
        { weight: 6, arbitrary: one(ms.map((each) => ({ do: 'wait', ms: each }))) },
        { weight: 1, arbitrary: one(fc.constant({ do: 'again' })) },
        { weight: 1, arbitrary: one(fc.record({ do: fc.constant('late' as const), said, byMs })) },
        { weight: 1, arbitrary: one(fc.record({ do: fc.constant('historical' as const), said, byMs })) },
        { weight: 2, arbitrary: one(deed) },
        { weight: 1, arbitrary: one(fc.constant({ do: 'capture' })) },
        { weight: 2, arbitrary: one(restart) },
      ),
      { maxLength },
    )
    .map((each) => each.flat());
};
