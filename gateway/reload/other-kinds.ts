import type { Finding } from '../config/finding.ts';
import type { VenueConfig } from '../config/schema.ts';

/** Alarms go by the name of their rule: another kind under that name would speak for alarms that it has not raised. */
export const otherKinds = (now: VenueConfig, next: VenueConfig): readonly Finding[] => {
  const before = new Map(now.rules.map(({ id, kind }) => [id, kind]));
  return next.rules.flatMap(({ id, kind }, index): readonly Finding[] => {
    const known = before.get(id);
    if (known === undefined || known === kind) return [];
    return [
      {
        code: 'kind-changed',
        severity: 'error',
        path: ['rules', index, 'kind'],
        message: {
          zh: `规则 ${id} 的类型由 ${known} 变为 ${kind}`,
          en: `rule ${id} was of kind ${known} and is of kind ${kind} now`,
        },
        advice: { zh: '请为新规则另取一个 id', en: 'Give the new rule an id of its own' },
      },
    ];
  });
};
