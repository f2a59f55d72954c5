import { z } from 'zod';
import { isMetricName, METRICS } from '../../ingest/model/metrics.ts';
import type { AlarmEvent } from '../../rules/alarms/alarm.ts';
import type { Evidence } from '../../rules/alarms/evidence.ts';
import type { Text } from '../../rules/rule.ts';
import type { Parameter } from './parameters.ts';

const inputSchema = z.looseObject({
  type: z.string(),
  device: z.string().optional(),
  channel: z.string().optional(),
  kind: z.string().optional(),
  metrics: z.record(z.string(), z.unknown()).optional(),
});

/** What came in, as far as it can be read. */
export type ShownInput = z.output<typeof inputSchema>;

export const inputOf = (evidence: Evidence | undefined): ShownInput | undefined => {
  const read = inputSchema.safeParse(evidence?.input);
  return read.success ? read.data : undefined;
};

const readingText = ([name, value]: readonly [string, unknown]): string => {
  const unit = isMetricName(name) ? METRICS[name].unit : '1';
  return `${name} ${String(value)}${unit === '1' ? '' : ` ${unit}`}`;
};

const inputText = (input: ShownInput | undefined): Text => {
  const device = input?.device ?? '';
  switch (input?.type) {
    case 'sample': {
      const values = Object.entries(input.metrics ?? {})
        .map(readingText)
        .join(', ');
      return { zh: `依据：${device} 的数据 ${values}`, en: `Judged on a sample of ${device}: ${values}` };
    }
    case 'occurrence':
      return { zh: `依据：${device} 的事件 ${input.kind}`, en: `Judged on an event of ${device}: ${input.kind}` };
    case 'wake':
      return {
        zh: '依据：期限已到，期间没有相反的数据',
        en: 'Judged on time: a deadline came, and nothing spoke against it',
      };
    case 'alive':
      return { zh: `依据：${device} 恢复通信`, en: `Judged on ${device} being heard again` };
    case 'acknowledged':
      return { zh: '依据：有人接警', en: 'Judged on somebody having acknowledged' };
    default:
      return { zh: '依据：没有数据', en: 'Judged on the absence of data' };
  }
};

const phaseSchema = z.looseObject({ phase: z.string() });
const PHASES: Readonly<Record<string, Text>> = {
  normal: { zh: '正常', en: 'normal' },
  pending: { zh: '待定', en: 'pending' },
  active: { zh: '报警', en: 'active' },
  unknown: { zh: '情况不明', en: 'unknown' },
};
const phaseText = (state: unknown): Text => {
  const read = phaseSchema.safeParse(state);
  const phase = read.success ? read.data.phase : '?';
  return PHASES[phase] ?? { zh: phase, en: phase };
};

const shown = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

const parameterText = ({ name, value, zh, en }: Parameter): Text => ({
  zh: `· ${name} = ${shown(value)}${zh === name ? '' : `（${zh}）`}`,
  en: `· ${name} = ${shown(value)}${en === name ? '' : ` (${en})`}`,
});

const DEEDS: Readonly<Partial<Record<AlarmEvent['type'], Text>>> = {
  acknowledged: { zh: '接警', en: 'acknowledged' },
  shelved: { zh: '搁置', en: 'shelved' },
  unshelved: { zh: '搁置结束', en: 'no longer shelved' },
  suppressed: { zh: '被原因报警抑制', en: 'suppressed by the alarm of its cause' },
  unsuppressed: { zh: '抑制结束', en: 'no longer suppressed' },
  'out-of-service': { zh: '规则停用', en: 'rule taken out of service' },
  returned: { zh: '规则恢复使用', en: 'rule back in service' },
  reminded: { zh: '接警后仍未结束，再次通知', en: 'told again: acknowledged, and still going on' },
  commented: { zh: '备注', en: 'comment' },
  assigned: { zh: '指派', en: 'assigned' },
  cleared: { zh: '恢复正常', en: 'back to normal' },
  closed: { zh: '结束', en: 'over' },
};

const DEEDS_MAX = 20;

const deedText = (clock: (ms: number) => string, { type, atMs, by, comment, alarm }: AlarmEvent): Text | undefined => {
  // A rule may have lost sight of it, or may be another one now.
  const deed =
    type === 'unknown' ? { zh: `情况不明：${alarm.reason.zh}`, en: `unknown: ${alarm.reason.en}` } : DEEDS[type];
  if (deed === undefined) return undefined;
  const who = by ?? (type === 'suppressed' ? alarm.suppressedBy : undefined);
  const more = [type === 'assigned' ? alarm.assignedTo : undefined, who, comment].filter((part) => part !== undefined);
  const tail = more.length === 0 ? '' : ` · ${more.join(' · ')}`;
  return { zh: `${clock(atMs)} ${deed.zh}${tail}`, en: `${clock(atMs)} ${deed.en}${tail}` };
};

/** Why there is an alarm, line by line. `decision`: the event by which people were last called. */
export const wordsOf = (
  decision: AlarmEvent,
  parameters: readonly Parameter[],
  events: readonly AlarmEvent[],
  timezone: string,
): Text => {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' });
  const clock = (ms: number): string => format.format(ms);
  const { alarm, atMs, evidence } = decision;
  const before = phaseText(evidence?.before);
  const after = phaseText(evidence?.after);
  const head: readonly Text[] = [
    {
      zh: `${clock(atMs)} 规则 ${alarm.rule}（${alarm.kind}）对 ${alarm.subject} 判定：${alarm.reason.zh}`,
      en: `${clock(atMs)} rule ${alarm.rule} (${alarm.kind}) said of ${alarm.subject}: ${alarm.reason.en}`,
    },
  ];
  const judged: readonly Text[] =
    evidence === undefined
      ? [{ zh: '没有保存判定依据', en: 'what it was judged on was not kept' }]
      : [
          inputText(inputOf(evidence)),
          { zh: `状态：${before.zh} → ${after.zh}`, en: `State: ${before.en} → ${after.en}` },
          ...(parameters.length === 0
            ? []
            : [{ zh: '当时的规则参数：', en: 'Parameters of the rule at that moment:' }]),
          ...parameters.map(parameterText),
        ];
  const deeds = events.map((event) => deedText(clock, event)).filter((text) => text !== undefined);
  const since: readonly Text[] =
    deeds.length === 0 ? [] : [{ zh: '此后：', en: 'What became of it:' }, ...deeds.slice(-DEEDS_MAX)];
  const lines = [...head, ...judged, ...since];
  return { zh: lines.map(({ zh }) => zh).join('\n'), en: lines.map(({ en }) => en).join('\n') };
};
