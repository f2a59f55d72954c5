import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { VenueConfig } from '../config/schema.ts';
import type { Locale } from '../config/sections/venue.ts';
import { configRecordOf } from '../flight/config-record.ts';
import { FLIGHT_FOLDER, flightFiles } from '../flight/files.ts';
import { RecordingError } from '../flight/reader.ts';
import type { RunStart } from '../flight/records.ts';
import { configOf, type Replayed, replay } from '../flight/replay.ts';
import { readRuns } from '../flight/runs.ts';
import { type Judged, whatIf } from '../flight/what-if.ts';
import { OWNER_ONLY } from '../private-file.ts';
import type { Write } from './check.ts';
import { exactLines, whatIfLines } from './replay-text.ts';

export interface ReplayCommand {
  /** A file of a recording, the folder of its files, or a data directory. */
  readonly path: string;
  /** Judged by instead of what was recorded. */
  readonly config: VenueConfig | undefined;
  readonly json: boolean;
  /** Where the alarm events go, one canonical line of JSON each. */
  readonly eventsFile: string | undefined;
  readonly locale: Locale;
  /** Monotonic milliseconds. */
  nowMs(): number;
}

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

const filesOf = (path: string): readonly string[] => {
  if (!isDirectory(path)) return [path];
  const inner = join(path, FLIGHT_FOLDER);
  return flightFiles(isDirectory(inner) ? inner : path).map((file) => file.path);
};

/** Of the first gateway that begins in the recording. */
const firstStart = (paths: readonly string[]): RunStart => {
  let start: RunStart | undefined;
  readRuns(paths, (record) => {
    if (record.type === 'begin') start ??= record.start;
    return start === undefined;
  });
  if (start !== undefined) return start;
  throw new RecordingError('there is no recording of a gateway from its start');
};

/** Lines to a file that only its owner can read. */
const linesTo = (path: string | undefined): { write(line: string): void; end(): void } => {
  if (path === undefined) return { write: () => undefined, end: () => undefined };
  const fd = openSync(path, 'w', OWNER_ONLY);
  return { write: (line) => void writeSync(fd, `${line}\n`), end: () => closeSync(fd) };
};

type Answer =
  | { readonly mode: 'exact'; readonly result: Replayed }
  | { readonly mode: 'what-if'; readonly result: Judged };

const answerOf = (
  { config }: ReplayCommand,
  paths: readonly string[],
  start: RunStart,
  onLine: (line: string) => void,
): Answer => {
  const hash = config && configRecordOf(config).hash;
  if (config !== undefined && hash !== start.configHash)
    return { mode: 'what-if', result: whatIf({ paths, config, onLine }) };
  // The very configuration that was recorded, with the keys that a recording does not hold.
  const configs = config === undefined || hash === undefined ? undefined : new Map([[hash, config]]);
  return { mode: 'exact', result: replay({ paths, onLine, ...(configs === undefined ? {} : { configs }) }) };
};

const isEqual = (answer: Answer): boolean => {
  if (answer.mode === 'exact') return answer.result.difference === undefined;
  const { onlyRecorded, onlyReplayed, changed } = answer.result.diff;
  return onlyRecorded.length + onlyReplayed.length + changed.length === 0;
};

const isFault = (error: unknown): error is Error =>
  error instanceof RecordingError || (error instanceof Error && 'syscall' in error);

/** `muster replay`. 0: the same as then; 1: other alarms; 2: there is nothing to be replayed. */
export const runReplay = (command: ReplayCommand, out: Write, err: Write): number => {
  const { path, config, json, eventsFile, locale, nowMs } = command;
  try {
    const paths = filesOf(path);
    const start = firstStart(paths);
    const lines = linesTo(eventsFile);
    const startedMs = nowMs();
    const answer = answerOf(command, paths, start, lines.write);
    const tookMs = nowMs() - startedMs;
    lines.end();
    const equal = isEqual(answer);
    const wording = { locale, timezone: (config ?? configOf(start.config, start.version)).venue.timezone };
    if (json) out(`${JSON.stringify({ mode: answer.mode, equal, tookMs, ...answer.result })}\n`);
    else {
      const said =
        answer.mode === 'exact'
          ? exactLines(answer.result, tookMs, wording)
          : whatIfLines(answer.result, tookMs, wording);
      for (const line of said) out(`${line}\n`);
    }
    return equal ? 0 : 1;
  } catch (error) {
    if (!isFault(error)) throw error;
    err(locale === 'zh-CN' ? `无法重放 ${path}：${error.message}\n` : `cannot replay ${path}: ${error.message}\n`);
    return 2;
  }
};
