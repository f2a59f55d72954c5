import { bindProblems, httpBindProblems } from '../config/bind.ts';
import type { Finding } from '../config/finding.ts';
import { type ConfigProblem, formatPath, formatProblem } from '../config/problems/problem.ts';
import type { VenueConfig } from '../config/schema.ts';
import { configRecordOf } from '../flight/config-record.ts';
import type { Log } from '../log.ts';
import { type Change, changesBetween } from './changes.ts';
import { otherKinds } from './other-kinds.ts';
import type { ReadAnew } from './read-anew.ts';
import { type Deferred, deferredIn, effective } from './sections.ts';

/** For a recorder: from now on it is judged by this. */
export interface ReloadMark {
  readonly atMs: number;
  /** Who asked. */
  readonly by: string;
  readonly config: VenueConfig;
  readonly configHash: string;
}

/** SHA-256 of what judging needs of a configuration. */
export const configHash = (config: VenueConfig): string => configRecordOf(config).hash;

export type ReloadOutcome =
  | {
      readonly ok: true;
      /** False: only looked at. */
      readonly applied: boolean;
      readonly changes: readonly Change[];
      readonly deferred: readonly Deferred[];
    }
  /** Nothing has changed. */
  | { readonly ok: false; readonly why: 'invalid'; readonly problems: readonly ConfigProblem[] }
  | { readonly ok: false; readonly why: 'refused'; readonly findings: readonly Finding[] };

export interface ReloadRequest {
  readonly by: string;
  readonly dryRun: boolean;
}

export interface Reloader {
  /** One after the other. Rejects for a fault of the gateway, and then nothing has changed. */
  reload(asked: ReloadRequest): Promise<ReloadOutcome>;
  /** What is wrong, by name, for health. */
  problems(): readonly string[];
}

export interface ReloaderOptions {
  /** What runs at the start. */
  readonly config: VenueConfig;
  read(): Promise<ReadAnew>;
  /** Makes the new one count, in one go. */
  apply(config: VenueConfig, bindKeys: ReadonlyMap<string, Uint8Array>): void;
  readonly onReload?: ((mark: ReloadMark) => void) | undefined;
  nowMs(): number;
  readonly log: Log;
}

/** Lines of the log for one reload. */
const TOLD_MAX = 100;

const tellRefused = (log: Log, by: string, lines: readonly string[]): void => {
  log.error({ by, errors: lines.length }, 'the venue file was not taken over: what runs stays as it is');
  for (const line of lines.slice(0, TOLD_MAX)) log.error({ by }, line);
};

const lineOf = ({ path, message }: Finding): string => `${formatPath(path)}: ${message.en}`;

export const createReloader = ({ config, read, apply, onReload, nowMs, log }: ReloaderOptions): Reloader => {
  let last: Promise<unknown> = Promise.resolve();
  /** Of those whose turn has not come, by whether they are dry runs: at most one of each. */
  const waiting = new Map<boolean, Promise<ReloadOutcome>>();
  let running = config;
  let isRefused = false;
  let deferred: readonly Deferred[] = [];

  const taken = (
    next: VenueConfig,
    keys: ReadonlyMap<string, Uint8Array>,
    { by, dryRun }: ReloadRequest,
  ): ReloadOutcome => {
    const meant = effective(running, next);
    const findings = [...otherKinds(running, meant), ...bindProblems(meant), ...httpBindProblems(meant)];
    if (findings.length > 0) {
      if (!dryRun) tellRefused(log, by, findings.map(lineOf));
      return { ok: false, why: 'refused', findings };
    }
    const changes = changesBetween(running, meant);
    const later = deferredIn(running, next);
    if (dryRun) return { ok: true, applied: false, changes, deferred: later };
    apply(meant, keys);
    running = meant;
    deferred = later;
    log.info({ by, changes: changes.length, deferred: later.length }, 'the venue file was read again');
    for (const { text } of [...changes, ...later].slice(0, TOLD_MAX)) log.info({ by, zh: text.zh }, text.en);
    onReload?.({ atMs: nowMs(), by, config: meant, configHash: configHash(meant) });
    return { ok: true, applied: true, changes, deferred: later };
  };

  const once = async (asked: ReloadRequest): Promise<ReloadOutcome> => {
    const found = await read();
    const outcome: ReloadOutcome = found.ok
      ? taken(found.config, found.bindKeys, asked)
      : { ok: false, why: 'invalid', problems: found.problems };
    if (asked.dryRun) return outcome;
    isRefused = !outcome.ok;
    if (!outcome.ok && outcome.why === 'invalid')
      tellRefused(
        log,
        asked.by,
        outcome.problems.map((problem) => formatProblem(problem, 'en')),
      );
    return outcome;
  };

  return {
    reload: (asked) => {
      // The file is read when its turn comes: whoever asks meanwhile gets the same answer, and nothing piles up.
      const shared = waiting.get(asked.dryRun);
      if (shared !== undefined) return shared;
      const next = last.then(() => {
        waiting.delete(asked.dryRun);
        return once(asked);
      });
      waiting.set(asked.dryRun, next);
      // Whoever asked is told what failed; the next one is not.
      last = next.catch(() => undefined);
      return next;
    },
    problems: () => [...(isRefused ? ['venue-file-refused'] : []), ...(deferred.length > 0 ? ['restart-needed'] : [])],
  };
};
