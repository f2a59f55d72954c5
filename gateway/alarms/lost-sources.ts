import type { Source, SourceStatus } from '../../ingest/sources/source.ts';
import type { Alarm } from '../../rules/alarms/alarm.ts';
import type { ConditionVerdict } from '../../rules/engine.ts';
import type { VenueClock } from '../clock.ts';
import type { VenueConfig } from '../config/schema.ts';
import { SOURCE_SUBJECT, type SourceWord, sourceVerdict } from './health.ts';

interface LostSourcesOptions {
  readonly sources: readonly Source[];
  /** How long a source may be lost until that is an alarm, seconds, by its id. */
  readonly patience: ReadonlyMap<string, number>;
  readonly clock: VenueClock;
  report(verdict: ConditionVerdict): void;
  /** Those of an earlier run among them. */
  openAlarms(): readonly Alarm[];
}

/** How long each source may be lost until that is an alarm, seconds. */
export const patienceOf = ({ sources }: VenueConfig): ReadonlyMap<string, number> =>
  new Map(sources.flatMap((each) => ('silenceSeconds' in each ? [[each.id, each.silenceSeconds]] : [])));

const LOOK_EVERY_MS = 1000;
const DEFAULT_PATIENCE_SECONDS = 60;
const NO_TROUBLE = { zh: '', en: '' } as const;

/** What an earlier run said of a source that is no longer there, nobody would ever take back. */
const clearGone = ({ sources, clock, report, openAlarms }: LostSourcesOptions): void => {
  const known = new Set(sources.map(({ id }) => `${SOURCE_SUBJECT}${id}`));
  for (const { kind, subject } of openAlarms()) {
    if (kind !== 'gateway-health' || !subject.startsWith(SOURCE_SUBJECT) || known.has(subject)) continue;
    const id = subject.slice(SOURCE_SUBJECT.length);
    report(sourceVerdict({ id, says: 'gone', seconds: 0, trouble: NO_TROUBLE }, clock.now()));
  }
};

/** A source that stays lost, or open without a word, is an alarm until it is heard again. */
export const watchSources = (options: LostSourcesOptions): (() => void) => {
  const { sources, patience, clock, report } = options;
  clearGone(options);
  const watched = sources.filter(({ status }) => status !== undefined);
  if (watched.length === 0) return () => undefined;
  const lostSinceMs = new Map<string, number>();
  const told = new Map<string, SourceWord['says']>();

  const saysOf = (id: string, state: SourceStatus['state'], nowMs: number): SourceWord['says'] | undefined => {
    if (state === 'open') return 'heard';
    if (state === 'silent') return 'silent';
    const sinceMs = lostSinceMs.get(id) ?? nowMs;
    return nowMs - sinceMs >= (patience.get(id) ?? DEFAULT_PATIENCE_SECONDS) * 1000 ? 'lost' : undefined;
  };

  const lookAt = ({ id, status }: Source, nowMs: number): void => {
    const { state, lastTrouble = NO_TROUBLE } = status?.() ?? { state: 'stopped' };
    if (state === 'open' || state === 'stopped') lostSinceMs.delete(id);
    else if (!lostSinceMs.has(id)) lostSinceMs.set(id, nowMs);
    const says = state === 'stopped' ? undefined : saysOf(id, state, nowMs);
    // Silence that becomes a loss, or the other way round, is the same alarm.
    const isSame = says === told.get(id) || (says !== 'heard' && (told.get(id) ?? 'heard') !== 'heard');
    if (says === undefined || isSame) return;
    told.set(id, says);
    const seconds = Math.round((nowMs - (lostSinceMs.get(id) ?? nowMs)) / 1000);
    report(sourceVerdict({ id, says, seconds, trouble: { zh: lastTrouble.zh, en: lastTrouble.en } }, nowMs));
  };

  const look = (): void => {
    const nowMs = clock.now();
    for (const source of watched) lookAt(source, nowMs);
    next = clock.schedule(look, LOOK_EVERY_MS);
  };
  let next = clock.schedule(look, LOOK_EVERY_MS);
  return () => next.unsubscribe();
};
