import type { Text } from '../../rules/rule.ts';
import type { Finding } from './finding.ts';
import { type PlanEntry, planEntries } from './plan-entries.ts';
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

const ofEntry = (path: readonly string[], entry: PlanEntry, notifiers: ReadonlySet<string>): readonly Finding[] => {
  const { channels, escalate = [] } = entry;
  const all = channels && [...channels, ...escalate.flatMap((step) => step.channels)];
  const isHeard = all === undefined || all.some((channel) => notifiers.has(channel));
  if (isHeard) return [];
  const message = {
    zh: 'channels 中没有 notifiers 的渠道：报警只会显示和发布，不会通知到手机',
    en: 'channels names none of the notifiers: alarms are shown and published, and no phone is told',
  };
  return [note([...path, 'channels'], message)];
};

/**
 * What the configuration asks for and this version does not do: printed by `muster check` and at every start, for
 * whoever wrote it relies on it.
 */
export const notActedUpon = (config: VenueConfig): Finding[] => {
  const notifiers = new Set(config.notifiers.map(({ id }) => id));
  const findings: Finding[] = planEntries(config).flatMap(([path, entry]) => ofEntry(path, entry, notifiers));
  if (config.retention !== undefined) {
    const message = {
      zh: '本版本尚不执行保存期限',
      en: 'retention is not carried out in this version',
    };
    findings.push(note(['retention'], message));
  }
  return findings;
};
