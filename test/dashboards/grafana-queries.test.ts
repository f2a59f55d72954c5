import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../gateway/influx/servers.ts';
import { requireProgram } from '../system-programs.ts';
import { type Evening, HOMELESS, playedEvening } from './grafana-evening.ts';
import { MAYBE_IN_THE_EVENING, NOT_IN_THE_EVENING, PATTERNS_WITHOUT_FIELD, WITHOUT_ROWS } from './grafana-expected.ts';
import { committedDashboards, type DashboardFile, english } from './grafana-files.ts';
import { type Shown, substituted } from './grafana-macros.ts';
import { namesIn } from './grafana-names.ts';

const installed = requireProgram('influxd', 'influxdb');

const dashboards = committedDashboards();

interface PanelQuery {
  /** Dashboard, English title, letter. */
  readonly name: string;
  readonly uid: string;
  readonly query: string;
  readonly isSeries: boolean;
}

const panelQueries: readonly PanelQuery[] = dashboards.flatMap(({ uid, panels }) =>
  panels.flatMap(({ title, targets }) =>
    targets.map(({ refId, query, resultFormat }) => ({
      name: `${uid}/${english(title)}/${refId}`,
      uid,
      query,
      isSeries: resultFormat === 'time_series',
    })),
  ),
);

/** The shortest step that the panel of a query allows. */
const finestOf: ReadonlyMap<string, string | undefined> = new Map(
  dashboards.flatMap(({ panels }) =>
    panels.flatMap(({ targets, interval }) => targets.map(({ query }) => [query, interval])),
  ),
);

const variableQueries = dashboards.flatMap(({ uid, templating }) =>
  templating.list.filter(({ type }) => type === 'query').map(({ name, query }) => ({ name: `${uid}/$${name}`, query })),
);

/** A row of points in which nothing was measured is none. */
const hasValue = ({ time: _, ...columns }: Row): boolean =>
  Object.values(columns).some((value) => typeof value === 'number') || typeof columns.value === 'string';

/** A series has one row for each moment: InfluxDB 1.6 breaks that where it sums what it has filled. */
const seriesAndTime = (row: Row): string =>
  JSON.stringify(Object.entries(row).filter(([name, value]) => name === 'time' || typeof value === 'string'));

const [everything = '', ...others] = [
  ...new Set(dashboards.flatMap(({ templating }) => templating.list.flatMap(({ allValue }) => allValue ?? []))),
];

/** Everything chosen, as Grafana opens a dashboard. */
const ALL = { venue: { all: everything }, zone: { all: everything }, device: { all: everything } } as const;

/** A step as Grafana would choose it for the evening, seconds. */
const STEP_SECONDS = 30;

/** No step is shorter than the panel's own. */
const intervalOf = (finest = '0s'): string => {
  const seconds = Number.parseInt(finest, 10) * (finest.endsWith('m') ? 60 : 1);
  return `${Math.max(STEP_SECONDS, seconds)}s`;
};

