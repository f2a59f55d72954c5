import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CONDITION_NUMBERS, HUMAN_NUMBERS } from '../../../gateway/influx/lines/events.ts';
import { RATING_FIELD, ZONE_FIELDS } from '../../../gateway/influx/lines/facts.ts';
import { FAMILIES, POSITION_METRICS } from '../../../gateway/influx/lines/families.ts';
import { OCCURRENCE_FIELDS } from '../../../gateway/influx/lines/occurrences.ts';
import { METRIC_NAMES, METRICS } from '../../../ingest/model/metrics.ts';
import { SEVERITIES } from '../../../rules/rule.ts';

const page = readFileSync(new URL('../../../gateway/docs/formats.md', import.meta.url), 'utf8');

/** The page without its line breaks. */
const words = page.replaceAll(/\s+/g, ' ');

const metricsOf = (family: (typeof FAMILIES)[number]): string =>
  METRIC_NAMES.filter((name) => METRICS[name].family === family)
    .map((name) => {
      const { unit } = METRICS[name];
      return `\`${name}\`${POSITION_METRICS.has(name) ? '*' : ''}${unit === '1' ? '' : ` ${unit}`}`;
    })
    .join(', ');

const occurrencesOf = (family: (typeof FAMILIES)[number]): string =>
  [...new Set(Object.values(OCCURRENCE_FIELDS).filter(([measurement]) => measurement === family))]
    .map(([, field]) => `\`${field}\``)
    .filter((field, index, all) => all.indexOf(field) === index)
    .join(', ');

const numbered = (numbers: Readonly<Record<string, number>>): string =>
  Object.entries(numbers)
    .toSorted(([, a], [, b]) => a - b)
    .map(([name, number]) => `${number} ${name}`)
    .join(', ');

test.each([...FAMILIES])('the page lists every field of %s', (family) => {
  const occurrences = occurrencesOf(family);
  expect(page).toContain(`| \`${family}\` | ${metricsOf(family)} | ${occurrences} |\n`.replace('|  |', '| |'));
});

test('the page names every field of zones and ratings', () => {
  const [, facts = ''] = /What no device reports(.*?)`gateway` without a `device`/.exec(words) ?? [];
  for (const field of [...ZONE_FIELDS, RATING_FIELD]) expect(facts).toContain(`\`${field}\``);
});

test('the page says what the numbers of an alarm mean', () => {
  const severities = Object.fromEntries(SEVERITIES.map((name, index) => [name, index + 1]));
  for (const numbers of [severities, CONDITION_NUMBERS, HUMAN_NUMBERS])
    expect(words).toContain(`(${numbered(numbers)})`);
});
