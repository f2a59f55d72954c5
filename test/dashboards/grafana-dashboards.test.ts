import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { generatedFiles } from '../../dashboards/grafana/files.ts';
import { CONDITION_NUMBERS, HUMAN_NUMBERS, SEVERITY_NUMBERS } from '../../dashboards/grafana/panels/alarm-words.ts';
import { suffix, unitOf } from '../../dashboards/grafana/panels/units.ts';
import { checkedField, field, fieldsOf, UnknownName } from '../../dashboards/grafana/queries/fields.ts';
import * as events from '../../gateway/influx/lines/events.ts';
import { RATING_FIELD, ZONE_FIELDS } from '../../gateway/influx/lines/facts.ts';
import { OCCURRENCE_FIELDS } from '../../gateway/influx/lines/occurrences.ts';
import { METRIC_NAMES, METRICS } from '../../ingest/model/metrics.ts';
import { crowdDensity } from '../../rules/kinds/crowd-density.ts';
import { overcurrent, overloadSettings } from '../../rules/kinds/overcurrent.ts';
import { tilt } from '../../rules/kinds/tilt.ts';
import { SEVERITIES } from '../../rules/rule.ts';
import { committedDashboards, english, GENERATED, type PanelFile } from './grafana-files.ts';
import { substituted } from './grafana-macros.ts';
import { namesIn } from './grafana-names.ts';

const dashboards = committedDashboards();
const everyPanel = dashboards.flatMap(({ uid, panels }) => panels.map((panel) => ({ uid, panel })));

const BOTH_TEXTS = /\p{Script=Han}[\s\S]*\n\n[A-Z0-9]/u;
const BOTH_LANGUAGES = /^[^·]*\p{Script=Han}[^·]* · .*[a-z]/iu;

test('what is committed is what the code makes: npm run grafana', () => {
  const files = generatedFiles();
  expect(readdirSync(GENERATED).sort()).toEqual(files.map(({ name }) => name).sort());
  for (const { name, text } of files) expect(readFileSync(new URL(name, GENERATED), 'utf8'), name).toBe(text);
});

test('seven dashboards, with stable uids', () => {
  const names = ['alarms', 'badges', 'climate', 'crowd', 'gateway', 'overview', 'power'];
  expect(dashboards.map(({ uid }) => uid)).toEqual(names.map((name) => `muster-${name}`));
});

test('dashboards, variables and panels are named in both languages; every panel says what it answers, and its unit', () => {
  for (const { title, description, templating } of dashboards) {
    expect(title).toMatch(BOTH_LANGUAGES);
    expect(description).toMatch(BOTH_TEXTS);
    for (const { label } of templating.list) expect(label).toMatch(BOTH_LANGUAGES);
  }
  for (const { panel } of everyPanel) {
    expect(panel.title).toMatch(BOTH_LANGUAGES);
    expect(panel.description, panel.title).toMatch(BOTH_TEXTS);
    expect(panel.fieldConfig.defaults.unit, panel.title).not.toBe('');
  }
});

test('panels have ids and titles of their own and lie side by side', () => {
  for (const { uid, panels } of dashboards) {
    expect(new Set(panels.map(({ id }) => id)).size, uid).toBe(panels.length);
    expect(new Set(panels.map(({ title }) => title)).size, uid).toBe(panels.length);
    for (const { gridPos: a, title } of panels) {
      expect(a.x + a.w, title).toBeLessThanOrEqual(24);
      const over = panels.filter(
        ({ gridPos: b }) => a !== b && a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h,
      );
      expect(
        over.map((each) => each.title),
        `${uid}: ${title}`,
      ).toEqual([]);
    }
  }
});

const limitsOf = (uid: string, title: string): readonly unknown[] => {
  const [found] = everyPanel.filter(({ uid: of, panel }) => of === uid && english(panel.title) === title);
  const steps: PanelFile['fieldConfig']['defaults']['thresholds']['steps'] =
    found?.panel.fieldConfig.defaults.thresholds.steps ?? [];
  return steps.slice(1).map(({ value, color }) => [value, color]);
};

