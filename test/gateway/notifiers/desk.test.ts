import { VirtualTimeScheduler } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { createNoticeDesk, type Outlet } from '../../../gateway/notifiers/desk.ts';
import { repeatMs, wayOf } from '../../../gateway/notifiers/kinds/index.ts';
import { EMPTY_OUTBOX, type KeptOutbox, type Notice, type OutboxEntry } from '../../../gateway/notifiers/notice.ts';
import type { Alarm, AlarmEventType } from '../../../rules/alarms/alarm.ts';
import { alarmOf, notifierOf as entryOf } from './channels.ts';

const EPOCH = Date.parse('2026-05-01T12:00:00.000Z');

const WEBHOOK = { kind: 'webhook', url: 'http://x', secret: 'x'.repeat(16) };
const NTFY = { kind: 'ntfy', url: 'http://x', topic: 't' };
const ALERTMANAGER = { kind: 'alertmanager', url: 'http://x' };

/** A desk in virtual time; red repeats every 15 s, other severities never. */
const stage = (entries: Readonly<Record<string, object>>, routes: Readonly<Record<string, readonly string[]>>) => {
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  const told: string[] = [];
  const notices: Notice[] = [];
  const kept: OutboxEntry[] = [];
  const behind = new Set<string>();
  const nowMs = (): number => EPOCH + scheduler.now();
  const outlets = Object.entries(entries).map(([id, entry]): Outlet => {
    const notifier = entryOf({ ...entry, id });
    return {
      channel: {
        id,
        tell: (notice) => {
          notices.push(notice);
          const repeat = notice.repeat === undefined ? '' : `#${notice.repeat}`;
          told.push(`${(notice.atMs - EPOCH) / 1000} ${id} ${notice.event}${repeat}`);
        },
        isBehind: () => behind.has(id),
        waiting: () => [],
        status: () => expect.fail(),
        stop: () => undefined,
      },
      tells: wayOf(notifier).tells,
      byPerson: wayOf(notifier).byPerson,
      repeatMs: (alarm) => repeatMs(notifier, alarm, alarm.severity === 'red' ? 15_000 : undefined),
    };
  });
  const desk = createNoticeDesk({
    outlets,
    audienceOf: ({ severity }) => ({ channels: new Set(routes[severity]), people: [], hasOthers: true }),
    clock: { now: nowMs, schedule: (work, delayMs) => scheduler.schedule(work, delayMs) },
    keep: (entry) => void kept.push(entry),
  });
  return {
    told,
    notices,
    kept,
    behind,
    event: (type: AlarmEventType, alarm: Alarm) => desk.take({ type, atMs: nowMs(), alarm }),
    resume: (outbox: KeptOutbox, open: readonly Alarm[]) => desk.resume(outbox, open),
    pass: (seconds: number) => {
      scheduler.maxFrames += seconds * 1000;
      scheduler.flush();
      scheduler.frame = scheduler.maxFrames;
    },
  };
};

const red = alarmOf('b1');
const acknowledged: Alarm = { ...red, human: 'acknowledged', acknowledgedBy: 'li' };

describe('who is told what, and when again', () => {
  test('a red alarm repeats every 15 s until it is acknowledged, and not after', () => {
    const { told, event, pass } = stage({ hook: WEBHOOK }, { red: ['hook'] });
    event('raised', red);
    pass(40);
    event('acknowledged', acknowledged);
    pass(600);
    expect(told).toEqual(['0 hook raised', '15 hook repeated#1', '30 hook repeated#2', '40 hook acknowledged']);
  });

  test('a value that changes does not put the repeats off; a further press starts them anew', () => {
    const { told, event, pass } = stage({ phones: NTFY }, { red: ['phones'] });
    event('raised', red);
    for (let second = 0; second < 20; second += 1) {
      pass(1);
      event('changed', { ...red, value: second });
    }
    event('repeated', red);
    pass(16);
    expect(told).toEqual(['0 phones raised', '15 phones repeated#1', '20 phones repeated', '35 phones repeated#1']);
  });

  test('a channel that is behind is not given more of the same', () => {
    const { told, behind, event, pass } = stage({ hook: WEBHOOK }, { red: ['hook'] });
    event('raised', red);
    behind.add('hook');
    pass(3600);
    expect(told).toHaveLength(1);
    behind.clear();
    pass(16);
    expect(told).toHaveLength(2);
  });

  test('whoever was told that it began is told how it goes on, also under another severity', () => {
    const routes = { yellow: ['it'], red: ['phones'] };
    const { told, notices, event } = stage({ it: ALERTMANAGER, phones: NTFY }, routes);
    event('raised', { ...red, severity: 'yellow' });
    event('escalated', red);
    event('cleared', { ...acknowledged, condition: 'cleared' });
    event('closed', { ...acknowledged, condition: 'cleared' });
    event('raised', alarmOf('b2', { severity: 'blue' }));
    expect(told).toEqual(['0 it raised', '0 it escalated', '0 phones escalated', '0 it cleared', '0 phones cleared']);
    expect(notices[1]).toMatchObject({ formerSeverity: 'yellow' });
    expect(notices[2]?.formerSeverity).toBeUndefined();
  });

  test('Alertmanager hears of what is open every minute, acknowledged or not', () => {
    const { told, event, pass } = stage({ it: ALERTMANAGER }, { red: ['it'] });
    event('raised', red);
    event('acknowledged', acknowledged);
    pass(130);
    event('cleared', { ...acknowledged, condition: 'cleared' });
    pass(130);
    expect(told).toEqual([
      '0 it raised',
      '0 it acknowledged',
      '60 it repeated#1',
      '120 it repeated#2',
      '130 it cleared',
    ]);
  });

  test('two events of one kind in one millisecond have keys of their own', () => {
    const { notices, event } = stage({ hook: WEBHOOK }, { red: ['hook'] });
    for (let count = 0; count < 3; count += 1) event('repeated', red);
    expect(new Set(notices.map(({ key }) => key)).size).toBe(3);
  });

  test('each is kept with how far the channel is, and a restart goes on from there', () => {
    const first = stage({ hook: WEBHOOK }, { red: ['hook'] });
    first.event('raised', red);
    first.pass(20);
    const [, last] = first.kept;
    if (last?.type !== 'notice') throw new Error('no notice');
    expect(last.told).toEqual({ alarm: red.id, channel: 'hook', atMs: EPOCH + 15_000, severity: 'red', repeats: 1 });

    const second = stage({ hook: WEBHOOK }, { red: ['hook'] });
    second.pass(29);
    second.resume({ ...EMPTY_OUTBOX, told: last.told === undefined ? [] : [last.told], notices: [last.notice] }, [red]);
    second.pass(1);
    expect(second.told).toEqual(['15 hook repeated#1', '30 hook repeated#2']);
    expect(second.notices[0]?.key).toBe(last.notice.key);
  });

  test('an open alarm that a channel has never heard of is told at the start', () => {
    const { told, resume } = stage({ hook: WEBHOOK, it: ALERTMANAGER }, { red: ['hook'] });
    resume(EMPTY_OUTBOX, [red, alarmOf('b2', { severity: 'blue' })]);
    expect(told).toEqual(['0 hook raised']);
  });
});
