import type { Collector } from '../problems/collector.ts';
import { isRecord } from '../problems/schema-walk.ts';
import { ntfyTopicSchema } from '../sections/ids.ts';
import { placesOf } from './places.ts';

const ntfyIds = (value: unknown): ReadonlySet<unknown> => {
  const listed = isRecord(value) && Array.isArray(value.notifiers) ? value.notifiers : [];
  return new Set(listed.flatMap((entry) => (isRecord(entry) && entry.kind === 'ntfy' ? [entry.id] : [])));
};

/** Reports addresses of people that their notifier could not use. */
export const checkAddresses = (value: unknown, collector: Collector): void => {
  const ntfy = ntfyIds(value);
  for (const { path, value: address } of placesOf(value, 'people.*.addresses.*')) {
    if (!ntfy.has(path.at(-1)) || ntfyTopicSchema.safeParse(address).success) continue;
    collector.add({
      code: 'wrong-value',
      path,
      at: 'value',
      message: { zh: '不是 ntfy 的主题', en: 'not a topic of ntfy' },
      value: address,
      expected: { zh: '字母、数字以及 _ -，最多 64 个字符', en: 'letters, digits, _ and -, at most 64' },
    });
  }
};
