import { describe, expect, test } from 'vitest';
import { lintVenue } from '../../../gateway/config/lints/index.ts';
import { configOf, linesOf, problemsOf } from './fixture.ts';

const one = (entry: string): string => `notifiers: [ { id: n, ${entry} } ]`;

const HOOK = 'kind: webhook, url: "https://10.0.0.9/alarms"';

describe('the notifiers of venue.yaml', () => {
  test('have defaults', () => {
    expect(configOf(one(`${HOOK}, secretFile: /etc/s`)).notifiers).toEqual([
      {
        kind: 'webhook',
        id: 'n',
        url: 'https://10.0.0.9/alarms',
        secretFile: '/etc/s',
        timeoutSeconds: 10,
        language: 'both',
        acknowledge: { links: true, validMinutes: 720 },
      },
    ]);
    expect(configOf(one('kind: wecom, keyFile: /etc/k')).notifiers).toMatchObject([
      { url: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send', message: 'markdown', mention: [] },
    ]);
    expect(configOf(one('kind: alertmanager, url: "http://x:9093"')).notifiers).toMatchObject([{ resendSeconds: 60 }]);
  });

  test.each([
    [HOOK, 'secretFile: missing; expected one of the two'],
    [`${HOOK}, secret: s, secretFile: /etc/s`, 'secret: not a valid value: ***; expected either the file'],
    [`${HOOK}, secretFile: /etc/s, timeoutSeconds: 600`, 'timeoutSeconds: out of range: 600; expected 1 to 60'],
    [`${HOOK}, secretFile: /etc/s, acknowledge: { link: true }`, 'did you mean "links"?'],
    ['kind: wecom', 'keyFile: missing; expected one of the two'],
    [
      'kind: wecom, keyFile: /etc/k, message: html',
      'message: not a valid value: "html"; expected one of markdown, text',
    ],
    ['kind: ntfy, url: "https://x"', 'topic: missing'],
    [
      'kind: ntfy, url: "https://x", topic: "a/b"',
      'topic: not a valid value: "a/b"; expected letters, digits, _ and -',
    ],
    ['kind: alertmanager, url: "http://x", password: p', 'username: missing; expected a username'],
    ['kind: sms', 'kind sms is not available in this version; available: webhook, wecom, ntfy, alertmanager'],
  ])('%s', (entry, message) => {
    const lines = linesOf(one(entry));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(message);
  });

  test('a key within the address of a WeCom robot is refused, and not shown', () => {
    const problems = problemsOf(one('kind: wecom, keyFile: /etc/k, url: "https://x/send?key=hunter2"'));
    expect(problems).toMatchObject([{ path: 'notifiers[0].url' }]);
  });

  test('lints: a secret in plain text, a notifier that nobody names, links without an address', () => {
    const found = (...lines: string[]) =>
      lintVenue(configOf(...lines)).map(({ code, path }) => `${code} ${path.join('.')}`);
    expect(found(one('kind: wecom, key: hunter2'))).toEqual([
      'notifier-unused notifiers.0',
      'no-link-address http',
      'plain-secret notifiers.0.key',
    ]);
    const plan = 'plan: { red: { notify: [guard], channels: [n] } }';
    expect(found(one('kind: wecom, keyFile: /etc/k'), plan, 'http: { url: "https://10.0.0.5:8080" }')).toEqual([]);
  });
});
