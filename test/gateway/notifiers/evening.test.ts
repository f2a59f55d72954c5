import { describe, expect, test } from 'vitest';
import { TROUBLES } from '../../../gateway/notifiers/troubles.ts';
import { until } from '../../until.ts';
import { ask } from '../api/ask.ts';
import { getJson } from '../fixture.ts';
import { HANGS, inTurn, NO_CONTENT, says, scriptedServer } from '../influx/scripted-server.ts';
import { openTestStore, temporaryDirectory } from '../store/fixture.ts';
import { bodyOf, cancel, press, readWebhook, run, SECRET, venueOf } from './fixture.ts';

const hook = (url: string, rest: object = {}) => ({ kind: 'webhook', id: 'hook', url, secret: SECRET, ...rest });

describe('an alarm’s life, as a program hears of it', () => {
  test('raised, told again, acknowledged by link, cleared: in order, signed, each with a key of its own', async () => {
    const server = await scriptedServer(NO_CONTENT);
    const { app, badge } = await run(venueOf([hook(server.url)], { repeatSeconds: 1 }));
    await press(badge, 'b1', 1);
    await until(() => server.received.length >= 2, 'raised, and told again');
    const { acknowledgeUrl = '' } = readWebhook(server.received[0] ?? expect.fail());
    const path = new URL(acknowledgeUrl).pathname;
    expect((await ask(app.http.port, path, { method: 'POST' })).status).toBe(200);
    expect(app.hotPath.openAlarms()).toMatchObject([{ human: 'acknowledged', acknowledgedBy: 'guard (hook)' }]);
    await cancel(badge, 'b1');
    await until(() => server.received.some((each) => bodyOf(each).includes('"event":"closed"')), 'closed');

    const bodies = server.received.map(readWebhook);
    const repeats = bodies.filter(({ repeat }) => repeat !== undefined);
    expect(repeats.map(({ repeat }) => repeat)).toEqual(repeats.map((_, index) => index + 1));
    expect(bodies.map(({ event }) => event)).toEqual([
      'raised',
      ...repeats.map(() => 'repeated'),
      'acknowledged',
      'cleared',
      'closed',
    ]);
    expect(new Set(bodies.map(({ key }) => key)).size).toBe(bodies.length);
    expect(bodies.at(-3)).toMatchObject({ by: 'guard (hook)', alarm: { acknowledgedBy: 'guard (hook)' } });
    expect(bodies.at(-1)?.acknowledgeUrl).toBeUndefined();
  });
});

describe('a channel in trouble', () => {
  test('that hangs keeps nobody else waiting: the others’ p99 stays under 500 ms', { timeout: 60_000 }, async () => {
    const stuck = await scriptedServer(HANGS);
    const quick = await scriptedServer(NO_CONTENT);
    const arrivedMs: number[] = [];
    const timed = await scriptedServer((request, response, number) => {
      arrivedMs.push(Date.now() - Date.parse(readWebhook({ ...request }).at));
      NO_CONTENT(request, response, number);
    });
    const badges = 100;
    const venue = venueOf(
      [hook(stuck.url, { id: 'stuck' }), hook(quick.url, { id: 'quick' }), hook(timed.url, { id: 'timed' })],
      { badges },
    );
    const { app, badge } = await run(venue, temporaryDirectory());
    for (let index = 1; index <= badges; index += 1) await press(badge, `b${index}`, 1);
    await until(() => arrivedMs.length === badges && quick.received.length === badges, 'both are told', 30_000);
    arrivedMs.sort((a, b) => a - b);
    expect(arrivedMs[Math.floor(badges * 0.99) - 1]).toBeLessThan(500);
    expect(app.health().levels).toMatchObject({ notifier_stuck: { waiting: badges }, notifier_quick: { waiting: 0 } });
    const page = (await ask(app.http.port, '/metrics')).text;
    expect(page).toContain(`muster_alarm_to_delivered_seconds_count{notifier="timed"} ${badges}`);
    expect(page).toContain('muster_alarm_to_delivered_seconds_count{notifier="stuck"} 0');
  });

  test('is told what it missed, in order, with the keys of the first attempts', async () => {
    const server = await scriptedServer(inTurn(says(500, {}), says(503, {}, { 'retry-after': '1' }), NO_CONTENT));
    const { badge, told } = await run(venueOf([hook(server.url)]));
    await press(badge, 'b1', 1);
    await press(badge, 'b1', 2);
    await until(() => server.received.length >= 4, 'delivered', 10_000);
    const bodies = server.received.map(readWebhook);
    expect(bodies.map(({ event }) => event)).toEqual(['raised', 'raised', 'raised', 'repeated']);
    expect(new Set(bodies.map(({ key }) => key)).size).toBe(2);
    expect(told.join('')).not.toContain(SECRET);
  });
});

