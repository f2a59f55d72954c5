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
  'store-failing': ({ code, message }) => ({
    zh: `数据无法保存（${code}：${message}），报警照常`,
    en: `nothing can be kept (${code}: ${message}); alarms go on`,
  }),
  'store-dropping': () => ({
    zh: '磁盘过慢，部分读数未被保存',
    en: 'the disk is too slow: readings are dropped',
  }),
  'store-set-aside': ({ path }) => ({
    zh: `数据库已损坏，已移至 ${path} 并新建`,
    en: `the database was damaged; it was moved to ${path} and a new one begun`,
  }),
  'store-recovered': () => ({ zh: '数据保存已恢复', en: 'what comes in is kept again' }),
  'rule-fault': ({ rule }) => ({
    zh: `规则 ${rule} 出现内部错误，对此对象已停止判断`,
    en: `rule ${rule} failed and no longer judges this subject`,
  }),
  'source-lost': ({ source, seconds, zh, en }) => ({
    zh: `数据来源 ${source} 已中断 ${seconds} 秒：${zh}`,
    en: `source ${source} has been lost for ${seconds} s: ${en}`,
  }),
  'source-silent': ({ source, zh, en }) => ({
    zh: `数据来源 ${source} 没有数据：${zh}`,
    en: `source ${source} is silent: ${en}`,
  }),
  'source-heard': ({ source }) => ({ zh: `数据来源 ${source} 已恢复`, en: `source ${source} is heard again` }),
  'source-gone': ({ source }) => ({
    zh: `数据来源 ${source} 已不在配置中`,
    en: `source ${source} is no longer in the configuration`,
  }),
};
