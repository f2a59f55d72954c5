import type { Finding } from '../finding.ts';
import { planEntries } from '../plan-entries.ts';
import type { Lint } from './lint.ts';

const unused = (index: number): Finding => ({
  code: 'notifier-unused',
  severity: 'finding',
  path: ['notifiers', index],
  message: { zh: '响应预案没有使用这个通知渠道', en: 'the response plan does not name this notifier' },
  advice: { zh: '写入 plan 中某一级的 channels', en: 'Name it under channels of a severity of the plan' },
});

const NO_ADDRESS: Finding = {
  code: 'no-link-address',
  severity: 'finding',
  path: ['http'],
  message: {
    zh: '没有 http.url：通知消息中不会有接警链接',
    en: 'there is no http.url: messages of notifiers carry no link to acknowledge',
  },
  advice: {
    zh: '写上手机在场馆网络内访问本机的地址，或把 acknowledge.links 设为 false',
    en: 'Give the address by which phones at the venue reach this box, or set acknowledge.links to false',
  },
};

/** Notifiers that nobody hears from, and links that cannot be made. */
export const notifierLints: Lint = ({ config }) => {
  const named = new Set(
    planEntries(config).flatMap(([, { channels = [], escalate = [] }]) => [
      ...channels,
      ...escalate.flatMap((step) => step.channels),
    ]),
  );
  const wantsLinks = config.notifiers.some(({ acknowledge, kind }) => acknowledge.links && kind !== 'alertmanager');
  return [
    ...config.notifiers.flatMap(({ id }, index) => (named.has(id) ? [] : [unused(index)])),
    ...(wantsLinks && config.http.url === undefined ? [NO_ADDRESS] : []),
  ];
};