describe('what is kept', () => {
  test('every attempt, with its outcome; nothing is left to do once all is delivered', async () => {
    const directory = temporaryDirectory();
    const server = await scriptedServer(inTurn(says(500, { error: 'not today' }), NO_CONTENT));
    const first = await run(venueOf([hook(server.url)]), directory);
    await press(first.badge, 'b1', 1);
    await until(() => server.received.length === 2, 'delivered');
    const [alarm] = first.app.hotPath.openAlarms();
    await until(() => first.app.health().counters.notifier_hook?.delivered === 1, 'it is written down');
    // Acknowledged to its sender when all that came before it is kept.
    await first.badge.publishAsync('muster/hall/up/b1', '[{"n":"battery","v":50}]', { qos: 1 });
    const listed = await getJson(first.app, `/api/v1/alarms/${alarm?.id}/attempts`);
    expect(listed.items).toMatchObject([
      { notifier: 'hook', outcome: 'failed', code: 'server-error', zh: TROUBLES['server-error'].zh },
      { notifier: 'hook', outcome: 'delivered' },
    ]);
    await first.app.stop();
    const store = await openTestStore(directory);
    const { attempts } = await store.attempts({ alarm: alarm?.id });
    expect(attempts).toMatchObject([
      { attempt: 1, outcome: 'failed', code: 'server-error', event: 'raised', channel: 'hook' },
      { attempt: 2, outcome: 'delivered' },
    ]);
    expect(attempts[0]?.key).toBe(attempts[1]?.key);
    expect(await store.outboxKept()).toMatchObject({ notices: [], told: [{ alarm: alarm?.id, severity: 'red' }] });
  });

  test('what an earlier run could not deliver, under the same key; a link works after the restart, once', async () => {
    const directory = temporaryDirectory();
    const stuck = await scriptedServer(HANGS);
    const first = await run(venueOf([hook(stuck.url)]), directory);
    await press(first.badge, 'b1', 1);
    await until(() => stuck.received.length === 1, 'the attempt');
    await first.app.stop();
    const before = readWebhook(stuck.received[0] ?? expect.fail());

    const server = await scriptedServer(NO_CONTENT);
    const second = await run(venueOf([hook(server.url)]), directory);
    await until(() => server.received.length === 1, 'delivered');
    const after = readWebhook(server.received[0] ?? expect.fail());
    expect(after).toEqual(before);
    const path = new URL(after.acknowledgeUrl ?? '').pathname;
    expect((await ask(second.app.http.port, path, { method: 'POST' })).status).toBe(200);
    await until(() => server.received.length === 2, 'acknowledged');
    await press(second.badge, 'b1', 2);
    await until(() => server.received.length === 3, 'pressed again');
    await second.app.stop();

    const third = await run(venueOf([hook(server.url)]), directory);
    expect((await ask(third.app.http.port, path, { method: 'POST' })).json()).toMatchObject({ code: 'link-used' });
    expect(third.app.hotPath.openAlarms()).toMatchObject([{ human: 'unacknowledged' }]);
    expect(server.received).toHaveLength(3);
  });
});
