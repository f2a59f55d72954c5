import type { Finding } from '../finding.ts';
import type { Lint } from './lint.ts';

const found = (severity: Finding['severity']): Finding => ({
  code: 'no-offline-channel',
  severity,
  path: ['notifiers'],
  message: {
    zh: '断网时没有任何渠道能唤醒锁屏的手机',
    en: 'no channel reaches a locked phone with the internet cut',
  },
  advice: {
    zh: '在场馆网络内运行 ntfy 服务器并加入 notifiers；或派人值守报警页面，并以对讲机通知',
    en: 'Run an ntfy server within the venue and add it to notifiers; or have somebody watch the alarms, and tell people by radio',
  },
});

/**
 * Of the kinds there are, an ntfy server of one's own alone rings a locked phone without the internet. Where there is no
 * notifier at all nobody relies on one: a note.
 */
export const noOfflineChannel: Lint = ({ rules, config: { notifiers } }) => {
  if (rules.length === 0 || notifiers.some(({ kind }) => kind === 'ntfy')) return [];
  return [found(notifiers.length === 0 ? 'note' : 'finding')];
};
