import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { requireProgram } from '../../system-programs.ts';
import { until } from '../../until.ts';
import { freePort } from '../influx/servers.ts';
import { alarmOf, noticeOf, notifierOf, startChannel } from './channels.ts';
import { cancel, press, run, venueOf } from './fixture.ts';

const hasAlertmanager = requireProgram('prometheus-alertmanager', 'prometheus-alertmanager');

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
const startAlertmanager = async () => {
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

describe.skipIf(!hasAlertmanager)('Debian’s Alertmanager', () => {
  test('holds an alarm while it is open, with who acknowledged it, and no longer', { timeout: 30_000 }, async () => {
    const { url, holds } = await startAlertmanager();
    const { app, badge } = await run(venueOf([{ kind: 'alertmanager', id: 'it', url }]));
    await press(badge, 'b1', 1);
    const [alert] = await holds((alerts) => alerts.length === 1);
    const [alarm] = app.hotPath.openAlarms();
    expect(alert?.labels).toEqual({
      alertname: 'sos',
      alarm: alarm?.id,
      rule: 'help',
      severity: 'red',
      subject: 'b1',
      venue: 'hall',
    });
    expect(Date.parse(alert?.startsAt ?? '')).toBe(Date.parse(alarm?.raisedAt ?? ''));
    expect(alert?.annotations).toMatchObject({ human: 'unacknowledged', reason: 'sos-pressed' });
    app.hotPath.acknowledge(alarm?.id ?? '', 'li');
    await holds((alerts) => alerts[0]?.annotations.acknowledged_by === 'li');
    await cancel(badge, 'b1');
    await holds((alerts) => alerts.length === 0);
  });

  test('one that becomes more severe fires under its new severity alone', { timeout: 30_000 }, async () => {
    const { url, holds } = await startAlertmanager();
    const channel = startChannel(notifierOf({ kind: 'alertmanager', url }));
    const yellow = alarmOf('hall', { severity: 'yellow', raisedAt: new Date().toISOString() });
    channel.tell(noticeOf(yellow));
    await until(() => channel.attempts.length === 1, 'raised');
    channel.tell(noticeOf({ ...yellow, severity: 'red' }, { event: 'escalated', formerSeverity: 'yellow' }));
    const alerts = await holds((all) => all.some(({ labels }) => labels.severity === 'red'));
    expect(alerts.map(({ labels }) => labels.severity)).toEqual(['red']);
    expect(channel.attempts.map(({ outcome }) => outcome)).toEqual(['delivered', 'delivered']);
  });
});
