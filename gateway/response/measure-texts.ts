import type { Text } from '../../rules/rule.ts';
import type { Reminder } from './follow-up.ts';
import type { Order } from './order.ts';

type Reason = { readonly code: string } & Text;

/** What an actuator is told, as people read it. */
export const commandText = ({
  do: what,
  with: fields = {},
}: {
  do: string;
  with?: Order['with'] | undefined;
}): string => {
  const all = Object.entries(fields).map(([name, value]) => `${name} ${value}`);
  return all.length === 0 ? what : `${what} (${all.join(', ')})`;
};

type Told = Pick<Order, 'do' | 'with' | 'withinMs' | 'attempts'>;

export const sentReason = (name: Text, order: Told): Reason => ({
  code: 'command-sent',
  zh: `已向${name.zh}发送命令 ${commandText(order)}，等待确认`,
  en: `${name.en} was told: ${commandText(order)}; to be confirmed within ${order.withinMs / 1000} s`,
});

export const resumedReason = (name: Text, order: Told): Reason => ({
  code: 'command-resumed',
  zh: `网关重启前${name.zh}未确认 ${commandText(order)}，用同一编号再次发送`,
  en: `${name.en} had not confirmed ${commandText(order)} before the gateway ended: sent again under the same id`,
});

export const confirmedReason = (name: Text, order: Told, seconds: number): Reason => ({
  code: 'command-confirmed',
  zh: `${name.zh}已确认 ${commandText(order)}（${seconds} 秒后）`,
  en: `${name.en} confirmed ${commandText(order)}, after ${seconds} s`,
});

export const overdueCommandReason = (name: Text, order: Told): Reason => ({
  code: 'command-overdue',
  zh: `${name.zh}未确认 ${commandText(order)}（已发送 ${order.attempts} 次）：不知道是否已执行`,
  en: `${name.en} has not confirmed ${commandText(order)}, sent ${order.attempts} times: whether it was done is not known`,
});

export const voidReason = (name: Text, order: Told, by: Pick<Order, 'do' | 'with'>): Reason => ({
  code: 'command-void',
  zh: `${name.zh}：${commandText(order)} 未确认，由 ${commandText(by)} 取代`,
  en: `${name.en}: ${commandText(by)} takes the place of ${commandText(order)}, which was not confirmed`,
});

export const commandDoneReason = (name: Text, order: Told, by: string, how: string): Reason => ({
  code: 'command-done',
  zh: `${by} 已处理 ${name.zh} 的 ${commandText(order)}（${how}）`,
  en: `${by} has seen to ${commandText(order)} of ${name.en} (${how})`,
});

export const followUpReason = (what: Text, due: string): Reason => ({
  code: 'follow-up-set',
  zh: `须在 ${due} 前完成：${what.zh}`,
  en: `to be done by ${due}: ${what.en}`,
});

const REMINDER: Readonly<Record<Reminder, Text>> = {
  'due-soon': { zh: '即将到期', en: 'due soon' },
  overdue: { zh: '已超期', en: 'overdue' },
};

export const reminderReason = (what: Text, due: string, state: Reminder, times: number): Reason => {
  const { zh, en } = REMINDER[state];
  const [again, more] = times > 1 ? [`（第 ${times} 次提醒）`, ` (reminder ${times})`] : ['', ''];
  return {
    code: `follow-up-${state}`,
    zh: `后续事项${zh}：${what.zh}，时限 ${due}${again}`,
    en: `${en}: ${what.en}, by ${due}${more}`,
  };
};

export const followUpDoneReason = (what: Text, by: string, how: string): Reason => ({
  code: 'follow-up-done',
  zh: `${by} 已完成：${what.zh}（${how}）`,
  en: `${by} has done: ${what.en} (${how})`,
});
