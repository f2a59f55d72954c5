import type { Finding } from '../finding.ts';
import type { Lint } from './lint.ts';

const NOTE: Finding = {
  code: 'no-offline-channel',
  severity: 'note',
  path: ['notifiers'],
  message: {
    zh: '断网时没有任何渠道能唤醒锁屏的手机（本版本尚无通知渠道）',
    en: 'no channel reaches a locked phone with the internet cut (no notifier is available in this version)',
  },
  advice: {
    zh: '派人值守报警页面，并以对讲机通知',
    en: 'Have somebody watch the alarms, and tell people by radio',
  },
};

/** Becomes a finding when a kind of notifier exists that works within the venue's own network. */
export const noOfflineChannel: Lint = ({ rules }) => (rules.length === 0 ? [] : [NOTE]);
