import { expect, test } from 'vitest';
import { en } from '../../dashboards/console/texts/en.ts';
import { ageText, clockText, valueText } from '../../dashboards/console/texts/spoken.ts';
import { languageFor, speechIn } from '../../dashboards/console/texts/texts.ts';
import { zh } from '../../dashboards/console/texts/zh.ts';
import { METRIC_NAMES, METRICS } from '../../ingest/model/metrics.ts';
import { ruleSchema } from '../../rules/kinds/index.ts';
import { SEVERITIES } from '../../rules/rule.ts';

const placeholders = (text: string): readonly string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort();

test('both languages have the same texts, none empty, with the same gaps to fill', () => {
  expect(Object.keys(en)).toEqual(Object.keys(zh));
  const different = Object.entries<string>(zh).filter(([key, text]) => {
    const other = Object.entries(en).find(([name]) => name === key)?.[1] ?? '';
    return text === '' || other === '' || String(placeholders(text)) !== String(placeholders(other));
  });
  expect(different).toEqual([]);
});

test('every metric, severity and kind of rule has its name', () => {
  const kinds = ruleSchema.options.map(({ shape }) => shape.kind.value);
  const needed = [
    ...METRIC_NAMES.map((name) => `metric.${name}`),
    ...SEVERITIES.flatMap((severity) => [`severity.${severity}`, `severity.${severity}Short`]),
    ...[...kinds, 'gateway-health'].map((kind) => `kind.${kind}`),
  ];
  expect(kinds.length).toBeGreaterThan(5);
  expect(needed.filter((key) => !Object.hasOwn(zh, key))).toEqual([]);
});

test('a value has its unit, a state is yes or no, a position keeps its digits', () => {
  const speech = speechIn('en');
  const shown = (metric: keyof typeof METRICS, value: number): string =>
    valueText(speech, metric, value, METRICS[metric].unit);
  expect(shown('temperatureCelsius', 23.456)).toBe('23.46 °C');
  expect(shown('occupancyPersons', 12)).toBe('12 persons');
  expect(shown('charging', 1)).toBe('yes');
  expect(shown('linkQuality', 88)).toBe('88');
  expect(shown('latitudeDegrees', 31.2392134)).toBe('31.23921 °');
  expect(valueText(speechIn('zh-CN'), 'entriesTotal', 612, 'persons')).toBe('612 人');
});

test('an age is said in the two units that matter, and is never negative', () => {
  const ages = [-5_000, 59_999, 61_000, 3_660_000, 90_000_000].map((ms) => ageText(speechIn('en'), ms));
  expect(ages).toEqual(['0 s', '59 s', '1 min 1 s', '1 h 1 min', '1 d 1 h']);
});

test('times are those of the venue', () => {
  expect(clockText(Date.UTC(2026, 10, 24, 12, 3, 4), 'Asia/Shanghai')).toBe('20:03:04');
});

test.each([
  ['en', ['zh-CN'], 'zh-CN', 'en'],
  [null, ['fr-FR', 'en-GB'], 'zh-CN', 'en'],
  [null, ['zh-TW'], 'en', 'zh-CN'],
  [null, ['fr-FR'], 'en', 'en'],
  [null, [], undefined, 'zh-CN'],
] as const)('chosen %s, browser %s, venue %s: the page speaks %s', (chosen, browser, venue, expected) => {
  expect(languageFor(chosen, browser, venue)).toBe(expected);
});
