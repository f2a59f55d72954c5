import { describe, expect, test } from 'vitest';
import { until } from '../../until.ts';
import { hasAlertmanager, startAlertmanager } from './alertmanager.ts';
import { alarmOf, noticeOf, notifierOf, startChannel } from './channels.ts';
import { cancel, press, run, venueOf } from './fixture.ts';

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
    app.hotPath.act({ type: 'acknowledge', alarm: alarm?.id ?? '', by: 'li' });
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
