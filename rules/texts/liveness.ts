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
  'zone-deaf': ({ receiverZh, receiverEn, zoneZh, zoneEn, seconds }) => ({
    zh: `接收器 ${receiverZh} 已 ${seconds} 秒收不到其校验信标，${zoneZh} 没有能用的接收器：该区域的胸牌无法被收到`,
    en: `receiver ${receiverEn} has not heard its canary for ${seconds} s, and no other hears in ${zoneEn}: no badge there can be heard`,
  }),
  'receiver-deaf': ({ receiverZh, receiverEn, zoneZh, zoneEn, seconds }) => ({
    zh: `接收器 ${receiverZh} 已 ${seconds} 秒收不到其校验信标；${zoneZh} 还有其他接收器`,
    en: `receiver ${receiverEn} has not heard its canary for ${seconds} s; ${zoneEn} has other receivers`,
  }),
  'receiver-hears': ({ receiverZh, receiverEn }) => ({
    zh: `接收器 ${receiverZh} 能收到其校验信标`,
    en: `receiver ${receiverEn} hears its canary`,
  }),
  'receiver-gone': ({ receiver }) => ({
    zh: `接收器 ${receiver} 已不再被监测`,
    en: `receiver ${receiver} is no longer watched`,
  }),
  'actuator-overdue': ({ nameZh, nameEn, command, seconds }) => ({
    zh: `${nameZh} 在 ${seconds} 秒内没有确认命令 ${command}：不知道是否已执行`,
    en: `${nameEn} has not confirmed ${command} within ${seconds} s: whether it was done is not known`,
  }),
  'actuator-settled': ({ nameZh, nameEn }) => ({
    zh: `${nameZh} 的命令均已确认`,
    en: `all that ${nameEn} was told is confirmed`,
  }),
  'rule-fault': ({ rule }) => ({
    zh: `规则 ${rule} 出现内部错误，对此对象已停止判断`,
    en: `rule ${rule} failed and no longer judges this subject`,
  }),
  'no-longer-judged': ({ rule }) => ({
    zh: `配置已更改，规则 ${rule} 不再判断此对象，情况不明；确认后此报警即结束`,
    en: `the configuration was changed and rule ${rule} no longer judges this: the situation is unknown. Acknowledged, the alarm is over`,
  }),
  'rule-changed': ({ rule }) => ({
    zh: `规则 ${rule} 从头开始判断（设置已更改，或保存的数据不全），情况不明；确认后此报警即结束，如仍超限会再次报警`,
    en: `rule ${rule} judges anew, for its settings have changed or what was kept is not complete: the situation is unknown. Acknowledged, the alarm is over, and is raised again if it has to be`,
  }),
  'still-out-of-service': ({ rule, by, why, hours }) => ({
    zh: `规则 ${rule} 已停用 ${hours} 小时（${by}：${why}），其报警不会通知任何人`,
    en: `rule ${rule} has been out of service for ${hours} h (${by}: ${why}): nobody is told of what it raises`,
  }),
  'back-in-service': ({ rule }) => ({ zh: `规则 ${rule} 已恢复使用`, en: `rule ${rule} is back in service` }),
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
