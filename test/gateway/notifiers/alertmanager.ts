import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { requireProgram } from '../../system-programs.ts';
import { freePort } from '../influx/servers.ts';

export const hasAlertmanager = requireProgram('prometheus-alertmanager', 'prometheus-alertmanager');

const alertsSchema = z.array(
  z.looseObject({
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    startsAt: z.string(),
    endsAt: z.string(),
    status: z.looseObject({ state: z.string() }),
  }),
);

type Alerts = z.output<typeof alertsSchema>;

const CONFIG = 'route: { receiver: nobody, group_wait: 1s }\nreceivers: [{ name: nobody }]\n';

/** Debian's Alertmanager on a free port of the loopback address; gone after the test. */
export const startAlertmanager = async () => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-alertmanager-'));
  const file = join(directory, 'alertmanager.yml');
  writeFileSync(file, CONFIG);
  const url = `http://127.0.0.1:${await freePort()}`;
  const args = [
    `--config.file=${file}`,
    `--storage.path=${directory}`,
    `--web.listen-address=${new URL(url).host}`,
    '--cluster.listen-address=',
  ];
  const child: ChildProcess = spawn('prometheus-alertmanager', args, { stdio: 'ignore' });
  onTestFinished(async () => {
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
    rmSync(directory, { recursive: true, force: true });
  });
  const isReady = async (): Promise<boolean> => {
    try {
      return (await fetch(`${url}/-/ready`)).ok;
    } catch {
      return false;
    }
  };
  for (let attempt = 0; !(await isReady()); attempt += 1) {
    if (attempt > 400) throw new Error('prometheus-alertmanager does not start');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  /** Those that are firing. */
  const firing = async (): Promise<Alerts> =>
    alertsSchema.parse(await (await fetch(`${url}/api/v2/alerts?active=true`)).json());
  const holds = async (condition: (alerts: Alerts) => boolean): Promise<Alerts> => {
    for (let attempt = 0; ; attempt += 1) {
      const alerts = await firing();
      if (condition(alerts)) return alerts;
      if (attempt > 200) throw new Error(`in vain: ${JSON.stringify(alerts)}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  return { url, holds };
};
