import { SEVERITIES } from '../../../rules/rule.ts';
import { ROLES } from '../../api/schemas/session.ts';
import type { Finding } from '../finding.ts';
import type { Lint } from './lint.ts';

/** Users hold these; who they are stands in the data directory, not in the file. */
const OF_USERS: ReadonlySet<string> = new Set(ROLES);

const finding = (path: readonly PropertyKey[], role: string): Finding => ({
  code: 'role-without-people',
  severity: 'note',
  path,
  message: {
    zh: `文件中没有人担任 ${role}：请确认通知能到达此角色`,
    en: `nobody in this file is ${role}: make sure that what is told reaches somebody`,
  },
  advice: {
    zh: '给佩戴者（badges）或客户端（clients）指定该角色，或改为通知其他角色',
    en: 'Give it to a wearer under badges or to a client, or name another role',
  },
});

/** Roles that the plan tells, and that no badge and no client of the file has. A note: a notifier may reach them all the same. */
export const roleWithoutPeople: Lint = ({ config }) => {
  const held = new Set([...OF_USERS]);
  for (const { role } of [...Object.values(config.badges), ...Object.values(config.clients)])
    if (role !== undefined) held.add(role);
  for (const [id, { roles }] of Object.entries(config.people)) for (const role of [id, ...roles]) held.add(role);
  const missing = (notify: readonly string[], path: readonly PropertyKey[]): readonly Finding[] =>
    notify.flatMap((role, index) => (held.has(role) ? [] : [finding([...path, 'notify', index], role)]));
  return SEVERITIES.flatMap((severity) => {
    const response = config.plan[severity];
    if (response === undefined) return [];
    return [
      ...missing(response.notify, ['plan', severity]),
      ...response.escalate.flatMap(({ notify }, step) => missing(notify, ['plan', severity, 'escalate', step])),
    ];
  });
};
