import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connectAsync, type MqttClient } from 'mqtt';
import { z } from 'zod';
import { GUARD } from '../../survival/evening.ts';
import type { SteppedSettings } from './child.ts';

const CHILD = fileURLToPath(new URL('../../../../dist/test/gateway/flight/stepped/child.js', import.meta.url));

const portsSchema = z.strictObject({ mqtt: z.number(), http: z.number() });

const alarmsSchema = z.looseObject({
  next: z.undefined().optional(),
  items: z.array(
    z.looseObject({
      id: z.string(),
      rule: z.string(),
      subject: z.string(),
      severity: z.string(),
      human: z.string(),
    }),
  ),
});
export type Told = z.output<typeof alarmsSchema>['items'][number];

/** A process that has loaded everything, and waits. */
export interface StandBy {
  start(settings: SteppedSettings): Promise<Stepped>;
  kill(): Promise<void>;
}

/** A gateway in a process of its own, whose time goes on by steps. */
export interface Stepped {
  /** Resolves when everything that is due by then was judged. */
  advance(toMs: number): Promise<void>;
  /** …and is on the disk, as it is where time is real. */
  settle(toMs: number): Promise<void>;
  /** Resolves when it is on the gateway's disk; rejects where the connection ends before. */
  publish(device: string, payload: string): Promise<void>;
  acknowledge(alarm: string): Promise<void>;
  alarms(state: 'open' | 'all'): Promise<readonly Told[]>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

/** mqtt.js forgets who waits for an answer when the connection ends. */
const published = (client: MqttClient, topic: string, payload: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const lost = (): void => reject(new Error('the connection has ended'));
    client.once('close', lost);
    client.publish(topic, payload, { qos: 1 }, (error) => {
      client.removeListener('close', lost);
      if (error) reject(error);
      else resolve();
    });
  });

const stepped = async (
  child: ChildProcess,
  lines: AsyncIterator<string>,
  ports: z.output<typeof portsSchema>,
  end: () => Promise<void>,
): Promise<Stepped> => {
  const dial = (login: object): Promise<MqttClient> =>
    connectAsync(`mqtt://127.0.0.1:${ports.mqtt}`, { protocolVersion: 4, reconnectPeriod: 0, ...login }, false);
  const [devices, guard] = await Promise.all([dial({}), dial(GUARD)]);
  for (const client of [devices, guard]) {
    client.setMaxListeners(100);
    client.on('error', () => undefined);
  }
  const goOn = async (advanceTo: number, isSettled: boolean): Promise<void> => {
    child.stdin?.write(`${JSON.stringify({ advanceTo, isSettled })}\n`);
    if ((await lines.next()).done) throw new Error('the gateway has ended');
  };
  return {
    advance: (toMs) => goOn(toMs, false),
    settle: (toMs) => goOn(toMs, true),
    publish: (device, payload) => published(devices, `muster/hall/up/${device}`, payload),
    acknowledge: (alarm) => published(guard, `muster/hall/alarm/${alarm}/ack`, '{}'),
    alarms: async (state) => {
      const response = await fetch(`http://127.0.0.1:${ports.http}/api/v1/alarms?state=${state}&limit=500`);
      return alarmsSchema.parse(await response.json()).items;
    },
    kill: async () => {
      await end();
      await Promise.all([devices.endAsync(true), guard.endAsync(true)]);
    },
  };
};

export const standBy = (): StandBy => {
  const child = spawn(process.execPath, [CHILD], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const end = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  // What is written to one that was killed is lost, as it should be.
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    kill: end,
    start: async (settings) => {
      child.stdin.write(`${JSON.stringify(settings)}\n`);
      const first = await lines.next();
      if (first.done) throw new Error('the gateway ended before it ran');
      return stepped(child, lines, portsSchema.parse(JSON.parse(first.value)), end);
    },
  };
};
