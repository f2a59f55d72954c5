import { describe, expect, test } from 'vitest';
import { isLocalAddress } from '../../../gateway/notifiers/acknowledge/lan.ts';
import { createLinks } from '../../../gateway/notifiers/acknowledge/links.ts';
import { signLink } from '../../../gateway/notifiers/acknowledge/token.ts';
import { until } from '../../until.ts';
import { type Answered, ask, problemIn } from '../api/ask.ts';
import { NO_CONTENT, scriptedServer } from '../influx/scripted-server.ts';
import { alarmOf } from './channels.ts';
import { press, type Running, readWebhook, run, SECRET, venueOf } from './fixture.ts';

const BROWSER = { accept: 'text/html,application/xhtml+xml', 'content-type': 'application/x-www-form-urlencoded' };

interface WithLink extends Running {
  readonly path: string;
  counted(outcome: string): number | undefined;
}

const withLink = async (acknowledge: object = {}): Promise<WithLink> => {
  const server = await scriptedServer(NO_CONTENT);
  const hook = { kind: 'webhook', id: 'hook', url: server.url, secret: SECRET, acknowledge };
  const running = await run(venueOf([hook]));
  await press(running.badge, 'b1', 1);
  await until(() => server.received.length === 1, 'the message');
  const { acknowledgeUrl = '' } = readWebhook(server.received[0] ?? expect.fail());
  expect(acknowledgeUrl).toMatch(/^http:\/\/127\.0\.0\.1:8080\/acknowledge\//);
  return {
    ...running,
    path: new URL(acknowledgeUrl).pathname,
    counted: (outcome) => running.app.health().counters.acknowledgeLinks?.[outcome],
  };
};

const post = ({ app, path }: WithLink, name?: string): Promise<Answered> =>
  ask(app.http.port, path, {
    method: 'POST',
    headers: BROWSER,
    body: name === undefined ? '' : `${new URLSearchParams({ name })}`,
  });

describe('a link to acknowledge', () => {
  test('shows the alarm to whoever looks, as often as they look, and acknowledges only by its button', async () => {
    const link = await withLink();
    for (let look = 0; look < 3; look += 1) {
      const page = await ask(link.app.http.port, link.path, { headers: BROWSER });
      expect(page.status).toBe(200);
      expect(page.text).toContain('<form method="post">');
      expect(page.headers['referrer-policy']).toBe('same-origin');
      expect(page.headers['content-security-policy']).toContain("form-action 'self'");
    }
    expect((await ask(link.app.http.port, link.path, { method: 'HEAD' })).status).toBe(200);
    expect(link.app.hotPath.openAlarms()).toMatchObject([{ human: 'unacknowledged' }]);
    const done = await post(link, '李娜');
    expect(done.status).toBe(200);
    expect(done.text).toContain('李娜');
    expect(link.app.hotPath.openAlarms()).toMatchObject([{ acknowledgedBy: '李娜 (hook)' }]);
    expect(link.counted('acknowledged')).toBe(1);
  });

  test('names whom the link names where nobody gives a name', async () => {
    const link = await withLink({ by: 'Night shift' });
    expect((await post(link)).text).toContain('Night shift (hook)');
  });

  test('works once: the second time it says so, in both languages, and changes nothing', async () => {
    const link = await withLink();
    expect((await post(link, 'first')).status).toBe(200);
    const again = await post(link, 'second');
    expect(again.status).toBe(409);
    expect(again.text).toContain('链接已使用过');
    expect(again.text).toContain('this link has been used');
    expect(link.app.hotPath.openAlarms()).toMatchObject([{ acknowledgedBy: 'first (hook)' }]);
    expect(link.counted('usedTwice')).toBe(1);
  });

  test('two at the same moment: one acknowledges', async () => {
    const link = await withLink();
    const answers = await Promise.all([post(link, 'a'), post(link, 'b')]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });

  test('forged, cut or of another gateway: refused, counted, and nothing else happens', async () => {
    const link = await withLink();
    const token = link.path.slice('/acknowledge/'.length);
    const [payload = '', signature = ''] = token.split('.');
    const [alarm] = link.app.hotPath.openAlarms();
    const others = {
      id: 'x',
      alarm: alarm?.id ?? '',
      severity: 'red' as const,
      channel: 'hook',
      by: 'me',
      untilMs: Date.now() + 1e9,
    };
    const changed = Buffer.from(Buffer.from(payload, 'base64url').toString().replace('guard', 'chief')).toString(
      'base64url',
    );
    const bad = [
      `${changed}.${signature}`,
      payload,
      `${payload}.`,
      'x',
      signLink(Buffer.alloc(32), others),
      `${token}.x`,
    ];
    for (const each of bad) {
      const answer = await ask(link.app.http.port, `/acknowledge/${each}`, { method: 'POST' });
      expect(problemIn(answer)).toMatchObject({ code: 'link-forged', status: 403 });
    }
    expect(link.counted('forged')).toBe(bad.length);
    expect(link.app.hotPath.openAlarms()).toMatchObject([{ human: 'unacknowledged' }]);
    expect((await post(link)).status).toBe(200);
  });

  test('of an alarm that somebody has acknowledged, or that is over, says which', async () => {
    const link = await withLink();
    const [alarm] = link.app.hotPath.openAlarms();
    link.app.hotPath.act({ type: 'acknowledge', alarm: alarm?.id ?? '', by: 'wang' });
    const page = await ask(link.app.http.port, link.path, { headers: BROWSER });
    expect([page.status, page.text.includes('somebody has acknowledged it already: wang')]).toEqual([409, true]);
    expect(link.counted('already')).toBe(0);
    expect((await post(link)).status).toBe(409);
    expect(link.counted('already')).toBe(1);
  });

  test('a page of another site cannot press the button, and markup is no name', async () => {
    const link = await withLink();
    const headers = { ...BROWSER, origin: 'https://evil.example' };
    const other = await ask(link.app.http.port, link.path, { method: 'POST', headers });
    expect(problemIn(other).code).toBe('wrong-origin');
    expect((await post(link, '<b>x</b>')).status).toBe(422);
    expect((await post(link, 'x'.repeat(10_000))).status).toBe(413);
    expect(link.app.hotPath.openAlarms()).toMatchObject([{ human: 'unacknowledged' }]);
  });
});

describe('links, without a network', () => {
  const key = Buffer.alloc(32, 1);
  const alarm = alarmOf('b1');
  const link = { id: 'n1', alarm: alarm.id, severity: 'red', channel: 'hook', by: 'guard', untilMs: 1000 } as const;
  const linksAt = (nowMs: number, used: ReadonlyMap<string, number> = new Map()) =>
    createLinks({
      key,
      used,
      hotPath: { openAlarms: () => [alarm], act: () => ({ ok: true, alarm, already: false }) },
      nowMs: () => nowMs,
      keep: () => undefined,
    });

  test('one that has expired, one of outside, one that was used before the start', () => {
    const token = signLink(key, link);
    expect(linksAt(999).use(token, '10.1.2.3', undefined)).toMatchObject({ ok: true, by: 'guard (hook)' });
    expect(linksAt(1000).use(token, '10.1.2.3', undefined)).toMatchObject({ refusal: 'link-expired' });
    expect(linksAt(0).use(token, '203.0.113.7', undefined)).toMatchObject({ refusal: 'link-outside' });
    expect(linksAt(0).use(token, undefined, undefined)).toMatchObject({ refusal: 'link-outside' });
    expect(linksAt(0, new Map([['n1', 1000]])).use(token, '::1', undefined)).toMatchObject({ refusal: 'link-used' });
    expect(linksAt(0).use(signLink(key, { ...link, alarm: 'gone' }), '::1', 'x')).toMatchObject({
      refusal: 'alarm-not-open',
    });
  });

  test('one of a message that said less than what it is now takes nothing on', () => {
    for (const severity of ['blue', 'yellow', 'orange'] as const)
      expect(linksAt(0).use(signLink(key, { ...link, severity }), '::1', 'x')).toMatchObject({
        refusal: 'link-outdated',
      });
    expect(linksAt(0).use(signLink(key, link), '::1', 'x')).toMatchObject({ ok: true });
  });

  test.each([
    ['127.0.0.1', true],
    ['::ffff:192.168.1.4', true],
    ['fe80::1%eth0', true],
    ['fd12::1', true],
    ['172.31.255.1', true],
    ['172.32.0.1', false],
    ['8.8.8.8', false],
    ['::ffff:8.8.8.8', false],
    ['2001:db8::1', false],
    ['', false],
  ])('%s is of the venue’s network: %s', (address, expected) => {
    expect(isLocalAddress(address)).toBe(expected);
  });
});
