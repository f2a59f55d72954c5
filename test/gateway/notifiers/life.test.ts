import { expect, test } from 'vitest';
import { until } from '../../until.ts';
import { ask } from '../api/ask.ts';
import { hasAlertmanager, startAlertmanager } from './alertmanager.ts';
import { cancel, press, run, SECRET, venueOf } from './fixture.ts';
import { ntfyServer, webhookServer, wecomServer } from './vendors.ts';

const KEY = '693a91f6-7aoc-4bc4-97a0-0ec2sifa5aaa';
const TOKEN = 'tk_0123456789';

/** The words that each event is told in, in order of what one looks for first. */
const WORDS: readonly (readonly [event: string, words: string])[] = [
  ['repeated', '次提醒，尚无人接警'],
  ['acknowledged', '】已接警：'],
  ['cleared', '】已恢复正常：'],
  ['raised', '】报警：'],
];

const eventIn = (text: string): string => WORDS.find(([, words]) => text.includes(words))?.[0] ?? text;

/** raised, repeated once or more, acknowledged, cleared. */
const expectLife = (events: readonly string[]): void => {
  const repeats = events.filter((event) => event === 'repeated').length;
  expect(repeats).toBeGreaterThan(0);
  expect(events).toEqual(['raised', ...Array<string>(repeats).fill('repeated'), 'acknowledged', 'cleared']);
};

test.skipIf(!hasAlertmanager)(
  'an alarm’s whole life, in order, at every vendor’s server: none has anything to object to',
  { timeout: 60_000 },
  async () => {
    const [hook, robot, phone, alertmanager] = await Promise.all([
      webhookServer(),
      wecomServer(KEY),
      ntfyServer(TOKEN),
      startAlertmanager(),
    ]);
    const notifiers = [
      { kind: 'webhook', id: 'hook', url: hook.url, secret: SECRET },
      { kind: 'wecom', id: 'robot', url: `${robot.url}/cgi-bin/webhook/send`, key: KEY, mention: ['li'] },
      { kind: 'ntfy', id: 'phone', url: phone.url, topic: 'guards', token: TOKEN },
      { kind: 'alertmanager', id: 'am', url: alertmanager.url, resendSeconds: 5 },
    ];
    const { app, badge } = await run(venueOf(notifiers, { repeatSeconds: 1 }));
    await press(badge, 'b1', 1);
    const [raised] = await alertmanager.holds((alerts) => alerts.length === 1);
    expect(raised?.annotations.human).toBe('unacknowledged');
    const told = [() => hook.taken.length, () => robot.taken.length, () => phone.taken.length];
    await until(() => told.every((count) => count() >= 2), 'raised and told again', 15_000);

    // The button of the message, as the phone presses it.
    const url = phone.taken[0]?.actions?.[0]?.url ?? expect.fail();
    expect((await ask(app.http.port, new URL(url).pathname, { method: 'POST' })).status).toBe(200);
    await alertmanager.holds(([alert]) => alert?.annotations.acknowledged_by === 'guard (phone)');
    await cancel(badge, 'b1');
    await alertmanager.holds((alerts) => alerts.length === 0);
    await until(() => hook.taken.at(-1)?.event === 'closed', 'the webhook hears the end');
    await until(() => phone.taken.at(-1)?.tags.includes('cleared') === true, 'the phone does');
    await until(() => robot.taken.at(-1)?.includes('已恢复正常') === true, 'the group does');

    expectLife(hook.taken.map(({ event }) => event).slice(0, -1));
    expectLife(robot.taken.map(eventIn));
    expectLife(phone.taken.map(({ title }) => eventIn(title)));
    expectLife(phone.taken.map(({ tags }) => tags.at(-1) ?? ''));
    expect([hook, robot, phone].map(({ refused }) => refused)).toEqual([[], [], []]);
    // Nobody is called once somebody is on it.
    const calls = robot.taken.map((content) => [content.includes('<@li>'), content.includes('/acknowledge/')]);
    expect(calls.map(([call, link]) => call && link)).toEqual(robot.taken.map((_, at) => at < robot.taken.length - 2));
    expect(phone.taken.at(-1)?.actions).toBeUndefined();
  },
);
