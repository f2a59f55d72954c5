import { type Figure, figure } from './figures.ts';
import type { BenchOptions, Group } from './group.ts';
import { median, medianOf, percentile } from './measure.ts';
import { type ContestantName, type Leg, p99, startCourse } from './pipeline/course.ts';
import { hasMosquitto } from './pipeline/mosquitto.ts';
import { sustained } from './pipeline/sustained.ts';

const SHARES = [20, 50, 80];
const LATENCY_SECONDS = 4;
const WARM_UP = { perSecond: 20_000, seconds: 3 };
const FIRST_GUESS = 30_000;

const ORDINARY = 'mosquitto + mqtt.js + rxjs';
const BARE = 'aedes + JSON.parse + map';

interface Run {
  readonly rate: number;
  readonly cpuUsPerMessage: number;
  readonly residentMb: number;
  /** By share of the sustained rate, per cent. */
  readonly legs: ReadonlyMap<number, Leg>;
}

const runOnce = async (
  name: ContestantName,
  before: number | undefined,
  { seconds, log }: BenchOptions,
): Promise<Run> => {
  const course = await startCourse(name);
  try {
    await course.run(WARM_UP.perSecond, WARM_UP.seconds);
    const { rate, leg } = await (before === undefined
      ? sustained(course, FIRST_GUESS, 'unknown', seconds)
      : sustained(course, before * 0.95, 'measured', seconds));
    const legs = new Map<number, Leg>();
    for (const share of SHARES) legs.set(share, await course.run((rate * share) / 100, LATENCY_SECONDS));
    const half = legs.get(50);
    log(
      `${name}: ${Math.round(rate)}/s, ${leg.cpuUsPerMessage.toFixed(1)} us CPU a message, ` +
        `${Math.round(leg.residentMb)} MB, p99 at half ${half === undefined ? '-' : p99(half).toFixed(1)} ms`,
    );
    return { rate, cpuUsPerMessage: leg.cpuUsPerMessage, residentMb: leg.residentMb, legs };
  } finally {
    await course.stop();
  }
};

type Name = Exclude<ContestantName, 'aedes'>;
type Runs = Record<Name, Run[]>;

const runAll = async (options: BenchOptions): Promise<Runs> => {
  const runs: Runs = { gateway: [], ordinary: [], bare: [] };
  const names: Name[] = hasMosquitto() ? ['gateway', 'ordinary', 'bare'] : ['gateway', 'bare'];
  if (!hasMosquitto())
    options.log('no /usr/sbin/mosquitto (apt-get install mosquitto): the ordinary program is left out');
  for (let round = 0; round < options.rounds; round += 1) {
    for (const name of names) {
      const before = runs[name].at(-1)?.rate;
      runs[name].push(await runOnce(name, before, options));
    }
  }
  return runs;
};

const latency = (runs: readonly Run[], share: number, at: number): number =>
  median(runs.map(({ legs }) => percentile(legs.get(share)?.latenciesMs ?? [], at)));

const latencyFigures = ({ gateway, bare }: Runs): readonly Figure[] =>
  SHARES.flatMap((share) =>
    [
      { name: 'p50', at: 0.5 },
      { name: 'p99', at: 0.99 },
      { name: 'max', at: 1 },
    ].map(({ name, at }) =>
      figure(`pipeline/${name}-ms@${share}`, latency(gateway, share, at), 'ms', BARE, latency(bare, share, at)),
    ),
  );

const optional = (runs: readonly Run[], read: (run: Run) => number): number | undefined =>
  runs.length === 0 ? undefined : medianOf(runs, read);

/** Messages a second from socket to judgement with seven rules on, beside two programs that do less. */
export const pipeline: Group = {
  name: 'pipeline',
  figures: [
    'pipeline/sustained',
    'pipeline/sustained-vs-aedes',
    'pipeline/cpu-us-per-message',
    'pipeline/resident-mb',
    ...SHARES.flatMap((share) => ['p50', 'p99', 'max'].map((name) => `pipeline/${name}-ms@${share}`)),
    'pipeline/p99-ms-vs-ordinary@50',
  ],
  async run(options) {
    const runs = await runAll(options);
    const { gateway, ordinary, bare } = runs;
    const rate = (run: Run): number => run.rate;
    const cpu = (run: Run): number => run.cpuUsPerMessage;
    const resident = (run: Run): number => run.residentMb;
    const half = ordinary.length === 0 ? undefined : latency(ordinary, 50, 0.99);
    return [
      figure('pipeline/sustained', medianOf(gateway, rate), 'messages/s', ORDINARY, optional(ordinary, rate)),
      figure('pipeline/sustained-vs-aedes', medianOf(gateway, rate), 'messages/s', BARE, optional(bare, rate)),
      figure('pipeline/cpu-us-per-message', medianOf(gateway, cpu), 'us', ORDINARY, optional(ordinary, cpu)),
      figure('pipeline/resident-mb', medianOf(gateway, resident), 'MB', ORDINARY, optional(ordinary, resident)),
      ...latencyFigures(runs),
      figure('pipeline/p99-ms-vs-ordinary@50', latency(gateway, 50, 0.99), 'ms', ORDINARY, half),
    ];
  },
};
