import type { Text } from '../../rules/rule.ts';
import type { Finding } from './finding.ts';
import type { VenueConfig } from './schema.ts';

const note = (path: readonly PropertyKey[], message: Text): Finding => ({
  code: 'not-acted-upon',
  severity: 'note',
  path,
  message,
  advice: {
    zh: '在支持它的版本之前，请用其他方式保证',
    en: 'See to it by other means until a version that does it',
  },
});

const STEPS = ['notify', 'escalate', 'commands', 'followUp'] as const;

/**
 * What the configuration asks for and this version does not do: printed by `muster check` and at every start, for
 * whoever wrote it relies on it.
 */
export const notActedUpon = (config: VenueConfig): Finding[] => {
  const findings: Finding[] = [];
  for (const [severity, response] of Object.entries(config.plan)) {
    if (response === undefined) continue;
    const asked = STEPS.filter((step) => response[step].length > 0).join(', ');
    findings.push(
      note(['plan', severity], {
        zh: `本版本尚不执行响应预案（${asked === '' ? severity : asked}）：报警只会发布，不会通知任何人`,
        en: `the response plan (${asked === '' ? severity : asked}) is not carried out in this version: alarms are published, and nobody is notified`,
      }),
    );
  }
  const outlined = Object.entries(config.zones).filter(([, { polygon }]) => polygon !== undefined);
  for (const [zone] of outlined.slice(0, 1)) {
    const message = { zh: '本版本尚不使用区域轮廓（polygon）', en: 'outlines of zones are not used in this version' };
    findings.push(note(['zones', zone, 'polygon'], message));
  }
  if (config.retention !== undefined) {
    const message = {
      zh: '本版本尚不执行保存期限',
      en: 'retention is not carried out in this version',
    };
    findings.push(note(['retention'], message));
  }
  return findings;
};
