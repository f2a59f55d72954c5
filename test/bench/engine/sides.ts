import { distinctUntilChanged, filter, groupBy, map, mergeMap, type Observable, Subject, scan } from 'rxjs';
import type { Sample } from '../../../ingest/model/sample.ts';
import { type EngineInput, judge } from '../../../rules/engine.ts';
import { createRule, ruleSchema } from '../../../rules/kinds/index.ts';
import type { Venue } from '../../../rules/rule.ts';

/** One way of judging samples. */
export interface Side {
  take(sample: Sample): void;
  readonly alarms: number;
}

/** Judged time of the first reading: the engine's clock stands there, so that no device has been silent before. */
export const START_MS = 1_767_225_600_000;

const CLIMATE_LIMIT = 40;
const DEADBAND = 1;

/** The limit of each rule: all concern every reading, each a little higher than the one before. */
const limitsOf = (rules: number): readonly number[] =>
  Array.from({ length: rules }, (_, at) => CLIMATE_LIMIT + at / 10);

/** Through `judge`. Deadlines come due as samples pass them, on the samples' own time. */
export const judgeSide = (venue: Venue, rules: number): Side => {
  const source = new Subject<EngineInput>();
  let alarms = 0;
  const configured = limitsOf(rules).map((red, at) =>
    createRule(
      ruleSchema.parse({
        id: `heat-${at}`,
        kind: 'threshold',
        metric: 'temperatureCelsius',
        above: { red },
        deadband: DEADBAND,
      }),
      venue,
    ),
  );
  const scheduler = { now: () => START_MS, schedule: () => ({ unsubscribe: () => undefined }) };
  source.pipe(judge(configured, { scheduler, venue })).subscribe((verdict) => {
    if (verdict.type === 'condition' && verdict.condition.phase === 'active') alarms += 1;
  });
  return {
    take: (sample) => source.next(sample),
    get alarms() {
      return alarms;
    },
  };
};

interface State {
  readonly phase: 'normal' | 'active';
  readonly value: number;
  readonly sinceMs: number;
}

const START: State = { phase: 'normal', value: 0, sinceMs: 0 };

const next = (state: State, value: number, limit: number, nowMs: number): State => {
  const phase = value >= limit ? 'active' : value < limit - DEADBAND ? 'normal' : state.phase;
  return phase === state.phase ? state : { phase, value, sinceMs: nowMs };
};

const limitRule = (samples: Observable<Sample>, limit: number): Observable<State> =>
  samples.pipe(
    filter((sample) => sample.metrics.temperatureCelsius !== undefined),
    groupBy((sample) => sample.device),
    mergeMap((ofDevice) =>
      ofDevice.pipe(
        map(({ metrics, nowMs }) => ({ value: metrics.temperatureCelsius ?? 0, nowMs })),
        scan((state, { value, nowMs }) => next(state, value, limit, nowMs), START),
        distinctUntilChanged(),
      ),
    ),
  );

/** As RxJS tutorials write it: for each rule a group for each device, with a scan in it. */
export const idiomaticSide = (rules: number): Side => {
  const source = new Subject<Sample>();
  let alarms = 0;
  for (const limit of limitsOf(rules)) {
    limitRule(source, limit).subscribe(({ phase }) => {
      if (phase === 'active') alarms += 1;
    });
  }
  return {
    take: (sample) => source.next(sample),
    get alarms() {
      return alarms;
    },
  };
};
