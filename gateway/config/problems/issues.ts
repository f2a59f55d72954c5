import type { Text } from '../../../rules/rule.ts';
import type { Report } from './collector.ts';
import type { Checked, Issue, Path, SizeIssue } from './expected.ts';
import { described, either, keyText, NOTHING, oneOf, patternText, refinementText, sizeText } from './expected.ts';
import { nearest } from './nearest.ts';
import { formatPath } from './problem.ts';
import { keysOf, schemasAt, typeText, valueAt } from './schema-walk.ts';

const TYPE: Text = { zh: '类型错误', en: 'wrong type' };
const VALUE: Text = { zh: '值无效', en: 'not a valid value' };
const RANGE: Text = { zh: '超出范围', en: 'out of range' };
const MISSING: Text = { zh: '缺少此项', en: 'missing' };
const EMPTY: Text = { zh: '没有值', en: 'has no value' };

/** Longest name that a message repeats. */
const NAME_MAX = 64;

const unknownKey = (checked: Checked, path: Path, key: string): Report => {
  const keys = keysOf(schemasAt(checked.schema, checked.value, path));
  const name = key.slice(0, NAME_MAX);
  return {
    code: 'unknown-key',
    path: [...path, key],
    at: 'key',
    message: { zh: `未知的键 "${name}"`, en: `unknown key "${name}"` },
    expected: keyText(key, keys),
    spelled: { given: key, valid: keys },
  };
};

const wrong = (checked: Checked, path: Path, what: Text, valid?: readonly string[]): Report => {
  const value = valueAt(checked.value, path);
  const expected = described(what, checked, path);
  if (value === undefined) return { code: 'missing', path, at: 'value', message: MISSING, expected };
  if (value === null) return { code: 'wrong-type', path, at: 'value', message: EMPTY, expected };
  if (valid === undefined) return { code: 'wrong-type', path, at: 'value', message: TYPE, value, expected };
  const spelled = { given: String(value), valid };
  return { code: 'wrong-value', path, at: 'value', message: VALUE, value, expected, spelled };
};

const kindNotAvailable = (checked: Checked, path: Path, kinds: readonly string[]): Report => {
  const given = valueAt(checked.value, path);
  if (typeof given !== 'string') return wrong(checked, path, oneOf(kinds));
  const name = given.slice(0, NAME_MAX);
  const list = kinds.join(', ');
  return {
    code: 'kind-not-available',
    path,
    at: 'value',
    message: {
      zh: `本版本不支持种类 ${name}；可用：${list === '' ? '无' : list}`,
      en: `kind ${name} is not available in this version; available: ${list === '' ? 'none' : list}`,
    },
    expected: NOTHING,
    spelled: { given, valid: kinds },
  };
};

const outOfRange = (issue: SizeIssue, checked: Checked, path: Path): Report => ({
  code: 'out-of-range',
  path,
  at: 'value',
  message: RANGE,
  value: valueAt(checked.value, path),
  expected: described(sizeText(issue, checked, path), checked, path),
});

const invalid = (checked: Checked, path: Path, expected: Text, code: Report['code'] = 'wrong-value'): Report => {
  const value = valueAt(checked.value, path);
  if (value === undefined) return { code: 'missing', path, at: 'value', message: MISSING, expected };
  return { code, path, at: 'value', message: VALUE, value, expected };
};

const badKey = (issue: Extract<Issue, { code: 'invalid_key' }>, path: Path): Report => {
  const inner = issue.issues[0];
  const pattern = inner?.code === 'invalid_format' ? inner.pattern : undefined;
  const expected = patternText(pattern, inner?.message ?? issue.message);
  return { code: 'wrong-value', path, at: 'key', message: VALUE, value: String(path.at(-1)), expected };
};

/** True where a variant of a union takes values of this type, though not this one. */
const isOfType = (issues: readonly Issue[]): boolean =>
  !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0);

const ofUnion = (issue: Extract<Issue, { code: 'invalid_union' }>, checked: Checked, path: Path): Report[] => {
  if (issue.inclusive !== false && issue.options !== undefined) {
    // A tag with a default may be left out; nobody writes `undefined`.
    const options = issue.options.filter((option) => option !== undefined);
    return [kindNotAvailable(checked, path, options.map(String))];
  }
  const fitting = valueAt(checked.value, path) === undefined ? [] : issue.errors.filter(isOfType);
  const [closest] = fitting.map((errors) => reportsOf(errors, checked, path)).toSorted((a, b) => a.length - b.length);
  if (closest !== undefined) return closest;
  const types = issue.errors.flat().filter((inner) => inner.code === 'invalid_type');
  return [wrong(checked, path, either(types.map(({ expected }) => typeText(expected))))];
};

const ofIssue = (issue: Issue, checked: Checked, path: Path): Report[] => {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(checked, path, key));
    case 'invalid_type':
      if (issue.expected === 'never') return [kindNotAvailable(checked, path, [])];
      return [wrong(checked, path, typeText(issue.expected))];
    case 'invalid_value':
      return [wrong(checked, path, oneOf(issue.values), issue.values.map(String))];
    case 'too_big':
    case 'too_small':
      return [outOfRange(issue, checked, path)];
    case 'invalid_format':
      return [invalid(checked, path, patternText(issue.pattern, issue.message))];
    case 'invalid_key':
      return [badKey(issue, path)];
    case 'invalid_union':
      return ofUnion(issue, checked, path);
    case 'custom':
      return [invalid(checked, path, refinementText(issue), 'contradiction')];
    default:
      return [invalid(checked, path, { zh: issue.message, en: issue.message })];
  }
};

/** One slip of the keyboard is one error: the key that a misspelled one was meant to be is not missing as well. */
const meantKeys = (reports: readonly Report[]): ReadonlySet<string> => {
  const meant = new Set<string>();
  for (const { code, path, spelled } of reports) {
    const key = code === 'unknown-key' && spelled !== undefined ? nearest(spelled.given, spelled.valid) : undefined;
    if (key !== undefined) meant.add(formatPath([...path.slice(0, -1), key]));
  }
  return meant;
};

/** What zod found, in words and by path; of a union only what its closest variant says. */
export const reportsOf = (issues: readonly Issue[], checked: Checked, base: Path = []): Report[] => {
  const reports = issues.flatMap((issue) => ofIssue(issue, checked, [...base, ...issue.path]));
  const meant = meantKeys(reports);
  return reports.filter(({ code, path }) => code !== 'missing' || !meant.has(formatPath(path)));
};
