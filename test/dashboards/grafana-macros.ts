/** What a dashboard's variable stands at: a text, several values, or All with the text that stands for it. */
export type VariableValue = string | readonly string[] | { readonly all: string };

export interface Shown {
  readonly fromMs: number;
  readonly toMs: number;
  readonly interval: string;
  readonly variables: Readonly<Record<string, VariableValue>>;
}

/** As Grafana escapes a value for a regular expression. */
const escaped = (value: string): string => value.replaceAll(/[\\^$*+?.()|[\]{}/]/g, '\\$&');

/** Format `regex`; the text for All is never formatted. */
const asRegex = (value: VariableValue): string => {
  if (typeof value === 'string') return escaped(value);
  if ('all' in value) return value.all;
  const [first = '', ...others] = value.map(escaped);
  return others.length === 0 ? first : `(${[first, ...others].join('|')})`;
};

/** Without a format the InfluxDB data source leaves a plain number as it is, and takes all else for a regular expression. */
const asIs = (value: VariableValue): string =>
  typeof value === 'string' && Number.isFinite(Number.parseFloat(value)) ? value : asRegex(value);

const REFERENCE = /\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)(?::(\w+))?\}/g;

const withVariables = (query: string, variables: Shown['variables']): string =>
  query.replaceAll(REFERENCE, (text, plain, bracketed, bracketedFormat, braced, bracedFormat) => {
    const value = variables[plain ?? bracketed ?? braced];
    // Macros of the data source look like variables.
    if (value === undefined) return text;
    return (bracketedFormat ?? bracedFormat) === 'regex' ? asRegex(value) : asIs(value);
  });

/**
 * A query as Grafana sends it: variables first, by its page; then the macros, by its InfluxDB data source
 * (pkg/tsdb/influxdb/models/query.go). Throws where anything is left unreplaced: InfluxDB would be sent a `$name`.
 */
export const substituted = (query: string, { fromMs, toMs, interval, variables }: Shown): string => {
  const text = withVariables(query, variables)
    .replaceAll('$timeFilter', `time >= ${fromMs}ms and time <= ${toMs}ms`)
    .replaceAll('$interval', interval)
    .replaceAll('$__interval', interval);
  const left = /\$\w+|\$\{[^}]*\}|\[\[\w+\]\]/.exec(text);
  if (left !== null) throw new Error(`unknown variable or macro ${left[0]} in ${query}`);
  return text;
};
