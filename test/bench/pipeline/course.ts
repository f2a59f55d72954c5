import { z } from 'zod';
import { startChild } from '../child.ts';
import { cpuUs, mainThreadCpuUs, percentile, residentMb, sleep } from '../measure.ts';
import type { Keep } from './contestants/serve.ts';
import { startMosquitto } from './mosquitto.ts';

export type ContestantName = 'gateway' | 'ordinary' | 'bare' | 'aedes';

/** What came of publishing at one rate for a while. */
export interface Leg {
  readonly perSecond: number;
  readonly sent: number;
  readonly judged: number;
  readonly shed: number;
  /** Alarms that never came. */
  readonly missing: number;
  /** Publish to alarm, milliseconds. */
  readonly latenciesMs: readonly number[];
  readonly cpuUsPerMessage: number;
  /** Of the contestant's main thread alone. */
  readonly mainCpuUsPerMessage: number;
  readonly residentMb: number;
}

/** A contestant and a load generator, each in a process of its own, connected. */
export interface Course {
  readonly port: number;
  /** Publishes for a time and waits until all of it is judged, or no more is. */
  run(perSecond: number, seconds: number): Promise<Leg>;
  flood(seconds: number): Promise<{ readonly bytes: number }>;
  /** Messages at QoS 1 acknowledged in a second, of a course of `qos` 1. */
  acknowledged(seconds: number): Promise<number>;
  mark(): Promise<z.output<typeof markSchema>>;
  /** Watches how late the contestant's main loop is while it does what `load` does. */
  watched<T>(load: () => Promise<T>): Promise<T>;
  /** Of all that was watched since last asked, the 99th percentile, milliseconds. */
  stallP99Ms(): Promise<number>;
  alarms(): Promise<readonly (readonly [device: string, us: number])[]>;
  residentMb(): number;
  stop(): Promise<void>;
}

const timesSchema = z.array(z.tuple([z.string(), z.number()]));
const startedSchema = z.object({ port: z.number() });
const markSchema = z.object({ judged: z.number(), shed: z.number(), written: z.number() });
const alarmsSchema = z.object({ alarms: timesSchema });
const steadySchema = z.object({ sent: z.number(), probes: timesSchema });
const floodSchema = z.object({ bytes: z.number() });
const stallSchema = z.object({ p99Ms: z.number() });
const acknowledgedSchema = z.object({ perSecond: z.number() });

const CONNECTIONS = 50;
const SETTLE_MS = 100;
const SETTLES_MAX = 100;

type Times = readonly (readonly [device: string, us: number])[];

const byDevice = (times: Times): ReadonlyMap<string, number[]> => {
  const groups = new Map<string, number[]>();
  for (const [device, us] of times) {
    const group = groups.get(device) ?? [];
    group.push(us);
    groups.set(device, group);
  }
  return groups;
};

/** Pairs each probe with the first alarm of its device after it and before its next probe. */
export const latenciesOf = (probes: Times, alarms: Times): readonly number[] => {
  const raised = byDevice(alarms);
  return [...byDevice(probes)].flatMap(([device, asked]) =>
    asked.flatMap((us, at) => {
      const until = asked[at + 1] ?? Infinity;
      const alarmUs = raised.get(device)?.find((time) => time >= us && time < until);
      return alarmUs === undefined ? [] : [(alarmUs - us) / 1000];
    }),
  );
};

export interface CourseOptions {
  readonly connections?: number;
  /** Of what the connections publish; default 0. */
  readonly qos?: 0 | 1;
  /** What the gateway keeps; default: nothing. */
  readonly keep?: Keep;
  /** Core that the generator is tied to. */
  readonly generatorCore?: number;
  /** Options of the contestant's `node`. */
  readonly node?: readonly string[];
}

/** Starts both. Close it with `stop`, whatever happens. */
export const startCourse = async (name: ContestantName, options: CourseOptions = {}): Promise<Course> => {
  const mosquitto = name === 'ordinary' ? await startMosquitto() : undefined;
  const contestant = startChild(`pipeline/contestants/${name}`, { node: options.node ?? [] });
  const { generatorCore: core } = options;
  const generator = startChild('pipeline/generator', core === undefined ? {} : { core });
  const pids = [contestant.pid, ...(mosquitto === undefined ? [] : [mosquitto.pid])];
  const stop = async (): Promise<void> => {
    await generator.stop();
    await contestant.stop();
    await mosquitto?.stop();
  };
  const mark = async () => markSchema.parse(await contestant.ask({ do: 'mark' }));
  const alarms = async () => alarmsSchema.parse(await contestant.ask({ do: 'alarms' })).alarms;
  const used = (): number => pids.reduce((sum, pid) => sum + cpuUs(pid), 0);

  /** Waits for the end of the backlog. */
  const settled = async (expected: number): Promise<z.output<typeof markSchema>> => {
    let before = await mark();
    for (
      let still = 0, waits = 0;
      before.judged + before.shed < expected && still < 3 && waits < SETTLES_MAX;
      waits += 1
    ) {
      await sleep(SETTLE_MS);
      const now = await mark();
      still = now.judged === before.judged ? still + 1 : 0;
      before = now;
    }
    return before;
  };

  const run = async (perSecond: number, seconds: number): Promise<Leg> => {
    const before = await mark();
    await alarms();
    const usedBefore = used();
    const mainBefore = mainThreadCpuUs(contestant.pid);
    const { sent, probes } = steadySchema.parse(await generator.ask({ do: 'steady', perSecond, seconds }));
    const after = await settled(before.judged + before.shed + sent);
    const cpu = used() - usedBefore;
    const mainCpu = mainThreadCpuUs(contestant.pid) - mainBefore;
    const latenciesMs = latenciesOf(probes, await alarms());
    const judged = after.judged - before.judged;
    return {
      perSecond: sent / seconds,
      sent,
      judged,
      shed: after.shed - before.shed,
      missing: probes.length - latenciesMs.length,
      latenciesMs,
      cpuUsPerMessage: cpu / Math.max(1, judged),
      mainCpuUsPerMessage: mainCpu / Math.max(1, judged),
      residentMb: pids.reduce((sum, pid) => sum + residentMb(pid), 0),
    };
  };

  try {
    const brokerPort = mosquitto === undefined ? {} : { brokerPort: mosquitto.port };
    const { port } = startedSchema.parse(await contestant.ask({ do: 'start', ...brokerPort, keep: options.keep }));
    const { connections = CONNECTIONS, qos = 0 } = options;
    await generator.ask({ do: 'connect', port, connections, qos });
    return {
      port,
      run,
      flood: async (seconds) => floodSchema.parse(await generator.ask({ do: 'flood', seconds })),
      acknowledged: async (seconds) =>
        acknowledgedSchema.parse(await generator.ask({ do: 'acknowledged', seconds })).perSecond,
      mark,
      watched: async (load) => {
        await contestant.ask({ do: 'watch' });
        const result = await load();
        await contestant.ask({ do: 'rest' });
        return result;
      },
      stallP99Ms: async () => stallSchema.parse(await contestant.ask({ do: 'stall' })).p99Ms,
      alarms,
      residentMb: () => pids.reduce((sum, pid) => sum + residentMb(pid), 0),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

export const p99 = ({ latenciesMs }: Leg): number => percentile(latenciesMs, 0.99);