describe.skipIf(!installed)('Grafana, on the InfluxDB of the evening', () => {
  let evening: Evening;
  beforeAll(async () => {
    evening = await playedEvening();
  }, 120_000);
  afterAll(() => evening?.remove());

  const rowsOf = async (query: string, variables: Shown['variables'] = ALL): Promise<readonly Row[]> => {
    const { server, fromMs, toMs } = evening;
    const interval = intervalOf(finestOf.get(query));
    const rows = await server.query(substituted(query, { fromMs, toMs, interval, variables }));
    return rows.filter(hasValue);
  };

  /** Names of fields, and of all keys, by measurement. */
  const keysOf = async (measurement: string): Promise<{ fields: readonly string[]; tags: readonly string[] }> => {
    const fields = await evening.server.query(`SHOW FIELD KEYS FROM "${measurement}"`);
    const tags = await evening.server.query(`SHOW TAG KEYS FROM "${measurement}"`);
    return { fields: fields.map(({ fieldKey }) => String(fieldKey)), tags: tags.map(({ tagKey }) => String(tagKey)) };
  };

  test('every query of every panel is answered, with rows wherever the evening has them', async () => {
    const wrong: string[] = [];
    const counts = new Map<string, { queries: number; answered: number; rows: number }>();
    for (const { name, uid, query, isSeries } of panelQueries) {
      const answer = await rowsOf(query);
      const rows = answer.length;
      if (isSeries && new Set(answer.map(seriesAndTime)).size < rows) wrong.push(`${name} has rows twice: ${query}`);
      const count = counts.get(uid) ?? { queries: 0, answered: 0, rows: 0 };
      counts.set(uid, {
        queries: count.queries + 1,
        answered: count.answered + (rows > 0 ? 1 : 0),
        rows: count.rows + rows,
      });
      const [expected] = WITHOUT_ROWS[name] ?? [];
      if (rows === 0 && expected === undefined) wrong.push(`${name} has no rows: ${query}`);
      if (rows > 0 && expected === 'none') wrong.push(`${name} has ${rows} rows, and should have none`);
    }
    process.stdout.write(`${summary(dashboards, counts)}\n`);
    expect(wrong).toEqual([]);
  }, 60_000);

  test('what is said to have no rows is a query that there is', () => {
    const names = panelQueries.map(({ name }) => name);
    expect(Object.keys(WITHOUT_ROWS).filter((name) => !names.includes(name))).toEqual([]);
  });

  test('every measurement, field and tag of every query is in the database', async () => {
    const unknown: string[] = [];
    const missing = new Set<string>();
    for (const { name, query } of [...panelQueries, ...variableQueries]) {
      const { measurements, keys, patterns } = namesIn(query);
      expect(measurements.length, `${name}: ${query}`).toBeGreaterThan(0);
      for (const measurement of measurements) {
        const { fields, tags } = await keysOf(measurement);
        if (fields.length === 0) unknown.push(`${name}: measurement ${measurement}`);
        // No channel is named by the evening's climate sensors and badges.
        const known = [...fields, ...tags, 'channel'];
        for (const key of keys.filter((each) => !known.includes(each))) missing.add(`${measurement}.${key}`);
        const fits = (pattern: string): boolean => fields.some((field) => new RegExp(pattern.slice(1, -1)).test(field));
        for (const pattern of patterns)
          if (fits(pattern) === PATTERNS_WITHOUT_FIELD.includes(pattern)) unknown.push(`${name}: ${pattern}`);
      }
    }
    expect(unknown).toEqual([]);
    const maybe = [...missing].filter((key) => !MAYBE_IN_THE_EVENING.includes(key));
    expect(maybe.sort()).toEqual([...NOT_IN_THE_EVENING].sort());
  }, 60_000);

  test('All means the same in every dashboard', () => {
    expect(others).toEqual([]);
  });

  test('every variable offers something, and All finds a device without a zone', async () => {
    for (const { name, query } of variableQueries) expect((await rowsOf(query)).length, name).toBeGreaterThan(0);
    const devices = async (variables: Shown['variables']): Promise<readonly unknown[]> => {
      const [query = ''] = variableQueries
        .filter(({ name }) => name === 'muster-power/$device')
        .map((each) => each.query);
      return (await rowsOf(query, variables)).map(({ value }) => value).sort();
    };
    expect(await devices(ALL)).toEqual([HOMELESS, 'stage-power']);
    expect(await devices({ ...ALL, zone: ['stage', 'bar'] })).toEqual(['stage-power']);
    expect(await devices({ ...ALL, venue: ['elsewhere'] })).toEqual([]);
    const [current] = panelQueries.filter(({ name }) => name === 'muster-power/Current by circuit/A');
    const shown = await rowsOf(current?.query ?? '', { ...ALL, device: [HOMELESS] });
    expect(new Set(shown.map(({ device }) => device))).toEqual(new Set([HOMELESS]));
  });

  test('every query takes one choice or several, and shows nothing of another venue', async () => {
    const chosen = { ...ALL, venue: ['riverside'], zone: ['gate-lane', 'main-floor'], device: ['lane-counter'] };
    for (const { query } of panelQueries) await rowsOf(query, chosen);
    for (const { name, query } of panelQueries)
      expect((await rowsOf(query, { ...ALL, venue: ['river.ide'] })).length, name).toBe(0);
  }, 60_000);

  const queryOf = (name: string): string => {
    const [found] = panelQueries.filter((each) => each.name === name);
    if (found === undefined) throw new Error(`no query ${name}`);
    return found.query;
  };
  const zonesOf = (rows: readonly Row[]): readonly unknown[] => [...new Set(rows.map(({ zone }) => zone))].sort();
  const highest = (rows: readonly Row[], column: string): number =>
    Math.max(...rows.map(({ [column]: value }) => Number(value)));

  test('each zone is held against the limits of its use, in the density that the rule judges; a device chooses none', async () => {
    const moving = queryOf('muster-crowd/Density against the limits of a moving crowd/A');
    const standing = queryOf('muster-crowd/Density against the limits of a standing crowd/A');
    expect(zonesOf(await rowsOf(moving))).toEqual(['gate-lane']);
    expect(zonesOf(await rowsOf(standing))).toEqual(['bar', 'main-floor']);
    const [judged] = await evening.server.query(
      `SELECT max("value") FROM "alarm" WHERE "kind" = 'crowd-density' AND "subject" = 'gate-lane'`,
    );
    // What was told of it is rounded, and told at the moment itself.
    expect(highest(await rowsOf(moving), 'density')).toBeGreaterThan(Number(judged?.max) - 0.2);
    const oneDevice = await rowsOf(moving, { ...ALL, device: ['bar-power'] });
    expect(zonesOf(oneDevice)).toEqual(['gate-lane']);
  });

  test('persons stand beside the capacity, and load in percent of the rating of its own circuit', async () => {
    const persons = await rowsOf(queryOf('muster-crowd/Persons and capacity by zone/A'));
    const floor = persons.filter(({ zone, persons: count }) => zone === 'main-floor' && typeof count === 'number');
    expect(new Set(floor.map(({ capacity }) => capacity))).toEqual(new Set([2400]));
    const shares = await rowsOf(queryOf('muster-crowd/Persons in percent of the capacity/A'));
    expect(zonesOf(shares)).toEqual(['main-floor']);
    expect(highest(shares, 'fill')).toBeCloseTo((highest(floor, 'persons') / 2400) * 100);
    const load = await rowsOf(queryOf('muster-power/Load in percent of the rating/A'));
    const ofStage = load.filter(({ device, channel }) => device === 'stage-power' && channel === 'b');
    // 41.6 A on 32 A.
    expect(highest(ofStage, 'load')).toBeGreaterThan(125);
    expect(highest(ofStage, 'load')).toBeLessThan(135);
    expect(new Set(load.map(({ device }) => device))).toEqual(new Set(['stage-power', HOMELESS]));
  });
});

const summary = (
  files: readonly DashboardFile[],
  counts: ReadonlyMap<string, { queries: number; answered: number; rows: number }>,
): string => {
  const lines = files.map(({ uid, panels }) => {
    const { queries, answered, rows } = counts.get(uid) ?? { queries: 0, answered: 0, rows: 0 };
    return `  ${uid.padEnd(16)} ${panels.length} panels, ${queries} queries, ${answered} with rows: ${rows} rows`;
  });
  const total = [...counts.values()].reduce((sum, { rows }) => sum + rows, 0);
  const panels = files.reduce((sum, file) => sum + file.panels.length, 0);
  return [
    ...lines,
    `  ${files.length} dashboards, ${panels} panels, ${panelQueries.length} queries, ${variableQueries.length} of variables: ${total} rows`,
  ].join('\n');
};
