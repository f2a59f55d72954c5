import { type Figure, figure } from './figures.ts';
import type { BenchOptions, Group } from './group.ts';
import { medianOf, sleep } from './measure.ts';
import { openClient } from './pipeline/client.ts';
import { type ContestantName, latenciesOf, startCourse } from './pipeline/course.ts';
import { callForHelp, type HelpTime } from './pipeline/help.ts';
import { DEVICE_LIST } from './pipeline/venue.ts';

const BARE = 'aedes + JSON.parse + map';
const SETTLE_SECONDS = 3;
const SECONDS_BETWEEN_CALLS = 1;
const AFTER_MS = 2_000;

/** One badge for each call: a further press of one is no new alarm. */
const CALLERS = DEVICE_LIST.filter(({ profile }) => profile === 'badge');

interface Flood {
  /** The latest call for help; Infinity where one raised no alarm. */
  readonly sosMs: number;
  /** From soon after the start to the end. */
  readonly growthMb: number;
  readonly shed: number;
  readonly judgedPerSecond: number;
}

const floodOnce = async (name: ContestantName, seconds: number): Promise<Flood> => {
  const course = await startCourse(name, { generatorCore: 0 });
  try {
    await course.run(20_000, SETTLE_SECONDS);
    const badge = await openClient(course.port, 'sos-badge');
    badge.on('error', () => undefined);
    badge.resume();
    const before = await course.mark();
    const flooding = course.flood(seconds);
    await sleep(SETTLE_SECONDS * 1000);
    const startMb = course.residentMb();
    const calls: HelpTime[] = [];
    for (let at = SETTLE_SECONDS; at < seconds - SECONDS_BETWEEN_CALLS; at += SECONDS_BETWEEN_CALLS) {
      calls.push(callForHelp(badge, CALLERS[at]?.id ?? ''));
      await sleep(SECONDS_BETWEEN_CALLS * 1000);
    }
    await flooding;
    const growthMb = course.residentMb() - startMb;
    await sleep(AFTER_MS);
    const after = await course.mark();
    const latencies = latenciesOf(calls, await course.alarms());
    badge.destroy();
    return {
      sosMs: latencies.length < calls.length ? Infinity : Math.max(...latencies),
      growthMb,
      shed: after.shed - before.shed,
      judgedPerSecond: (after.judged - before.judged) / seconds,
    };
  } finally {
    await course.stop();
  }
};

const runAll = async (names: readonly ContestantName[], { floodSeconds, log }: BenchOptions) => {
  const floods = new Map<ContestantName, Flood>();
  for (const name of names) {
    const flood = await floodOnce(name, floodSeconds);
    floods.set(name, flood);
    const { sosMs, growthMb, shed, judgedPerSecond } = flood;
    log(
      `${name}: ${Math.round(judgedPerSecond)} judged/s, ${shed} shed, call for help within ${sosMs.toFixed(0)} ms, ` +
        `${growthMb.toFixed(0)} MB more after ${floodSeconds} s`,
    );
  }
  return floods;
};

/** 50 sockets write as fast as they are accepted; a badge of its own calls for help every second. */
export const flood: Group = {
  name: 'flood',
  figures: ['pipeline/flood-sos-ms', 'pipeline/flood-rss-growth-mb', 'pipeline/flood-judged'],
  async run(options) {
    const floods = await runAll(['gateway', 'bare'], options);
    const ours = floods.get('gateway');
    const theirs = floods.get('bare');
    const compared = (name: string, unit: string, read: (of: Flood) => number): Figure =>
      figure(
        name,
        ours === undefined ? Number.NaN : medianOf([ours], read),
        unit,
        BARE,
        theirs === undefined ? undefined : read(theirs),
      );
    return [
      compared('pipeline/flood-sos-ms', 'ms', ({ sosMs }) => sosMs),
      compared('pipeline/flood-rss-growth-mb', 'MB', ({ growthMb }) => growthMb),
      compared('pipeline/flood-judged', 'messages/s', ({ judgedPerSecond }) => judgedPerSecond),
    ];
  },
};