test('thresholds are the defaults of the rules', () => {
  const { moving, standing } = crowdDensity.schema.parse({ id: 'x', kind: 'crowd-density' }).limits;
  expect(limitsOf('muster-crowd', 'Density against the limits of a moving crowd')).toEqual([
    [moving.yellow, 'yellow'],
    [moving.orange, 'orange'],
    [moving.red, 'red'],
  ]);
  expect(limitsOf('muster-crowd', 'Density against the limits of a standing crowd')).toEqual([
    [standing.yellow, 'yellow'],
    [standing.orange, 'orange'],
    [standing.red, 'red'],
  ]);
  const { yellow, orange } = crowdDensity.schema.parse({ id: 'x', kind: 'crowd-density' }).capacityFractions;
  expect(limitsOf('muster-crowd', 'Persons in percent of the capacity')).toEqual([
    [yellow * 100, 'yellow'],
    [orange * 100, 'orange'],
  ]);
  const load = overloadSettings(overcurrent.schema.parse({ id: 'x', kind: 'overcurrent' }));
  expect(limitsOf('muster-power', 'Load in percent of the rating')).toEqual([
    [load.continuousFraction * 100, 'yellow'],
    [load.pickupMultiple * 100, 'orange'],
    [load.instantaneousMultiple * 100, 'red'],
  ]);
  const { degrees } = tilt.schema.parse({ id: 'x', kind: 'tilt' });
  expect(limitsOf('muster-badges', 'Angle to the z axis')).toEqual([[degrees, 'orange']]);
  expect(limitsOf('muster-alarms', 'Raised per 10 minutes')).toEqual([
    [1, 'yellow'],
    [10, 'red'],
  ]);
});

test('the numbers of an alarm mean what the gateway means by them', () => {
  expect(SEVERITY_NUMBERS).toEqual(Object.fromEntries(SEVERITIES.map((name, index) => [name, index + 1])));
  expect(CONDITION_NUMBERS).toEqual(events.CONDITION_NUMBERS);
  expect(HUMAN_NUMBERS).toEqual(events.HUMAN_NUMBERS);
});

test('fields of badges beside the metrics are occurrences', () => {
  const occurrences = Object.values(OCCURRENCE_FIELDS)
    .filter(([measurement]) => measurement === 'badge')
    .map(([, name]) => name);
  const own = fieldsOf('badge').filter((name) => !METRIC_NAMES.some((metric) => metric === name));
  expect(own.filter((name) => !occurrences.includes(name))).toEqual([]);
});

test('fields of zones and circuits beside the metrics are those that the gateway writes', () => {
  const own = (measurement: 'crowd' | 'power') =>
    fieldsOf(measurement).filter((name) => !METRIC_NAMES.some((metric) => metric === name));
  expect(own('crowd').toSorted()).toEqual(ZONE_FIELDS.toSorted());
  expect(own('power')).toEqual([RATING_FIELD]);
});

test('a field that nobody writes is named, with the nearest that there is', () => {
  expect(() => checkedField('climate', 'temperatureCelcius')).toThrow(UnknownName);
  expect(() => checkedField('climate', 'temperatureCelcius')).toThrow(
    'measurement "climate" has no field "temperatureCelcius"; the nearest is "temperatureCelsius"',
  );
  expect(() => field('climate', 'currentAmps')).toThrow('measurement "climate" has no field "currentAmps"');
  // @ts-expect-error a name that no measurement has does not even compile
  expect(() => field('power', 'currentAmpere')).toThrow('the nearest is "currentAmps"');
});

test('every unit of the metrics that Grafana does not know is written out', () => {
  for (const metric of METRIC_NAMES) {
    const unit = unitOf(metric);
    if (unit.startsWith('suffix:')) expect(unit).toBe(suffix(METRICS[metric].unit));
  }
  expect(unitOf('currentAmps')).toBe('amp');
  expect(unitOf('occupancyPersons')).toBe('suffix: persons');
});

