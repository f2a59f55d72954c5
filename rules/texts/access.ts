import type { Sentence } from './reasons.ts';

export const ACCESS: Readonly<Record<string, Sentence>> = {
  'access-burst': ({ address, limit, seconds, accounts, locked }) => ({
    zh: `${seconds} 秒内从 ${address} 读取了超过 ${limit} 条不同记录（账号 ${accounts}）${locked === undefined ? '' : '，已要求锁定账号'}`,
    en: `more than ${limit} different records read from ${address} within ${seconds} s (accounts ${accounts})${locked === undefined ? '' : ': they are to be locked'}`,
  }),
  'access-burst-soon': ({ address, records, seconds, accounts }) => ({
    zh: `${seconds} 秒内从 ${address} 读取了 ${records} 条不同记录（账号 ${accounts}），持续将报警`,
    en: `${records} different records read from ${address} within ${seconds} s (accounts ${accounts}): alarm if it lasts`,
  }),
  'access-burst-easing': ({ address, records, seconds }) => ({
    zh: `${seconds} 秒内从 ${address} 读取了 ${records} 条不同记录，正在回落`,
    en: `${records} different records read from ${address} within ${seconds} s: coming back`,
  }),
  'access-normal': ({ address, records, seconds }) => ({
    zh: `${seconds} 秒内从 ${address} 读取了 ${records} 条不同记录，正常`,
    en: `${records} different records read from ${address} within ${seconds} s: normal`,
  }),
};
