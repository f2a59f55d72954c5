import { describe, expect, test } from 'vitest';
import { alarmOf, type Sent, stage, venue } from './stage.ts';

const PLAN = `plan:
  yellow: { commands: [ { device: sign, do: show, with: { text: slow } } ] }
  red:
    commands:
      - { device: siren, do: sound, with: { seconds: 10, id: x, attempt: 9 } }
      - { device: sign, do: show, with: { text: stop }, confirmWithinSeconds: 20 }
      - { device: siren, do: quiet, when: acknowledged }
      - { device: sign, do: dark, when: cleared }
      - { device: siren, do: rest, when: closed }`;
const config = venue(
  'devices: { siren: { profile: plug, zone: hall }, sign: { profile: plug } }',
  'zones: { hall: {} }',
  PLAN,
);

const red = alarmOf('b1');
const acknowledged = { ...red, human: 'acknowledged', acknowledgedBy: 'li' } as const;
const cleared = { ...red, condition: 'cleared' } as const;

/** `seconds device command#attempt` */
const story = (sent: readonly Sent[]): readonly string[] =>
  sent.map(({ atSeconds, device, payload }) => `${atSeconds} ${device} ${payload.do}#${payload.attempt}`);
const idOf = (sent: readonly Sent[], what: string): string =>
  sent.findLast(({ payload }) => payload.do === what)?.payload.id ?? expect.fail(`${what} was not sent`);

test('of an actuator that does not answer people are told; no actuator is commanded for it', () => {
  const on = stage({ config });
  const dead = { rule: 'gateway', kind: 'gateway-health', id: 'gateway.actuator:sign.abc' } as const;
  on.event('raised', alarmOf('actuator:sign', dead));
  on.event('closed', alarmOf('actuator:sign', { ...dead, condition: 'cleared' }));
  on.event('raised', alarmOf('source:radio', { ...dead, id: 'gateway.source:radio.abc' }));
  expect(story(on.sent)).toEqual(['0 siren sound#1', '0 sign show#1']);
});

