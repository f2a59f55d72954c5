import type { Advert, ExtendedReport } from './reports.ts';

/** Adverts whose data is still coming, at once. A controller follows few chains at a time; the oldest goes first. */
const OPEN_MAX = 16;
/** Core Specification 5.4, vol 6, part B, section 2.3.4.9. */
const BYTES_MAX = 1650;

export interface FragmentCounters {
  /** Adverts that never became whole: too many at once, or too long. */
  fragmentsDropped: number;
  /** Adverts of which the controller lost the end. */
  truncated: number;
}

/** Joins the fragments of extended adverts (vol 4, part E, section 7.7.65.13). Bounded, whatever is on the air. */
export interface Fragments {
  take(report: ExtendedReport, onAdvert: (advert: Advert) => void): void;
  clear(): void;
  readonly open: number;
}

const joined = (first: Uint8Array, second: Uint8Array): Uint8Array => {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
};

/** The AD structures that arrived whole: the last of truncated data would only read as malformed. */
const wholeStructures = (data: Uint8Array): Uint8Array => {
  let end = 0;
  for (;;) {
    const length = data[end];
    if (length === undefined || length === 0 || end + 1 + length > data.length) return data.subarray(0, end);
    end += 1 + length;
  }
};

export const createFragments = (counters: FragmentCounters): Fragments => {
  const open = new Map<string, Uint8Array>();

  const keep = (key: string, data: Uint8Array): void => {
    open.delete(key);
    if (data.length > BYTES_MAX) {
      counters.fragmentsDropped += 1;
      return;
    }
    open.set(key, data);
    if (open.size <= OPEN_MAX) return;
    const [oldest] = open.keys();
    if (oldest !== undefined) open.delete(oldest);
    counters.fragmentsDropped += 1;
  };

  const take = (report: ExtendedReport, onAdvert: (advert: Advert) => void): void => {
    // Nearly all adverts are one report; none of them costs a look-up.
    if (report.status === 'complete' && open.size === 0) {
      onAdvert(report);
      return;
    }
    const key = `${report.address} ${report.addressType} ${report.set} ${report.isResponse}`;
    const before = open.get(key);
    const data = before === undefined ? report.data : joined(before, report.data);
    if (report.status === 'more') {
      keep(key, data);
      return;
    }
    open.delete(key);
    if (data.length > BYTES_MAX) {
      counters.fragmentsDropped += 1;
      return;
    }
    const { address, rssiDbm } = report;
    if (report.status === 'truncated') counters.truncated += 1;
    onAdvert({ address, rssiDbm, data: report.status === 'truncated' ? wholeStructures(data) : data });
  };

  return {
    take,
    clear: () => open.clear(),
    get open() {
      return open.size;
    },
  };
};
