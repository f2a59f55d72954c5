import type { VenueConfig } from '../config/schema.ts';
import type { Locale } from '../config/sections/venue.ts';
import type { Write } from './check.ts';
import { type Comparison, compare, type Happened, happened } from './scenario/compare.ts';
import type { ScenarioFile } from './scenario/file.ts';
import { type Played, play } from './scenario/play.ts';

export interface SimOptions {
  readonly scenario: ScenarioFile;
  readonly config: VenueConfig;
  readonly speed: number;
  readonly epochMs?: number | undefined;
  readonly json: boolean;
  readonly locale: Locale;
  readonly signal: AbortSignal;
}

const row = (mark: string, at: string, { kind, subject, severity, transition }: Omit<Happened, 'atSeconds'>): string =>
  `${mark} ${at.padStart(9)}  ${kind.padEnd(14)} ${subject.padEnd(18)} ${severity.padEnd(7)} ${transition}`;

const table = ({ expected, extra }: Comparison, locale: Locale): readonly string[] => {
  const zh = locale === 'zh-CN';
  return [
    ...expected.map((each) =>
      each.cameAtSeconds === undefined
        ? row('✗', `${each.atSeconds} s`, each) + (zh ? '  未发生' : '  did not come')
        : `${row('✓', `${each.cameAtSeconds} s`, each)}  +${each.latencySeconds} s`,
    ),
    ...extra.map(
      (each) => row('✗', `${Math.round(each.atSeconds * 10) / 10} s`, each) + (zh ? '  意外' : '  unexpected'),
    ),
  ];
};

const summary = ({ ok, expected, extra }: Comparison, { maxLateSeconds }: Played, locale: Locale): string => {
  const came = expected.filter(({ cameAtSeconds }) => cameAtSeconds !== undefined).length;
  const verdict = ok ? 'PASS' : 'FAIL';
  return locale === 'zh-CN'
    ? `${verdict}：预期 ${expected.length}，发生 ${came}，意外 ${extra.length}；设备最多滞后 ${maxLateSeconds} 秒`
    : `${verdict}: ${expected.length} expected, ${came} came, ${extra.length} unexpected; devices at most ${maxLateSeconds} s behind`;
};

/** What a play that fell behind says is not to be believed; it is played again at half the speed, this often. */
const REPLAYS = 2;
const TOLERABLE_LATE_SECONDS = 1;

interface Outcome {
  readonly played: Played;
  readonly comparison: Comparison;
}

const playOnce = async (options: SimOptions, speed: number, err: Write): Promise<Outcome> => {
  const { scenario, config, epochMs, signal } = options;
  const all: Happened[] = [];
  const played = await play({
    scenario,
    config,
    speed,
    epochMs,
    signal,
    mqttPort: 0,
    httpPort: 0,
    onEvent: (event, atSeconds) => all.push(happened(event, atSeconds)),
    onProblem: (line) => err(`${line}\n`),
  });
  return { played, comparison: compare(scenario.expect, all) };
};

const replayNote = (speed: number, lateSeconds: number, locale: Locale): string =>
  locale === 'zh-CN'
    ? `本机来不及（滞后 ${lateSeconds} 秒），改以 ${speed} 倍速度重放\n`
    : `this machine fell ${lateSeconds} s behind; played again at speed ${speed}\n`;

/** `muster sim`: plays a scenario and compares what was raised with what was expected. 0 equal, 1 not, 2 or 3 not playable. */
export const runSim = async (options: SimOptions, out: Write, err: Write): Promise<number> => {
  const { scenario, signal, locale, json } = options;
  let { speed } = options;
  let { played, comparison } = await playOnce(options, speed, err);
  for (let replay = 0; replay < REPLAYS; replay += 1) {
    const believable = comparison.ok || played.maxLateSeconds <= TOLERABLE_LATE_SECONDS;
    if (believable || signal.aborted || played.failure !== undefined) break;
    speed /= 2;
    err(replayNote(speed, played.maxLateSeconds, locale));
    ({ played, comparison } = await playOnce(options, speed, err));
  }
  if (played.stopped) return 0;
  if (played.failure !== undefined) {
    err(`${played.failure.message}\n`);
    return played.failure.exitCode;
  }
  const { maxLateSeconds } = played;
  if (json) out(`${JSON.stringify({ scenario: scenario.file, speed, ...comparison, maxLateSeconds })}\n`);
  else out(`${[...table(comparison, locale), summary(comparison, played, locale)].join('\n')}\n`);
  return comparison.ok ? 0 : 1;
};
