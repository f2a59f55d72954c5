import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const DATABASE = 'venue';
export const ADMIN = { username: 'admin', password: 'all, of=it "quoted" 安全' } as const;
/** May write to DATABASE, and nothing else. */
export const WRITER = { username: 'gw', password: 'p:w é' } as const;
/** May do nothing. */
export const STRANGER = { username: 'poor', password: 'pw' } as const;

/** A database of Debian on a free port of the loopback address, with its data in a directory of its own. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  start(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
  /** Ends it and deletes its data. */
  remove(): Promise<void>;
}

/** One row as InfluxDB 1 gives it: column name to value. */
export type Row = Readonly<Record<string, unknown>>;

export interface InfluxServer extends TestServer {
  /** InfluxQL as administrator; the rows of the first result, with the tags of GROUP BY as columns. Times in µs. */
  query(text: string): Promise<readonly Row[]>;
}

export interface MetricsServer extends TestServer {
  /** The series that match, once there are so many: what was written becomes visible a while later. */
  series(match: string, count: number): Promise<readonly Series[]>;
}

export interface Series {
  readonly labels: Row;
  readonly values: readonly number[];
  /** Unix ms. */
  readonly timestamps: readonly number[];
}

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });

const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1000) })).ok;
  } catch {
    return false;
  }
};

const program = (command: string, args: readonly string[], directory: string, health: string) => {
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending === undefined) return;
    const exited = new Promise<void>((resolve) => ending.once('exit', () => resolve()));
    ending.kill('SIGKILL');
    await exited;
  };
  return {
    start: async (): Promise<void> => {
      child = spawn(command, args, { stdio: 'ignore', cwd: directory });
      for (let attempt = 0; !(await answers(health)); attempt += 1) {
        if (attempt > 400) throw new Error(`${command} does not start`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
    kill,
    remove: async (): Promise<void> => {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

const influxConfig = (directory: string, http: number, rpc: number, yarpc: number): string => `
reporting-enabled = false
bind-address = "127.0.0.1:${rpc}"
[meta]
dir = "${directory}/meta"
[data]
dir = "${directory}/data"
wal-dir = "${directory}/wal"
index-version = "tsi1"
[monitor]
store-enabled = false
[http]
bind-address = "127.0.0.1:${http}"
auth-enabled = true
log-enabled = false
[ifql]
bind-address = "127.0.0.1:${yarpc}"
`;

const basic = ({ username, password }: { readonly username: string; readonly password: string }): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

interface Result {
  readonly error?: string;
  readonly series?: readonly {
    readonly tags?: Row;
    readonly columns: readonly string[];
    readonly values: readonly (readonly unknown[])[];
  }[];
}

const rowsOf = ({ series = [] }: Result): readonly Row[] =>
  series.flatMap(({ tags = {}, columns, values }) =>
    values.map((value) => ({ ...tags, ...Object.fromEntries(columns.map((column, index) => [column, value[index]])) })),
  );

const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;

const asUser = (user: string): string => `"${user}"`;

/** Debian's influxd 1.6 with authentication on, DATABASE with a retention policy `raw`, and the users above. */
export const influxServer = async (): Promise<InfluxServer> => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-influx-'));
  const [port, rpc, yarpc] = [await freePort(), await freePort(), await freePort()];
  const file = join(directory, 'influx.conf');
  writeFileSync(file, influxConfig(directory, port, rpc, yarpc));
  const url = `http://127.0.0.1:${port}`;
  const server = program('influxd', ['run', '-config', file], directory, `${url}/ping`);
  const query = async (text: string): Promise<readonly Row[]> => {
    const body = new URLSearchParams({ db: DATABASE, epoch: 'u', q: text });
    const response = await fetch(`${url}/query`, { method: 'POST', body, headers: { authorization: basic(ADMIN) } });
    const answer: { readonly results?: readonly Result[]; readonly error?: string } = JSON.parse(await response.text());
    const [result] = answer.results ?? [];
    const error = answer.error ?? result?.error;
    if (error !== undefined || result === undefined) throw new Error(`${text}: ${error ?? 'no result'}`);
    return rowsOf(result);
  };
  await server.start();
  await query(`CREATE USER ${asUser(ADMIN.username)} WITH PASSWORD ${quoted(ADMIN.password)} WITH ALL PRIVILEGES`);
  await query(`CREATE DATABASE ${DATABASE} WITH DURATION 7d REPLICATION 1 NAME raw`);
  for (const { username, password } of [WRITER, STRANGER])
    await query(`CREATE USER ${asUser(username)} WITH PASSWORD ${quoted(password)}`);
  await query(`GRANT WRITE ON ${DATABASE} TO ${asUser(WRITER.username)}`);
  return { url, port, query, ...server };
};

const exported = async (url: string, match: string): Promise<readonly Series[]> => {
  const body = new URLSearchParams({ 'match[]': match });
  const text = await (await fetch(`${url}/api/v1/export`, { method: 'POST', body })).text();
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const { metric, values, timestamps } = JSON.parse(line);
    return { labels: metric, values, timestamps };
  });
};

/** Debian's VictoriaMetrics. */
export const metricsServer = async (): Promise<MetricsServer> => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-metrics-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = [
    `-storageDataPath=${directory}`,
    `-httpListenAddr=127.0.0.1:${port}`,
    '-retentionPeriod=7d',
    '-influxListenAddr=',
    '-memory.allowedBytes=256MB',
    '-search.latencyOffset=0s',
  ];
  const server = program('victoria-metrics', args, directory, `${url}/health`);
  await server.start();
  return {
    url,
    port,
    ...server,
    series: async (match, count) => {
      for (let attempt = 0; ; attempt += 1) {
        await fetch(`${url}/internal/force_flush`);
        const found = await exported(url, match);
        if (found.length >= count) return found;
        if (attempt > 400) throw new Error(`${match}: ${found.length} series, expected ${count}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
  };
};
