import type { Text } from '../../rules/rule.ts';

/** Why a channel is not told, by stable code: what it means and what to do. */
export const TROUBLES = {
  unreachable: { zh: '无法连接通知服务器；将自动重试', en: 'the server cannot be reached; tried again by itself' },
  timeout: {
    zh: '通知服务器在 timeoutSeconds 内没有答复；将自动重试',
    en: 'the server did not answer within timeoutSeconds; tried again by itself',
  },
  'cut-off': {
    zh: '连接在请求中途断开；将自动重试',
    en: 'the connection was cut in the middle of a request; tried again by itself',
  },
  busy: { zh: '通知服务器繁忙或限制了频率；稍后重试', en: 'the server is busy or limits the rate; tried again later' },
  'server-error': {
    zh: '通知服务器内部错误；将自动重试',
    en: 'the server failed by its own account; tried again by itself',
  },
  redirected: {
    zh: '服务器要求转到另一个地址，网关不会跟随：请把 url 改为最终地址',
    en: 'the server redirects to another address, which is not followed: put the final address under url',
  },
  unauthorized: {
    zh: '服务器不接受凭据：请检查密钥、令牌或密码文件；修正后自动恢复，无需重启',
    en: 'the server does not take the credentials: check the key, token or password file; taken up without a restart',
  },
  'not-found': {
    zh: '该地址没有此服务：请检查 url（或群机器人是否已被移除）',
    en: 'there is no such service at the address: check url (or whether the group robot was removed)',
  },
  certificate: {
    zh: '无法信任服务器证书：请检查 caFile、证书中的名称与有效期',
    en: 'the certificate of the server cannot be trusted: check caFile, the name in the certificate and its validity',
  },
  'not-http': {
    zh: '该地址的答复不是所期望的协议：请检查 url 中的 http / https 与端口',
    en: 'whatever answers there does not speak the expected protocol: check http or https and the port in url',
  },
  'credential-file': {
    zh: '配置中指定的密钥、密码或证书文件无法使用',
    en: 'a file with a secret, password or certificate that the configuration names cannot be used',
  },
  rejected: {
    zh: '服务器拒收这条通知，不再重试；其余照常发送',
    en: 'the server does not take this notice, which is given up; all others are sent',
  },
  expired: { zh: '通知一直未能送达，已过期', en: 'the notice could not be delivered for so long that it is given up' },
  'queue-full': {
    zh: '待发通知过多，舍弃了较不紧急的一条',
    en: 'too many notices wait: a less urgent one was dropped',
  },
  'no-such-channel': {
    zh: '配置中已没有这个通知渠道，未送达的通知作废',
    en: 'the configuration has no such notifier any more: what it was not told is void',
  },
  shelved: { zh: '报警已被搁置，未通知', en: 'the alarm is shelved: nobody is told' },
  suppressed: {
    zh: '报警被其原因报警抑制，未通知',
    en: 'the alarm is suppressed by that of its cause: nobody is told',
  },
  'out-of-service': { zh: '规则已停用，未通知', en: 'the rule is out of service: nobody is told' },
  internal: { zh: '程序内部错误，稍后重试', en: 'a fault of this program; tried again after a pause' },
} as const satisfies Readonly<Record<string, Text>>;

export type TroubleCode = keyof typeof TROUBLES;
