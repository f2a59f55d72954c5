import type { Finding } from '../finding.ts';
import type { Lint } from './lint.ts';

const finding = (path: readonly PropertyKey[], zh: string, en: string): Finding => ({
  code: 'escalation-ends',
  severity: 'finding',
  path,
  message: { zh, en },
  advice: {
    zh: '在最后一步的 notify 中写上总能找到的角色',
    en: 'Name under notify of the last step a role that can always be reached',
  },
});

/** Ladders that end with no one, and deadlines after which nobody is told. */
export const escalationEnds: Lint = ({ config }) =>
  Object.entries(config.plan).flatMap(([severity, response]) => {
    if (response === undefined) return [];
    const { escalate, ackWithinSeconds } = response;
    if (escalate.length === 0 && ackWithinSeconds !== undefined) {
      const zh = `${ackWithinSeconds} s 内无人确认时，不会通知任何人`;
      const en = `nobody is told when no one has acknowledged within ${ackWithinSeconds} s`;
      return [finding(['plan', severity, 'ackWithinSeconds'], zh, en)];
    }
    return escalate.flatMap(({ notify }, index) => {
      const path = ['plan', severity, 'escalate', index];
      return notify.length > 0
        ? []
        : [finding(path, '升级到此步时不会通知任何人', 'this step of the escalation tells no one')];
    });
  });
