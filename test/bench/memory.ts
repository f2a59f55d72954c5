import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { figure } from './figures.ts';
import type { Group } from './group.ts';
import { median, residentMb, sleep } from './measure.ts';
import { openClient } from './pipeline/client.ts';
import { startCourse } from './pipeline/course.ts';
import { publishPacket } from './pipeline/packets.ts';
import { DEVICE_LIST, payloadsOf, topicOf, venueText } from './pipeline/venue.ts';

const BARE = 'aedes + JSON.parse + map';
const NAME = 'memory/idle-10000-mb';
const SETTLE_MS = 5_000;

const MUSTER = new URL('../../gateway/main.js', import.meta.url).pathname;

const runsSchema = z.object({ mqtt: z.array(z.object({ port: z.number() })).min(1) });

interface Running {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

const json = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/** `muster run`, as an operator starts it. */
const startMuster = async (): Promise<Running> => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-bench-'));
  const file = join(directory, 'venue.yaml');
  writeFileSync(file, venueText());
  const child = spawn(process.execPath, [MUSTER, 'run', '-c', file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`muster run ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const runs = runsSchema.safeParse(json(line));
      if (runs.success) resolve(runs.data.mqtt[0]?.port ?? 0);
    });
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    rmSync(directory, { recursive: true });
  };
  return { pid: child.pid ?? 0, port, stop };
};

/** Every device reports once, so that all are known and have a state. */
const reportAll = async (port: number): Promise<void> => {
  const socket = await openClient(port, 'once');
  for (const [index, device] of DEVICE_LIST.entries()) {
    socket.write(publishPacket(topicOf(device.id), payloadsOf(device, index)[0] ?? ''));
    if (index % 200 === 0) await sleep(5);
  }
  await sleep(500);
  socket.destroy();
};

const ours = async (): Promise<number> => {
  const muster = await startMuster();
  try {
    await reportAll(muster.port);
    await sleep(SETTLE_MS);
    return residentMb(muster.pid);
  } finally {
    await muster.stop();
  }
};

const theirs = async (): Promise<number> => {
  const course = await startCourse('bare', { connections: 1 });
  try {
    await reportAll(course.port);
    await sleep(SETTLE_MS);
    return course.residentMb();
  } finally {
    await course.stop();
  }
};

/** Resident memory of `muster run` with 10,000 devices, each of which has reported, when nothing happens. */
export const memory: Group = {
  name: 'memory',
  figures: [NAME],
  async run({ rounds, log }) {
    const idle: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      idle.push(await ours());
      bare.push(await theirs());
      log(`gateway ${Math.round(idle.at(-1) ?? 0)} MB, bare ${Math.round(bare.at(-1) ?? 0)} MB`);
    }
    return [figure(NAME, median(idle), 'MB', BARE, median(bare))];
  },
};
