import type { Measure } from '../box/figures.ts';
import { durationText } from '../rounding.ts';
import type { Text } from '../rule.ts';
import type { Params, Sentence } from './reasons.ts';

const detail = ({ zh = '', en = '' }: Params): Text => ({
  zh: zh === '' ? '' : `：${zh}`,
  en: en === '' ? '' : `: ${en}`,
});

const lasting = ({ value }: Params): Text => durationText(Number(value));

const FIGURES: Readonly<Record<Measure, Sentence>> = {
  loopLagMilliseconds: ({ value }) => ({
    zh: `网关主循环滞后 ${value} 毫秒，报警会晚到`,
    en: `the gateway’s event loop is ${value} ms late: alarms come later`,
  }),
  diskFreeMegabytes: ({ value }) => ({
    zh: `数据目录所在磁盘剩余 ${value} MB`,
    en: `${value} MB are free on the disk of the data directory`,
  }),
  writerStillSeconds: (params) => ({
    zh: `存储已 ${lasting(params).zh}没有写入`,
    en: `the store has written nothing for ${lasting(params).en}`,
  }),
  queueAgeSeconds: (params) => ({
    zh: `数据出口 ${params.part} 滞后 ${lasting(params).zh}${detail(params).zh}`,
    en: `sink ${params.part} is ${lasting(params).en} behind${detail(params).en}`,
  }),
  sinkDownSeconds: (params) => ({
    zh: `数据出口 ${params.part} 已 ${lasting(params).zh}不可用${detail(params).zh}`,
    en: `sink ${params.part} has taken nothing for ${lasting(params).en}${detail(params).en}`,
  }),
  noticeAgeSeconds: (params) => ({
    zh: `通知渠道 ${params.part} 有通知已等待 ${lasting(params).zh}${detail(params).zh}`,
    en: `a notice has waited ${lasting(params).en} for channel ${params.part}${detail(params).en}`,
  }),
  clockOffsetSeconds: ({ value }) => ({
    zh: `系统时钟被调整了 ${value} 秒，重启网关后才会采用`,
    en: `the clock of the box was set by ${value} s: the gateway takes it up when it is restarted`,
  }),
};

const saying =
  (sentence: Sentence, zh: string, en: string): Sentence =>
  (params) => ({ zh: sentence(params).zh + zh, en: sentence(params).en + en });

export const BOX: Readonly<Record<string, Sentence>> = {
  ...Object.fromEntries(
    Object.entries(FIGURES).flatMap(([measure, sentence]) => [
      [`box-${measure}`, sentence],
      [`box-${measure}-soon`, saying(sentence, '，持续将报警', ' (alarm if it lasts)')],
      [`box-${measure}-easing`, saying(sentence, '，正在恢复', ' (coming back)')],
      [`box-${measure}-normal`, saying(sentence, '，正常', ' (normal)')],
    ]),
  ),
  'box-unmeasured': ({ measure, part }) => ({
    zh: `网关无法测得 ${measure}${part === '' ? '' : `（${part}）`}，情况不明`,
    en: `the gateway cannot measure ${measure}${part === '' ? '' : ` of ${part}`}: it is unknown`,
  }),
};
