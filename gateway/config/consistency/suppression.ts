import { CALLS_FOR_HELP } from '../../../rules/alarms/policy.ts';
import type { Collector } from '../problems/collector.ts';
import type { VenueConfig } from '../schema.ts';

type Rules = VenueConfig['rules'];

/** A way from a rule over its causes back to itself, as ids; undefined: there is none. */
const loopFrom = (start: string, causes: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined => {
  const seen = new Set<string>();
  const walk = (id: string, way: readonly string[]): readonly string[] | undefined => {
    for (const cause of causes.get(id) ?? []) {
      if (cause === start) return [...way, cause];
      if (seen.has(cause)) continue;
      seen.add(cause);
      const found = walk(cause, [...way, cause]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk(start, [start]);
};

/**
 * Reports suppression that can never be meant: rules that suppress one another in a ring would all be silent, and a call
 * for help is never silent. Works on a configuration with its defaults.
 */
export const checkSuppression = ({ rules }: { readonly rules: Rules }, collector: Collector): void => {
  const causes = new Map(rules.map(({ id, suppressedBy }) => [id, suppressedBy.map(({ rule }) => rule)]));
  const told = new Set<string>();
  for (const [index, { id, kind, suppressedBy }] of rules.entries()) {
    const path = ['rules', index, 'suppressedBy'];
    if (suppressedBy.length === 0) continue;
    if (CALLS_FOR_HELP.has(kind)) {
      collector.add({
        code: 'contradiction',
        path,
        at: 'key',
        message: { zh: '求救与倒地报警不能被抑制', en: 'calls for help and man-down are never suppressed' },
        expected: { zh: '去掉 suppressedBy', en: 'no suppressedBy' },
      });
      continue;
    }
    const loop = told.has(id) ? undefined : loopFrom(id, causes);
    if (loop === undefined) continue;
    for (const each of loop) told.add(each);
    const ring = loop.join(' → ');
    collector.add({
      code: 'contradiction',
      path,
      at: 'key',
      message: { zh: `规则互相抑制，成环：${ring}`, en: `rules suppress one another in a ring: ${ring}` },
      expected: { zh: '不成环的抑制关系', en: 'causes that lead back to no rule' },
    });
  }
};
