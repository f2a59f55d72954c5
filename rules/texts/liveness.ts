import type { Sentence } from './reasons.ts';

export const LIVENESS: Readonly<Record<string, Sentence>> = {
  'no-data': ({ seconds, device }) => ({
    zh: `${device} 已 ${seconds} 秒没有数据，情况不明`,
    en: `no data from ${device} for ${seconds} s: the situation is unknown`,
  }),
  'never-heard': ({ seconds, device }) => ({
    zh: `网关启动 ${seconds} 秒以来从未收到 ${device} 的数据`,
    en: `nothing heard from ${device} in the ${seconds} s since the gateway started`,
  }),
  'said-offline': ({ device }) => ({ zh: `${device} 已离线`, en: `${device} is offline` }),
  reporting: () => ({ zh: '正常上报', en: 'reporting' }),
  'rule-fault': ({ rule }) => ({
    zh: `规则 ${rule} 出现内部错误，对此对象已停止判断`,
    en: `rule ${rule} failed and no longer judges this subject`,
  }),
};
