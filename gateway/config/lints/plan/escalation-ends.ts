import type { Finding } from '../../finding.ts';
import { planEntries } from '../../plan-entries.ts';
import type { Lint } from '../lint.ts';
import { placeOf, plansInUse } from './in-use.ts';

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

const late = (path: readonly PropertyKey[], ackSeconds: number, stepSeconds: number): Finding => ({
  code: 'ack-after-escalation',
  severity: 'finding',
  path,
  message: {
    zh: `接警时限（${ackSeconds} s）晚于第一次升级（${stepSeconds} s）`,
    en: `the time to acknowledge (${ackSeconds} s) ends after the first step of the escalation (${stepSeconds} s)`,
  },
  advice: {
    zh: '使 ackWithinSeconds 不大于第一步的 afterSeconds',
    en: 'Make ackWithinSeconds at most afterSeconds of the first step',
  },
});

/** Ladders that end with no one, deadlines after which nobody is told, and those that come too late. */
export const escalationEnds: Lint = (context) => [
  ...planEntries(context.config).flatMap(([path, { escalate = [] }]) =>
    escalate.flatMap(({ notify }, index) =>
      notify.length > 0
        ? []
        : [
            finding(
              [...path, 'escalate', index],
              '升级到此步时不会通知任何人',
              'this step of the escalation tells no one',
            ),
          ],
    ),
  ),
  ...plansInUse(context).flatMap((used) => {
    const { ackWithinMs, ladder } = used.plan;
    if (ackWithinMs === undefined) return [];
    const [, first] = ladder;
    const seconds = ackWithinMs / 1000;
    const path = placeOf(used, 'ackWithinSeconds');
    if (first !== undefined) return ackWithinMs > first.afterMs ? [late(path, seconds, first.afterMs / 1000)] : [];
    const zh = `${seconds} s 内无人确认时，不会通知任何人`;
    return [finding(path, zh, `nobody is told when no one has acknowledged within ${seconds} s`)];
  }),
];
