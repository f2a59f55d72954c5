import type { Finding } from '../../finding.ts';
import type { Lint } from '../lint.ts';
import { placeOf, plansInUse } from './in-use.ts';

const finding = (path: readonly PropertyKey[], zh: string, en: string): Finding => ({
  code: 'release-role',
  severity: 'finding',
  path,
  message: { zh, en },
  advice: {
    zh: '在 releasedBy 中写上角色，并在 people 中写上具有该角色的人员',
    en: 'Name a role under releasedBy, and people of that role under people',
  },
});

/** Operations that an alarm freezes and nobody, or just anybody, can let go on. */
export const releaseRole: Lint = (context) => {
  const { people } = context.config;
  return plansInUse(context).flatMap((used) => {
    const { freezes, releasedBy } = used.plan;
    if (freezes === false) return [];
    if (releasedBy === undefined) {
      const zh = '报警会停止作业，却没有指定由谁解除：只有系统工程师可以';
      return [finding(placeOf(used, 'freezes'), zh, 'an alarm freezes work, and no role is named that lifts it')];
    }
    if (Object.values(people).some(({ roles }) => roles.includes(releasedBy))) return [];
    const path = placeOf(used, 'releasedBy');
    return [finding(path, `没有人具有角色 ${releasedBy}`, `nobody under people has the role ${releasedBy}`)];
  });
};