describe('a command of the plan', () => {
  test('is sent when the alarm is raised, four times within its time, under one id; then that is an alarm', () => {
    const on = stage({ config });
    on.event('raised', red);
    expect(on.sent.map(({ payload }) => payload)).toEqual([
      {
        id: expect.stringMatching(/^order\.[\w-]{16}$/),
        do: 'sound',
        seconds: 10,
        alarm: red.id,
        issuedAt: '2026-05-01T12:00:00.000Z',
        attempt: 1,
      },
      expect.objectContaining({ do: 'show', text: 'stop' }),
    ]);
    on.done('sign', idOf(on.sent, 'show'));
    on.at(9.999);
    expect(story(on.sent)).toEqual([
      '0 siren sound#1',
      '0 sign show#1',
      '2.5 siren sound#2',
      '5 siren sound#3',
      '7.5 siren sound#4',
    ]);
    expect(new Set(on.sent.filter(({ device }) => device === 'siren').map(({ payload }) => payload.id)).size).toBe(1);
    expect(on.reports).toEqual([]);
    on.at(10);
    expect(on.reports).toEqual(['10 actuator:siren active actuator-overdue']);
    on.at(3600);
    expect(on.sent).toHaveLength(5);
    expect(on.response.commandViews().map(({ device, state }) => `${device} ${state}`)).toEqual([
      'siren overdue',
      'sign confirmed',
    ]);
    expect(on.response.counters()).toMatchObject({
      commandsIssued: 2,
      commandsSent: 5,
      commandsConfirmed: 1,
      commandsOverdue: 1,
    });
  });

  test('that is confirmed is not repeated; late, it ends the alarm, in a turn of its own', () => {
    const on = stage({ config });
    on.event('raised', red);
    on.at(2);
    on.done('sign', idOf(on.sent, 'show'));
    on.at(100);
    const id = idOf(on.sent, 'sound');
    on.done('siren', id);
    // What a frame brings is judged to its end before the gateway says anything of itself.
    expect(on.reports).toHaveLength(1);
    on.at(101);
    expect(on.reports[1]).toBe('100.001 actuator:siren normal actuator-settled');
    on.done('siren', id);
    expect(on.response.counters()).toMatchObject({ commandsConfirmed: 2, strayConfirmations: 0 });
    expect(on.decided().filter((line) => line.includes('command'))).toEqual([
      '0 command-sent command-sent',
      '0 command-sent command-sent',
      '2 command-confirmed command-confirmed',
      '10 command-overdue command-overdue',
      '100 command-confirmed command-confirmed',
    ]);
  });

  test('is not confirmed by another device, nor under an id that was never given', () => {
    const on = stage({ config });
    on.event('raised', red);
    on.done('sign', idOf(on.sent, 'sound'));
    on.done('siren', 'order.never');
    on.done('siren', 'buzz.fallen.b1.x');
    expect(on.response.commandViews().map(({ state }) => state)).toEqual(['sent', 'sent']);
    expect(on.response.counters()).toMatchObject({ commandsConfirmed: 0, strayConfirmations: 2 });
  });

  test('is sent once while the alarm stands, and again when it comes back', () => {
    const on = stage({ config });
    on.event('raised', red);
    for (const what of ['sound', 'show']) on.done(what === 'sound' ? 'siren' : 'sign', idOf(on.sent, what));
    on.at(60);
    on.event('shelved', { ...red, human: 'shelved' }, 'li');
    on.event('unshelved', red);
    on.event('changed', red);
    expect(on.sent).toHaveLength(2);
    const [first] = on.sent;
    on.event('repeated', red);
    expect(story(on.sent).slice(2)).toEqual(['60 siren sound#1', '60 sign show#1']);
    expect(on.sent[2]?.payload.id).not.toBe(first?.payload.id);
    // Pressed once more before it is confirmed: it is on its way.
    on.event('repeated', red);
    expect(on.sent).toHaveLength(4);
  });

  test('of a graver plan is sent when the severity rises; what is alike is not sent twice', () => {
    const on = stage({ config });
    on.event('raised', { ...red, severity: 'yellow' });
    on.at(1);
    on.event('escalated', red);
    expect(story(on.sent)).toEqual(['0 sign show#1', '1 siren sound#1', '1 sign show#1']);
    on.event('changed', { ...red, severity: 'yellow' });
    on.event('escalated', red);
    expect(on.sent).toHaveLength(3);
  });

  test('waits for its moment, and makes void what has not been confirmed before', () => {
    const on = stage({ config });
    on.event('raised', red);
    on.at(1);
    on.event('acknowledged', acknowledged, 'li');
    on.at(6);
    on.event('cleared', { ...acknowledged, condition: 'cleared' });
    on.event('closed', { ...acknowledged, condition: 'cleared' });
    on.at(7);
    expect(story(on.sent)).toEqual([
      '0 siren sound#1',
      '0 sign show#1',
      '1 siren quiet#1',
      '3.5 siren quiet#2',
      '5 sign show#2',
      '6 siren quiet#3',
      '6 sign dark#1',
      '6 siren rest#1',
    ]);
    for (const [device, what] of [
      ['sign', 'dark'],
      ['siren', 'rest'],
    ] as const)
      on.done(device, idOf(on.sent, what));
    on.at(3600);
    expect(on.sent).toHaveLength(8);
    expect(on.reports).toEqual([]);
    // The alarm is over and nothing is owed: all of it is in the decisions.
    expect(on.response.commandViews()).toEqual([]);
    expect(on.kill().orders.size).toBe(0);
  });

  test('of the end goes beside another of the end', () => {
    const both = `plan: { red: { commands: [ { device: siren, do: rest, when: cleared }, { device: siren, do: log, when: closed } ] } }`;
    const on = stage({ config: venue('devices: { siren: { profile: plug } }', both) });
    on.event('raised', red);
    on.event('cleared', cleared);
    on.event('closed', cleared);
    on.at(2.5);
    expect(story(on.sent)).toEqual(['0 siren rest#1', '0 siren log#1', '2.5 siren rest#2', '2.5 siren log#2']);
  });

  test('of another alarm is not touched', () => {
    const on = stage({ config });
    on.event('raised', red);
    on.event('raised', alarmOf('b2'));
    on.event('acknowledged', acknowledged, 'li');
    on.at(2.5);
    expect(story(on.sent).filter((line) => line.startsWith('2.5 siren'))).toEqual([
      '2.5 siren sound#2',
      '2.5 siren quiet#2',
    ]);
  });

  test('is not given for an alarm that nobody is told of', () => {
    const on = stage({ config });
    const away = { ...red, human: 'out-of-service' } as const;
    on.event('raised', away);
    on.event('cleared', { ...away, condition: 'cleared' });
    on.event('closed', { ...away, condition: 'cleared' });
    expect(on.sent).toEqual([]);
    on.event('raised', { ...red, human: 'suppressed' });
    on.event('unsuppressed', red);
    expect(on.sent).toHaveLength(2);
  });

  test('that a person has seen to ends the alarm, with who and how', () => {
    const on = stage({ config });
    on.event('raised', red);
    on.at(20);
    expect(on.reports).toEqual([
      '10 actuator:siren active actuator-overdue',
      '20 actuator:sign active actuator-overdue',
    ]);
    const deed = { type: 'command-done', command: idOf(on.sent, 'sound'), by: 'li', comment: 'rung by hand' } as const;
    expect(on.act(deed)).toEqual({ ok: true });
    expect(on.act(deed)).toEqual({ ok: false, reason: 'already-done' });
    expect(on.act({ ...deed, command: 'order.x' })).toEqual({ ok: false, reason: 'no-such-command' });
    on.at(21);
    expect(on.reports[2]).toBe('20.001 actuator:siren normal actuator-settled');
    expect(on.response.commandViews()[0]).toMatchObject({ state: 'done', by: 'li', comment: 'rung by hand' });
    expect(on.decisions.at(-1)).toMatchObject({ type: 'command-done', by: 'li', reason: { en: /rung by hand/ } });
  });

  test('two of one actuator are one alarm, which ends with the last', () => {
    const on = stage({ config });
    on.event('raised', red);
    on.event('raised', alarmOf('b2'));
    const ids = on.sent.filter(({ device }) => device === 'siren').map(({ payload }) => payload.id);
    on.at(15);
    expect(on.reports).toEqual(['10 actuator:siren active actuator-overdue']);
    on.done('siren', ids[0] ?? '');
    on.at(16);
    expect(on.reports).toHaveLength(1);
    on.done('siren', ids[1] ?? '');
    on.at(17);
    expect(on.reports).toHaveLength(2);
  });
});