test('variables are read in each of the ways that Grafana knows, and what is not one is found', () => {
  const shown = {
    fromMs: 1,
    toMs: 2,
    interval: '10s',
    variables: { zone: ['a.b', 'c/d'], one: ['x'], every: { all: '.*' }, figure: '60' },
  } as const;
  const said = (query: string): string => substituted(query, shown);
  expect(said('$timeFilter')).toBe('time >= 1ms and time <= 2ms');
  expect(said('time($__interval) time($interval)')).toBe('time(10s) time(10s)');
  expect(said(`/^\${zone:regex}$/`)).toBe('/^(a\\.b|c\\/d)$/');
  expect(said('/^[[zone:regex]]$/ /^$one$/ /^[[one]]$/')).toBe('/^(a\\.b|c\\/d)$/ /^x$/ /^x$/');
  expect(said(`/^\${every:regex}$/ $every`)).toBe('/^.*$/ .*');
  expect(said('x / $figure > 0')).toBe('x / 60 > 0');
  expect(() => said('$figur')).toThrow('unknown variable or macro $figur');
});

test('queries use no variable that their dashboard does not have, and what it has is used', () => {
  for (const { uid, panels, templating } of dashboards) {
    const names = templating.list.map(({ name }) => name);
    const text = JSON.stringify([panels, templating]);
    const used = [...text.matchAll(/\$\{(\w+):regex\}|\$(datasource)/g)].map(([, a, b]) => a ?? b);
    expect([...new Set(used)].sort(), uid).toEqual(names.toSorted());
  }
});

test('names of a query are those of the database, not its own', () => {
  const where = `"zone" =~ /^\${zone:regex}$/ AND "kind" = 'x' AND $timeFilter`;
  expect(namesIn(`SELECT max("currentAmps") AS "currentAmps" FROM "power" WHERE ${where} GROUP BY "device"`)).toEqual({
    measurements: ['power'],
    keys: ['currentAmps', 'zone', 'kind', 'device'],
    patterns: [],
  });
  const inner = `SELECT last("open") AS "n", "human" FROM "alarm" WHERE ${where} GROUP BY "rule"`;
  expect(namesIn(`SELECT sum("n") AS "m" FROM (${inner}) WHERE "human" = 0 AND $timeFilter`)).toEqual({
    measurements: ['alarm'],
    keys: ['open', 'human', 'zone', 'kind', 'rule'],
    patterns: [],
  });
  expect(namesIn('SELECT last(/^influx.+Lag$/) FROM "gateway" WHERE $timeFilter').patterns).toEqual([
    '/^influx.+Lag$/',
  ]);
  expect(namesIn('SHOW TAG VALUES FROM "crowd", "badge" WITH KEY = "zone"')).toEqual({
    measurements: ['crowd', 'badge'],
    keys: ['zone'],
    patterns: [],
  });
});

const provisioning = (kind: string): unknown =>
  parse(readFileSync(new URL(`../provisioning/${kind}/muster.yaml`, GENERATED), 'utf8'));

test('provisioning: where InfluxDB is and who reads it comes from the environment, never from the file', () => {
  expect(provisioning('datasources')).toMatchObject({
    apiVersion: 1,
    datasources: [
      {
        type: 'influxdb',
        url: '$MUSTER_INFLUXDB_URL',
        user: '$MUSTER_INFLUXDB_USER',
        jsonData: { dbName: '$MUSTER_INFLUXDB_DATABASE' },
        secureJsonData: { password: '$MUSTER_INFLUXDB_PASSWORD' },
      },
    ],
  });
  expect(provisioning('dashboards')).toMatchObject({
    apiVersion: 1,
    providers: [{ type: 'file', options: { path: '$MUSTER_DASHBOARDS' } }],
  });
});
