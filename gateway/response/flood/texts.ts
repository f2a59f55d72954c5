import type { Text } from '../../../rules/rule.ts';

type Reason = { readonly code: string } & Text;

export interface GroupSize {
  /** Alarms that were in it since it began. */
  readonly count: number;
  /** Of those that are open: what nobody has acknowledged. */
  readonly waiting: number;
}

/** What whoever is told reads of a group; of one alarm there is nothing to say. */
export const groupText = ({ count, waiting }: GroupSize): Text => ({
  zh: `报警泛滥，本区同类报警合并通知：已有 ${count} 个，其中 ${waiting} 个无人接警`,
  en: `flood of alarms, told together: ${count} of this kind and zone so far, ${waiting} not acknowledged`,
});

export const groupedReason = (nth: number, lead: string): Reason => ({
  code: 'grouped',
  zh: `报警泛滥：并入同类报警（第 ${nth} 个），随 ${lead} 一并通知`,
  en: `flood of alarms: number ${nth} of its group, told of with ${lead}`,
});

export const groupToldReason = (size: GroupSize): Reason => ({ code: 'group-told', ...groupText(size) });

export interface ChatterSize {
  readonly count: number;
  readonly sinceMs: number;
}

const seconds = (ms: number): number => Math.round(ms / 1000);

export const chatterText = ({ count, sinceMs }: ChatterSize, nowMs: number, quietMs: number): Text => ({
  zh: `反复报警：${seconds(nowMs - sinceMs)} 秒内 ${count} 次；安静 ${seconds(quietMs)} 秒之前不再逐次通知`,
  en: `chattering: ${count} times in ${seconds(nowMs - sinceMs)} s; not told each time until quiet for ${seconds(quietMs)} s`,
});

export const chatteringReason = (size: ChatterSize, nowMs: number, quietMs: number): Reason => ({
  code: 'chattering',
  ...chatterText(size, nowMs, quietMs),
});

export const chatterHeldReason = ({ count, sinceMs }: ChatterSize, nowMs: number): Reason => ({
  code: 'chattering',
  zh: `反复报警，${seconds(nowMs - sinceMs)} 秒内第 ${count} 次：暂不通知`,
  en: `chattering, number ${count} in ${seconds(nowMs - sinceMs)} s: held`,
});

/** What there is to say, in one. */
export const remarks = (...all: readonly (Text | undefined)[]): Text | undefined => {
  const said = all.filter((each) => each !== undefined);
  if (said.length === 0) return undefined;
  return { zh: said.map(({ zh }) => zh).join('；'), en: said.map(({ en }) => en).join('; ') };
};