describe('a restart', () => {
  test('repeats what was not confirmed under its id, and says that it does', () => {
    const first = stage({ config });
    first.event('raised', red);
    first.done('sign', idOf(first.sent, 'show'));
    first.at(3);
    const on = stage({ config, atSeconds: 4, kept: first.kill() });
    // Not at once: actuators have to connect first.
    on.at(6.499);
    expect(on.sent).toEqual([]);
    on.at(60);
    expect(story(on.sent)).toEqual(['6.5 siren sound#3', '9 siren sound#4']);
    expect(on.sent[0]?.payload).toMatchObject({ id: idOf(first.sent, 'sound'), afterRestart: true });
    expect(on.reports).toEqual(['10 actuator:siren active actuator-overdue']);
    expect(on.decided()).toContain('4 command-resumed command-resumed');
  });

  test('after a night sends it once, and waits for it', () => {
    const first = stage({ config });
    first.event('raised', red);
    const on = stage({ config, atSeconds: 30_000, kept: first.kill() });
    on.at(30_004.999);
    expect(story(on.sent)).toEqual(['30002.5 siren sound#2']);
    on.at(30_005);
    expect(on.reports).toEqual(['30005 actuator:siren active actuator-overdue']);
  });

  test('raises no second alarm of what was overdue, and ends it when it is confirmed', () => {
    const first = stage({ config });
    first.event('raised', red);
    first.at(15);
    const kept = first.kill();
    const on = stage({ config, atSeconds: 20, kept });
    on.at(24);
    on.done('sign', idOf(first.sent, 'show'));
    expect(on.reports).toEqual([]);
    on.done('siren', idOf(first.sent, 'sound'));
    on.at(25);
    expect(on.reports).toEqual(['24.001 actuator:siren normal actuator-settled']);
  });

  test('raises the alarm that was on its way, and ends one of which nothing is owed any more', () => {
    const first = stage({ config });
    first.event('raised', red);
    first.at(15);
    const kept = first.kill();
    const lost = stage({ config, atSeconds: 20, kept: { ...kept, open: [red] } });
    lost.at(20.001);
    expect(lost.reports).toEqual(['20 actuator:siren active actuator-overdue']);
    const free = stage({ config, atSeconds: 20, kept: { ...kept, orders: new Map() } });
    free.at(20.001);
    expect(free.reports).toEqual(['20 actuator:siren normal actuator-settled']);
  });

  test('in the moment of the raise gives the command the id that it had', () => {
    const first = stage({ config });
    first.event('raised', red);
    const again = stage({ config, atSeconds: 60, kept: { open: [red] } });
    again.at(62.5);
    expect(story(again.sent)).toEqual(['60 siren sound#1', '60 sign show#1', '62.5 siren sound#2']);
    again.sent.pop();
    expect(again.sent.map(({ payload }) => payload.id)).toEqual(first.sent.map(({ payload }) => payload.id));
  });

  test('forgets what is settled of alarms that are over', () => {
    const first = stage({ config });
    first.event('raised', red);
    for (const [device, what] of [
      ['siren', 'sound'],
      ['sign', 'show'],
    ] as const)
      first.done(device, idOf(first.sent, what));
    const on = stage({ config, atSeconds: 5, kept: { ...first.kill(), open: [] } });
    expect(on.kill().orders.size).toBe(0);
  });
});

test('more than there is room for goes the oldest first, and is counted', () => {
  const on = stage({ config: venue('devices: { sign: { profile: plug } }', PLAN.split('\n').slice(0, 2).join('\n')) });
  for (let index = 0; index < 1003; index += 1) on.event('raised', alarmOf(`b${index}`, { severity: 'yellow' }));
  expect(on.response.commandViews()).toHaveLength(1000);
  expect(on.response.counters()).toMatchObject({ commandsIssued: 1003, commandsDropped: 3 });
  on.event('cleared', cleared);
});
