import { type Field, field, type Measurement, type Tag, tag } from './fields.ts';

type Choice = 'venue' | 'zone' | 'device';

/** One SELECT. Conditions on the time shown and on the dashboard's variables are added to it. */
export interface Selection {
  readonly from: Measurement;
  readonly select: readonly string[];
  readonly where?: readonly string[];
  readonly by?: readonly Tag[];
  /** Variables that choose what is shown; default: all that the measurement has. */
  readonly chosenBy?: readonly Choice[];
  /** A point for each of these; absent: one for all. */
  readonly every?: string;
  /**
   * What stands where nothing was reported; default: nothing. `null`: a gap in the line. `previous`: the last value,
   * within the time shown.
   */
  readonly fill?: 'none' | 'null' | 'previous' | '0';
  /** Rows instead of points: the latest so many. */
  readonly latest?: number;
}

/** A SELECT over the rows of another one. */
export interface Outer {
  readonly select: readonly string[];
  readonly of: Selection;
  readonly where?: readonly string[];
  readonly by?: readonly Tag[];
  readonly every?: string;
}

/** Grafana chooses it by the width of the panel. */
export const INTERVAL = '$__interval';

const call =
  (name: string) =>
  (measurement: Measurement, of: Field): string =>
    `${name}(${field(measurement, of)})`;

export const mean = call('mean');
export const min = call('min');
export const max = call('max');
export const last = call('last');
export const sum = call('sum');
export const count = call('count');

/** Of every field of the gateway that the pattern fits: some names hold the id of a sink or the number of a broker. */
export const lastLike = (pattern: RegExp): string => `last(${pattern})`;

/** What a counter has grown by since the point before; after a restart of whoever counts, nothing. */
export const growth = (counter: string): string => `non_negative_difference(${counter})`;

export const growthPer = (unit: '1s' | '1m', counter: string): string => `non_negative_derivative(${counter}, ${unit})`;

export const as = (expression: string, name: string): string => `${expression} AS "${name}"`;

/** Variables that choose what a dashboard shows of each measurement. A device without a zone has no such tag: All finds it. */
const CHOSEN: Readonly<Record<Measurement, readonly Choice[]>> = {
  climate: ['venue', 'zone', 'device'],
  crowd: ['venue', 'zone', 'device'],
  power: ['venue', 'zone', 'device'],
  badge: ['venue', 'zone', 'device'],
  alarm: ['venue', 'zone'],
  gateway: ['venue'],
};

export const chosen = (measurement: Measurement, names: readonly Choice[]): readonly string[] =>
  names.map((name) => `${tag(measurement, name)} =~ /^\${${name}:regex}$/`);

const grouping = (measurement: Measurement, by: readonly Tag[] = [], every?: string): string => {
  const parts = [...(every === undefined ? [] : [`time(${every})`]), ...by.map((name) => tag(measurement, name))];
  return parts.length === 0 ? '' : ` GROUP BY ${parts.join(', ')}`;
};

export const influxql = (selection: Selection): string => {
  const { from, select, where = [], by, chosenBy = CHOSEN[from], every, fill = 'none', latest } = selection;
  const conditions = [...where, ...chosen(from, chosenBy), '$timeFilter'].join(' AND ');
  const filled = every === undefined ? '' : ` fill(${fill})`;
  const order = latest === undefined ? '' : ` ORDER BY time DESC LIMIT ${latest}`;
  return `SELECT ${select.join(', ')} FROM "${from}" WHERE ${conditions}${grouping(from, by, every)}${filled}${order}`;
};

export const outer = ({ select, of, where = [], by, every }: Outer): string => {
  const conditions = [...where, '$timeFilter'].join(' AND ');
  const filled = every === undefined ? '' : ' fill(none)';
  return `SELECT ${select.join(', ')} FROM (${influxql(of)}) WHERE ${conditions}${grouping(of.from, by, every)}${filled}`;
};
