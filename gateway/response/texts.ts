import type { AlarmHuman } from '../../rules/alarms/alarm.ts';
import type { Text } from '../../rules/rule.ts';
import { holdBack } from '../notifiers/hold-back.ts';
import type { Level } from './plan.ts';
import type { HoldBack } from './policy.ts';

/** The three levels of response, as people are told of them. */
export const LEVEL_TEXT: Readonly<Record<Level, Text>> = {
  'handle-on-the-spot': { zh: '就地处置', en: 'handle on the spot' },
  'one-way-flow': { zh: '单向通行', en: 'one-way flow' },
  'police-and-evacuation': { zh: '报警并疏散', en: 'police and evacuation' },
};

const HELD_TEXT: Readonly<Record<'out-of-service' | 'suppressed' | 'shelved', Text>> = {
  'out-of-service': { zh: '规则已停用：不通知', en: 'its rule is out of service: nobody is told' },
  suppressed: { zh: '被其原因报警抑制：不通知', en: 'suppressed by the alarm of its cause: nobody is told' },
  shelved: { zh: '已搁置：不通知', en: 'shelved: nobody is told' },
};

/** Why nobody is told of an alarm now, in words. */
export const heldBack: HoldBack = ({ alarm }) => {
  const decision = holdBack(alarm);
  if (decision.notify) return undefined;
  const { reason, by } = decision;
  return { code: reason, ...HELD_TEXT[reason], ...(by === '' ? {} : { by }) };
};

type Reason = { readonly code: string } & Text;

const list = (names: readonly Text[]): Text => ({
  zh: names.map(({ zh }) => zh).join('、'),
  en: names.map(({ en }) => en).join(', '),
});

/** Whom a rung tells, in words. */
export interface Who {
  readonly told: readonly Text[];
  readonly channels: readonly string[];
}

const whoText = ({ told, channels }: Who): Text => {
  const names = list(told);
  const ways = channels.join(', ') || '–';
  return {
    zh: `${names.zh === '' ? '未指定人员' : names.zh}（渠道：${ways}）`,
    en: `${names.en === '' ? 'nobody by name' : names.en} (by ${ways})`,
  };
};

export const toldReason = (who: Who): Reason => {
  const { zh, en } = whoText(who);
  return { code: 'told', zh: `已通知：${zh}`, en: `told: ${en}` };
};

export const escalatedReason = (step: number, seconds: number, who: Who): Reason => {
  const { zh, en } = whoText(who);
  return {
    code: 'not-acknowledged',
    zh: `${seconds} 秒内无人接警，升级到第 ${step} 级：${zh}`,
    en: `nobody acknowledged within ${seconds} s, step ${step}: ${en}`,
  };
};

export const insteadReason = (step: number, who: Who): Reason => {
  const { zh, en } = whoText(who);
  return { code: 'told-instead', zh: `改为通知第 ${step} 级：${zh}`, en: `told instead, step ${step}: ${en}` };
};

export const passedOnReason = (empty: readonly Text[], isLast: boolean): Reason => {
  const { zh, en } = list(empty);
  return {
    code: 'nobody-on-duty',
    zh: `${zh}此时无人值班${isLast ? '' : '，立即通知下一级'}`,
    en: `nobody of ${en} is on duty${isLast ? '' : ': passed on to the next step at once'}`,
  };
};

export const nobodyReason = (told: readonly Text[]): Reason => {
  const { zh, en } = list(told);
  return told.length === 0
    ? { code: 'ladder-empty', zh: '预案中再无可通知的人员', en: 'the plan has nobody left to tell' }
    : {
        code: 'ladder-empty',
        zh: `预案中无人值班，已通知所有相关人员（不论是否当班）：${zh}`,
        en: `nobody of the plan is on duty: everybody in it is told, on duty or not: ${en}`,
      };
};

export const overdueReason = (seconds: number): Reason => ({
  code: 'ack-overdue',
  zh: `${seconds} 秒的接警时限已过，无人接警`,
  en: `nobody acknowledged within the ${seconds} s that the plan allows`,
});

const STOPPED: Readonly<Record<Exclude<AlarmHuman, 'unacknowledged'>, (by: string | undefined) => Text>> = {
  acknowledged: (by = '–') => ({ zh: `${by} 已接警，停止通知`, en: `acknowledged by ${by}: nobody more is told` }),
  shelved: (by = '–') => ({ zh: `${by} 已搁置，停止通知`, en: `shelved by ${by}: nobody more is told` }),
  suppressed: () => ({ zh: '已抑制，停止通知', en: 'suppressed: nobody more is told' }),
  'out-of-service': () => ({ zh: '已停用，停止通知', en: 'out of service: nobody more is told' }),
};

export const stoppedReason = (human: Exclude<AlarmHuman, 'unacknowledged'>, by: string | undefined): Reason => ({
  code: human,
  ...STOPPED[human](by),
});

export const CLOSED_REASON: Reason = { code: 'closed', zh: '报警结束，停止通知', en: 'the alarm is over' };

export const UNPLANNED_REASON: Reason = {
  code: 'unplanned',
  zh: '响应预案没有这类报警的安排，未通知任何人',
  en: 'the response plan says nothing of such an alarm: nobody is told',
};

export const frozenReason = (operation: Text, role: Text | undefined): Reason => ({
  code: 'frozen',
  zh: `作业已停止：${operation.zh}；须由${role?.zh ?? '系统工程师'}解除`,
  en: `frozen: ${operation.en}; to be lifted by ${role?.en ?? 'an engineer'}`,
});

export const liftedReason = (operation: Text, by: string, why: string): Reason => ({
  code: 'lifted',
  zh: `${by} 已解除停止：${operation.zh}（${why}）`,
  en: `${by} lifted the freeze of ${operation.en} (${why})`,
});

/** What whoever is told reads of the way that the alarm has gone. */
export const remarkOf = (reasons: readonly Text[]): Text => ({
  zh: reasons.map(({ zh }) => zh).join('；'),
  en: reasons.map(({ en }) => en).join('; '),
});
