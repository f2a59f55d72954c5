import { isRecord } from '../problems/schema-walk.ts';

/** A text in the file, and where it stands. */
export interface Place {
  readonly path: readonly PropertyKey[];
  readonly value: string;
  /** The text is a key, not a value. */
  readonly isKey: boolean;
}

const children = (value: unknown): readonly (readonly [PropertyKey, unknown])[] => {
  if (Array.isArray(value)) return value.map((item, index) => [index, item]);
  return isRecord(value) ? Object.entries(value) : [];
};

const step = (value: unknown, part: string): readonly (readonly [PropertyKey, unknown])[] => {
  if (part === '*') return children(value);
  return isRecord(value) && Object.hasOwn(value, part) ? [[part, value[part]]] : [];
};

/**
 * All texts that a pattern such as `devices.*.zone` names; `rules.*.roles.~` names the keys of `roles`. What is of
 * another type is passed over: the schema has reported it.
 */
export const placesOf = (root: unknown, pattern: string): readonly Place[] => {
  let found: { path: readonly PropertyKey[]; value: unknown }[] = [{ path: [], value: root }];
  const keys = pattern.endsWith('.~');
  for (const part of pattern.replace(/\.~$/, '').split('.')) {
    found = found.flatMap(({ path, value }) =>
      step(value, part).map(([key, inner]) => ({ path: [...path, key], value: inner })),
    );
  }
  if (keys) {
    return found.flatMap(({ path, value }) =>
      isRecord(value) ? Object.keys(value).map((key) => ({ path: [...path, key], value: key, isKey: true })) : [],
    );
  }
  return found.flatMap(({ path, value }) => (typeof value === 'string' ? [{ path, value, isKey: false }] : []));
};
