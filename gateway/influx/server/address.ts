import type { InfluxSink } from '../settings.ts';

/** InfluxDB 1 calls microseconds `u` and silently takes any other word for nanoseconds; the v2 API calls them `us`. */
const PRECISION = { 1: 'u', 2: 'us' } as const;

/** Path and query that lines are posted to, behind the path of the server's own address. */
export const writePath = (sink: InfluxSink): string => {
  const precision = PRECISION[sink.version];
  if (sink.version === 2) {
    return `/api/v2/write?${new URLSearchParams({ org: sink.org ?? '', bucket: sink.bucket, precision })}`;
  }
  const { database, retentionPolicy } = sink;
  const rp = retentionPolicy === undefined ? {} : { rp: retentionPolicy };
  return `/write?${new URLSearchParams({ db: database, ...rp, precision })}`;
};

/** The server's address as a client takes it: in ASCII, without a slash at its end. */
export const serverUrl = ({ url }: InfluxSink): string => new URL(url).href.replace(/\/$/, '');
