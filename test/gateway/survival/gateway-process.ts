import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { ChildSettings } from './child.ts';

const CHILD = fileURLToPath(new URL('../../../dist/test/gateway/survival/child.js', import.meta.url));

const portsSchema = z.strictObject({ mqtt: z.number(), http: z.number() });

export type Ports = z.output<typeof portsSchema>;

/** A gateway in a process of its own, that runs. */
export interface GatewayProcess {
  readonly ports: Ports;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

const killer = (child: ChildProcess): (() => Promise<void>) => {
  const exited = once(child, 'exit');
  return async () => {
    child.kill('SIGKILL');
    await exited;
  };
};

/** A process that has loaded everything: what a kill costs is the gateway's own start, not that of the machine. */
export interface StandBy {
  /** Resolves when the gateway takes connections; rejects where it ends before. */
  start(settings: ChildSettings): Promise<GatewayProcess>;
  kill(): Promise<void>;
}

export const standBy = (): StandBy => {
  const child = spawn(process.execPath, [CHILD], { stdio: ['pipe', 'pipe', 'inherit'] });
  const kill = killer(child);
  const lines = createInterface({ input: child.stdout });
  return {
    kill,
    start: async (settings) => {
      child.stdin.write(`${JSON.stringify(settings)}\n`);
      for await (const line of lines) return { ports: portsSchema.parse(JSON.parse(line)), kill };
      throw new Error('the gateway ended before it ran');
    },
  };
};
