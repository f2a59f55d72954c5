import type { Finding } from '../../finding.ts';
import type { Lint } from '../lint.ts';
import { placeOf, plansInUse } from './in-use.ts';

const ADVICE = {
  zh: '在场馆网络内运行 ntfy 服务器并加入 notifiers；或派人值守报警页面，并以对讲机通知',
  en: 'Run an ntfy server within the venue and add it to notifiers; or have somebody watch the alarms, and tell people by radio',
};

const found = (severity: Finding['severity'], path: readonly PropertyKey[]): Finding => ({
  code: 'no-offline-channel',
  severity,
  path,
  message: {
    zh: '断网时没有任何渠道能唤醒锁屏的手机',
    en: 'no channel reaches a locked phone with the internet cut',
  },
  advice: ADVICE,
});

/** Those that cannot wait until the internet is back. */
const GRAVE: ReadonlySet<string> = new Set(['orange', 'red']);

/**
 * Of the kinds there are, an ntfy server of one's own alone rings a locked phone without the internet. Where there is no
 * notifier at all nobody relies on one: a note.
 */
export const noOfflineChannel: Lint = (context) => {
  const { rules, config } = context;
  const offline = new Set(config.notifiers.filter(({ kind }) => kind === 'ntfy').map(({ id }) => id));
  if (rules.length === 0) return [];
  if (offline.size === 0) return [found(config.notifiers.length === 0 ? 'note' : 'finding', ['notifiers'])];
  return plansInUse(context).flatMap((used) => {
    const [first] = used.plan.ladder;
    if (!GRAVE.has(used.severity) || used.rules.length === 0 || (first?.notify ?? []).length === 0) return [];
    return first?.channels.some((channel) => offline.has(channel)) === true
      ? []
      : [found('finding', placeOf(used, 'channels'))];
  });
};
