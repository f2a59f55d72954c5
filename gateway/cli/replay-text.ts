import { SEVERITIES, type Severity } from '../../rules/rule.ts';
import type { Locale } from '../config/sections/venue.ts';
import type { AlarmDiff, ChangedAlarm } from '../flight/alarm-diff.ts';
import type { AlarmLife } from '../flight/alarm-lives.ts';
import type { Replayed } from '../flight/replay.ts';
import type { Judged } from '../flight/what-if.ts';

export interface Wording {
  readonly locale: Locale;
  readonly timezone: string;
}

const SEVERITY_NAMES: Readonly<Record<Severity, string>> = {
  blue: '蓝色',
  yellow: '黄色',
  orange: '橙色',
  red: '红色',
};

const severityName = (severity: Severity, { locale }: Wording): string =>
  locale === 'zh-CN' ? SEVERITY_NAMES[severity] : severity;

const moment = (ms: number | undefined, { timezone }: Wording): string =>
  ms === undefined
    ? '-'
    : new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' }).format(ms);

const said = ({ kind, subject, severity, raisedMs, reason, rule }: AlarmLife, wording: Wording): string =>
  [
    moment(raisedMs, wording),
    severityName(severity, wording),
    kind,
    rule,
    subject,
    wording.locale === 'zh-CN' ? reason.zh : reason.en,
  ].join('  ');

/** What of the recording has to be known before its answer is believed. */
const caveats = ({ lost, skipped, tornBytes }: Replayed | Judged, zh: boolean): readonly string[] => [
  ...(lost > 0
    ? [
        zh
          ? `注意：当时有 ${lost} 项未能记录，此后的结果不再精确`
          : `note: ${lost} inputs were not recorded at the time; what follows them is not exact`,
      ]
    : []),
  ...(skipped > 0
    ? [
        zh
          ? `注意：${skipped} 条记录之前的文件已不存在，无法重放`
          : `note: ${skipped} records were passed over: the file that they follow is gone`,
      ]
    : []),
  ...(tornBytes > 0
    ? [
        zh
          ? `注意：文件末尾有 ${tornBytes} 字节不完整（网关在此被强行终止）`
          : `note: ${tornBytes} bytes at the end of files are incomplete: the gateway was killed there`,
      ]
    : []),
];

const head = (result: Replayed | Judged, tookMs: number, wording: Wording): string => {
  const { runs, frames, inputs, fromMs, toMs } = result;
  const seconds = ((toMs ?? 0) - (fromMs ?? 0)) / 1000;
  const times = Math.round(seconds / Math.max(0.001, tookMs / 1000));
  const span = `${moment(fromMs, wording)} – ${moment(toMs, wording)}`;
  return wording.locale === 'zh-CN'
    ? `${span}：网关运行 ${runs} 次，${frames} 帧，${inputs} 项其他输入；以 ${times} 倍速度重放`
    : `${span}: ${runs} ${runs === 1 ? 'run' : 'runs'} of the gateway, ${frames} frames, ${inputs} other inputs; judged again at ${times} times their speed`;
};

/** The answer of an exact replay, line by line. */
export const exactLines = (result: Replayed, tookMs: number, wording: Wording): readonly string[] => {
  const zh = wording.locale === 'zh-CN';
  const { difference, recorded } = result;
  const verdict =
    difference === undefined
      ? [
          zh
            ? `${recorded} 个报警事件与当时逐字节一致`
            : `${recorded} alarm events, byte for byte what the gateway said then`,
        ]
      : [
          zh ? `第 ${difference.index + 1} 个报警事件不同：` : `alarm event ${difference.index + 1} differs:`,
          `  ${zh ? '当时' : 'then'}  ${difference.recorded ?? '-'}`,
          `  ${zh ? '重放' : 'now '}  ${difference.replayed ?? '-'}`,
        ];
  return [head(result, tookMs, wording), ...caveats(result, zh), ...verdict];
};

const changes = ({ recorded, replayed, laterSeconds }: ChangedAlarm, wording: Wording): string => {
  const zh = wording.locale === 'zh-CN';
  const apart = Math.abs(Math.round(laterSeconds));
  const time =
    Math.abs(laterSeconds) < 1
      ? []
      : laterSeconds > 0
        ? [zh ? `晚 ${apart} 秒` : `${apart} s later`]
        : [zh ? `早 ${apart} 秒` : `${apart} s earlier`];
  const reached = SEVERITIES.flatMap((severity) => {
    const [before, now] = [recorded.reachedMs[severity], replayed.reachedMs[severity]];
    if (before !== undefined && now === undefined)
      return [zh ? `不会达到${severityName(severity, wording)}` : `never ${severity}`];
    if (before === undefined && now !== undefined)
      return [`${severityName(severity, wording)} ${moment(now, wording)}`];
    return [];
  });
  return [...time, ...reached].join(zh ? '，' : ', ');
};

const listed = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];

const diffLines = ({ same, onlyRecorded, onlyReplayed, changed }: AlarmDiff, wording: Wording): readonly string[] => {
  const zh = wording.locale === 'zh-CN';
  return [
    ...listed(
      zh ? `− 新配置不会报警（${onlyRecorded.length}）：` : `- would not have been raised (${onlyRecorded.length}):`,
      onlyRecorded.map((life) => `− ${said(life, wording)}`),
    ),
    ...listed(
      zh ? `+ 新配置会多报（${onlyReplayed.length}）：` : `+ would have been raised too (${onlyReplayed.length}):`,
      onlyReplayed.map((life) => `+ ${said(life, wording)}`),
    ),
    ...listed(
      zh ? `~ 时间或级别不同（${changed.length}）：` : `~ at another time or of another severity (${changed.length}):`,
      changed.map((each) => `~ ${said(each.recorded, wording)}  → ${changes(each, wording)}`),
    ),
    zh ? `相同的报警：${same}` : `the same: ${same}`,
  ];
};

/** The answer to "would we have caught it?", line by line. */
export const whatIfLines = (result: Judged, tookMs: number, wording: Wording): readonly string[] => [
  head(result, tookMs, wording),
  ...caveats(result, wording.locale === 'zh-CN'),
  ...diffLines(result.diff, wording),
];
