/** Names that a query takes from the database, and not from itself. */
export interface Names {
  readonly measurements: readonly string[];
  /** Fields and tags. */
  readonly keys: readonly string[];
  /** Regular expressions that stand for fields, as written. */
  readonly patterns: readonly string[];
}

const all = (text: string, pattern: RegExp): readonly string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, name = '']) => name)),
];

const FROM = /FROM ((?:"\w+"(?:, )?)+)/;
const FIELD_PATTERN = /\((\/\^.*?\/)\)/g;

/** Names of one SELECT or SHOW; `inner`: columns that a SELECT within it provides. */
const namesOf = (query: string, inner: readonly string[]): Names => {
  const [, list = ''] = FROM.exec(query) ?? [];
  const named = query
    .replace(FROM, '')
    .replaceAll(FIELD_PATTERN, '()')
    .replaceAll(/ AS "[^"]+"/g, '');
  return {
    measurements: all(list, /"(\w+)"/g),
    keys: all(named, /"([^"]+)"/g).filter((name) => !inner.includes(name)),
    patterns: all(query, FIELD_PATTERN),
  };
};

export const namesIn = (query: string): Names => {
  // What a tag is compared with is no name; nor is a text.
  const bare = query.replaceAll(/=~ \/\^.*?\$\//g, '=~').replaceAll(/'[^']*'/g, '');
  const [nested, within = ''] = / FROM \((SELECT .*)\)(?= WHERE )/.exec(bare) ?? [];
  if (nested === undefined) return namesOf(bare, []);
  const inner = namesOf(within, []);
  const outer = namesOf(bare.replace(nested, ''), all(within, / AS "([^"]+)"/g));
  return { ...inner, keys: [...new Set([...inner.keys, ...outer.keys])] };
};
