import { ALERTS, type AlarmEventType } from '../../../rules/alarms/alarm.ts';
import type { Severity, Text } from '../../../rules/rule.ts';
import { LEVEL_TEXT } from '../../response/texts.ts';
import type { NoticeFollowUp } from '../notice.ts';
import type { Telling } from './kind.ts';

export type Language = 'zh' | 'en' | 'both';

const SEVERITY: Readonly<Record<Severity, Text>> = {
  blue: { zh: '蓝色·一般', en: 'Blue, general' },
  yellow: { zh: '黄色·较大', en: 'Yellow, elevated' },
  orange: { zh: '橙色·重大', en: 'Orange, serious' },
  red: { zh: '红色·特别重大', en: 'Red, critical' },
};

const EVENT: Readonly<Record<AlarmEventType, Text>> = {
  raised: { zh: '报警', en: 'Alarm' },
  escalated: { zh: '报警升级', en: 'Alarm more severe' },
  repeated: { zh: '再次报警', en: 'Alarm again' },
  changed: { zh: '报警变化', en: 'Alarm changed' },
  unknown: { zh: '无数据，报警未解除', en: 'No data, alarm not cleared' },
  acknowledged: { zh: '已接警', en: 'Acknowledged' },
  cleared: { zh: '已恢复正常', en: 'Back to normal' },
  closed: { zh: '报警结束', en: 'Alarm over' },
  shelved: { zh: '已搁置', en: 'Shelved' },
  unshelved: { zh: '搁置结束', en: 'No longer shelved' },
  suppressed: { zh: '已抑制', en: 'Suppressed' },
  unsuppressed: { zh: '抑制结束', en: 'No longer suppressed' },
  'out-of-service': { zh: '已停用', en: 'Out of service' },
  returned: { zh: '恢复使用', en: 'Back in service' },
  reminded: { zh: '已接警但仍未结束', en: 'Acknowledged, and still going on' },
  commented: { zh: '备注', en: 'Comment' },
  assigned: { zh: '已指派', en: 'Assigned' },
};

const FOLLOW_UP: Readonly<Record<NoticeFollowUp['state'], Text>> = {
  'due-soon': { zh: '后续事项即将到期', en: 'Due soon' },
  overdue: { zh: '后续事项已超期', en: 'Overdue' },
};

const eventText = ({ notice: { event, repeat, step, group, followUp } }: Telling): Text => {
  if (followUp !== undefined) {
    const { zh, en } = FOLLOW_UP[followUp.state];
    return { zh: `${zh}（${followUp.what.zh}）`, en: `${en} (${followUp.what.en})` };
  }
  if (step !== undefined) return { zh: `无人接警，升级到第 ${step} 级`, en: `Nobody acknowledged, step ${step}` };
  if (repeat === undefined && group !== undefined && ALERTS.has(event))
    return { zh: `同类报警 ${group.count} 个`, en: `${group.count} alarms of this kind` };
  if (repeat === undefined) return EVENT[event];
  return { zh: `第 ${repeat} 次提醒，尚无人接警`, en: `Reminder ${repeat}, nobody has acknowledged` };
};

/** One line: how serious, what, where. */
export const titleText = (telling: Telling): Text => {
  const { notice, subject, zone } = telling;
  const event = eventText(telling);
  const severity = SEVERITY[notice.alarm.severity];
  const place = (name: string, where: string | undefined): string =>
    where === undefined || where === name ? name : `${name} · ${where}`;
  return {
    zh: `【${severity.zh}】${event.zh}：${place(subject.zh, zone?.zh)}`,
    en: `[${severity.en}] ${event.en}: ${place(subject.en, zone?.en)}`,
  };
};

const clock = ({ notice, timezone }: Telling, locale: string): string =>
  new Intl.DateTimeFormat(locale, {
    timeZone: timezone,
    hour12: false,
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(notice.atMs);

const late = ({ notice: { alarm } }: Telling): Text | undefined =>
  alarm.lateBySeconds === undefined || alarm.lateBySeconds < 1
    ? undefined
    : { zh: `晚到 ${Math.round(alarm.lateBySeconds)} 秒`, en: `arrived ${Math.round(alarm.lateBySeconds)} s late` };

const handled = ({ notice: { alarm, comment } }: Telling): Text | undefined => {
  const { acknowledgedBy: by } = alarm;
  if (by === undefined) return undefined;
  const more = comment === undefined ? '' : ` — ${comment}`;
  return { zh: `接警人：${by}${more}`, en: `Acknowledged by ${by}${more}` };
};

const level = ({ notice }: Telling): Text | undefined => {
  if (notice.level === undefined) return undefined;
  const { zh, en } = LEVEL_TEXT[notice.level];
  return { zh: `响应级别：${zh}`, en: `Response: ${en}` };
};

/** What follows the title: why, what to do, who is on it, when. */
export const lineTexts = (telling: Telling): readonly Text[] => {
  const { alarm } = telling.notice;
  const isOver = alarm.condition === 'cleared';
  const lines = [
    { zh: alarm.reason.zh, en: alarm.reason.en },
    late(telling),
    telling.notice.remark,
    isOver ? undefined : level(telling),
    isOver || alarm.human === 'acknowledged' || telling.notice.followUp !== undefined ? undefined : alarm.guidance,
    handled(telling),
    {
      zh: `${clock(telling, 'zh-CN')} · ${telling.venue.name.zh}`,
      en: `${clock(telling, 'en-GB')} · ${telling.venue.name.en}`,
    },
  ];
  return lines.filter((line) => line !== undefined);
};

export const ACKNOWLEDGE: Text = { zh: '接警', en: 'Acknowledge' };

/** In the language asked for; where both are, Chinese first. */
export const speak = (text: Text, language: Language, between = ' / '): string => {
  if (language !== 'both') return text[language];
  return text.zh === text.en ? text.zh : `${text.zh}${between}${text.en}`;
};

/** The lines in one language after the other. */
export const speakLines = (lines: readonly Text[], language: Language): readonly string[] =>
  language === 'both'
    ? [...lines.map(({ zh }) => zh), ...lines.map(({ en }) => en)]
    : lines.map((line) => line[language]);

/** Cut to so many bytes of UTF-8, at a character's edge. */
export const cutBytes = (text: string, bytesMax: number): string => {
  const bytes = Buffer.from(text);
  if (bytes.length <= bytesMax) return text;
  const kept = bytes.subarray(0, bytesMax - 3).toString('utf8');
  return `${kept.replace(/\uFFFD+$/u, '')}…`;
};
