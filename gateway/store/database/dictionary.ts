import { isMetricName, METRIC_NAMES, type MetricName } from '../../../ingest/model/metrics.ts';
import type { Names } from '../batch/reader.ts';
import type { KnownSource, SourceName } from '../batch/sources.ts';
import { type Connection, numberAt, textAt } from './connection.ts';

/** Numbers as they are on disk; given once, never to something else. */
export interface KnownNames {
  readonly sources: readonly KnownSource[];
  /** Name of each metric by its number. */
  readonly metrics: readonly string[];
}

/** The tables of sources and metrics, held in memory too. */
export class Dictionary implements Names {
  readonly #insertSource: ReturnType<Connection['prepare']>;
  readonly #sources: (SourceName | undefined)[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #metricNames: string[] = [];
  readonly metrics: readonly (MetricName | undefined)[];

  /** @param known what a gateway that is running has given numbers to already; for a file that is new */
  constructor(connection: Connection, known?: KnownNames) {
    this.#insertSource = connection.prepare('INSERT OR IGNORE INTO sources (number, device, channel) VALUES (?, ?, ?)');
    connection.transaction(true, () => {
      this.#registerMetrics(connection, known?.metrics ?? []);
      for (const { number, ...name } of known?.sources ?? []) this.#insertSource.run(number, name.device, name.channel);
    });
    this.metrics = this.#metricNames.map((name) => (isMetricName(name) ? name : undefined));
    for (const row of connection.prepare('SELECT number, device, channel FROM sources').rows())
      this.learn(numberAt(row, 0), { device: textAt(row, 1), channel: textAt(row, 2) });
  }

  get sources(): readonly (SourceName | undefined)[] {
    return this.#sources;
  }

  get metricNames(): readonly string[] {
    return this.#metricNames;
  }

  /** -1: never seen. */
  sourceNumber({ device, channel }: SourceName): number {
    return this.#numbers.get(JSON.stringify([device, channel])) ?? -1;
  }

  /** Within a transaction; `learn` when it has come to its end. */
  insert(number: number, { device, channel }: SourceName): void {
    this.#insertSource.run(number, device, channel);
  }

  learn(number: number, name: SourceName): void {
    this.#sources[number] = name;
    this.#numbers.set(JSON.stringify([name.device, name.channel]), number);
  }

  #registerMetrics(connection: Connection, known: readonly string[]): void {
    for (const row of connection.prepare('SELECT number, name FROM metrics').rows())
      this.#metricNames[numberAt(row, 0)] = textAt(row, 1);
    const insert = connection.prepare('INSERT INTO metrics VALUES (?, ?)');
    const registered = new Set(this.#metricNames);
    for (const name of [...known, ...METRIC_NAMES]) {
      if (registered.has(name)) continue;
      registered.add(name);
      insert.run(this.#metricNames.length, name);
      this.#metricNames.push(name);
    }
  }
}
