import { describe, expect, test } from 'vitest';
import { wayOf } from '../../../gateway/notifiers/kinds/index.ts';
import { until } from '../../until.ts';
import { inTurn, says, scriptedServer } from '../influx/scripted-server.ts';
import { alarmOf, noticeOf, notifierOf, startChannel, tellingOf } from './channels.ts';
import { bodyOf, isSigned, readWebhook, SECRET, webhookSchema } from './fixture.ts';
import { ntfySchema, wecomSchema } from './vendors.ts';

const messageOf = (entry: Readonly<Record<string, unknown>>, telling = tellingOf(noticeOf(alarmOf('b1')))) => {
  const { headers, body } = wayOf(notifierOf(entry)).courier().message(telling);
  return { headers, json: JSON.parse(body) };
};

const LONG = '很长'.repeat(5000);

describe('webhook', () => {
  test('its signature holds for this body, secret and time, and for nothing else', async () => {
    const server = await scriptedServer(says(200, {}));
    const channel = startChannel(notifierOf({ kind: 'webhook', url: `${server.url}/in`, secret: SECRET }));
    channel.tell(noticeOf(alarmOf('b1')));
    await until(() => server.received.length === 1, 'the request');
    const request = server.received[0] ?? expect.fail();
    expect(readWebhook(request)).toMatchObject({ version: 1, event: 'raised', alarm: alarmOf('b1') });
    expect(isSigned(request, `${SECRET}!`, Date.now())).toBe(false);
    expect(isSigned({ ...request, lines: [bodyOf(request).replace('red', 'blue')] }, SECRET, Date.now())).toBe(false);
    expect(isSigned(request, SECRET, Date.now() + 600_000)).toBe(false);
  });
});

test('work that follows on an alarm is told as such, also when the alarm is over', () => {
  const what = { zh: '初报', en: 'report' };
  const followUp = { id: 'a~report', what, dueAt: '2026-05-01T12:00:00.000Z', state: 'overdue' } as const;
  const over = alarmOf('b1', { condition: 'cleared', human: 'acknowledged', acknowledgedBy: 'li' });
  const telling = tellingOf(
    noticeOf(over, { event: 'reminded', followUp, remark: { zh: '已超期', en: 'overdue: report' } }),
  );
  const { json } = messageOf(
    { kind: 'webhook', url: 'http://x', secret: SECRET },
    { ...telling, acknowledgeUrl: undefined },
  );
  expect(webhookSchema.parse(json)).toMatchObject({ event: 'reminded', followUp });
  const { title, message } = messageOf({ kind: 'ntfy', url: 'http://x', topic: 't' }, telling).json;
  expect(title).toMatch(/后续事项已超期（初报）.*Overdue \(report\)/);
  expect(message).toContain('overdue: report');
});

describe('wecom', () => {
  const entry = { kind: 'wecom', key: '693a91f6-7aoc-4bc4-97a0-0ec2sifa5aaa' };

  test.each(['markdown', 'text'])('%s keeps to its documented form, however long the texts are', (message) => {
    for (const zh of ['按下了 SOS', LONG]) {
      const alarm = alarmOf('b1', { reason: { code: 'sos', zh, en: zh } });
      const { json } = messageOf({ ...entry, message, mention: ['li'] }, tellingOf(noticeOf(alarm)));
      expect(() => wecomSchema.parse(json)).not.toThrow();
      expect(JSON.stringify(json)).toContain('https://10.0.0.5:8080/acknowledge/token');
      expect(JSON.stringify(json)).not.toContain('\uFFFD');
    }
  });

  test('names are no markup, and nobody is mentioned once it is acknowledged', () => {
    const telling = tellingOf(noticeOf(alarmOf('b1')), { subject: { zh: '<@all>[x](http://y)', en: '<@all>' } });
    const { json } = messageOf({ ...entry, mention: ['li'] }, telling);
    expect(json.markdown.content).not.toContain('<@all>');
    expect(json.markdown.content).toContain('<@li>');
    const calm = tellingOf(noticeOf(alarmOf('b1', { human: 'acknowledged', acknowledgedBy: 'li' })), {
      acknowledgeUrl: undefined,
    });
    expect(messageOf({ ...entry, mention: ['li'] }, calm).json.markdown.content).not.toContain('<@');
  });

  test('what its body says counts, not its status; the key is in the address and in no log', async () => {
    const server = await scriptedServer(
      inTurn(
        says(200, { errcode: 93_000, errmsg: `invalid webhook url ${entry.key}` }),
        says(200, { errcode: -1, errmsg: 'system busy' }),
        says(200, { errcode: 0, errmsg: 'ok' }),
      ),
    );
    const channel = startChannel(notifierOf({ ...entry, url: `${server.url}/cgi-bin/webhook/send` }));
    channel.tell(noticeOf(alarmOf('b1')));
    await until(() => channel.attempts.length === 3, 'three attempts');
    expect(channel.attempts).toMatchObject([
      { outcome: 'failed', code: 'unauthorized', reason: '93000 invalid webhook url ***' },
      { outcome: 'failed', code: 'busy' },
      { outcome: 'delivered' },
    ]);
    expect(server.received[0]?.path).toBe(`/cgi-bin/webhook/send?key=${entry.key}`);
    expect(channel.told.join('')).not.toContain(entry.key);
  });
});

describe('whom the plan names', () => {
  const [li, wang] = [
    { id: 'li', name: '李伟', roles: ['guard'], address: 'LiWei' },
    { id: 'wang', name: '王芳', roles: ['manager'] },
  ];
  const told = tellingOf(
    noticeOf(alarmOf('b1'), {
      recipients: [li, wang],
      step: 2,
      level: 'police-and-evacuation',
      remark: { zh: '安保此时无人值班', en: 'nobody of guard is on duty' },
    }),
  );
  test('is mentioned in a WeCom group by user id, beside those of the configuration', () => {
    const { json } = messageOf({ kind: 'wecom', key: 'k', message: 'text', mention: ['boss'] }, told);
    expect(json.text.mentioned_list).toEqual(['boss', 'LiWei']);
    expect(json.text.content).toMatch(/升级到第 2 级.*安保此时无人值班.*响应级别：报警并疏散/s);
  });
  test('is told on a topic of their own, else on that of the group', () => {
    const entry = { kind: 'ntfy', url: 'http://127.0.0.1', topic: 'guards' };
    const own = tellingOf(noticeOf(alarmOf('b1'), { recipients: [li], address: 'topic-li' }));
    expect([messageOf(entry, own).json.topic, messageOf(entry, told).json.topic]).toEqual(['topic-li', 'guards']);
  });
  test('stands in the body of a webhook and the annotations of an alert', () => {
    const { json } = messageOf({ kind: 'webhook', url: 'http://x', secret: SECRET }, told);
    expect(json).toMatchObject({ recipients: [li, wang], step: 2, level: 'police-and-evacuation' });
    const [alert] = messageOf({ kind: 'alertmanager', url: 'http://x' }, told).json;
    expect(alert.annotations).toMatchObject({ recipients: '李伟, 王芳', remark: 'nobody of guard is on duty' });
  });
});

describe('ntfy', () => {
  const entry = { kind: 'ntfy', url: 'http://127.0.0.1', topic: 'guards', token: 'tk_0123456789' };

  test('priority, tags and an action that acknowledges; calm when it is over', () => {
    const { headers, json } = messageOf(entry);
    expect(ntfySchema.parse(json)).toMatchObject({
      topic: 'guards',
      priority: 5,
      tags: ['rotating_light', 'red', 'sos', 'raised'],
      actions: [{ action: 'http', method: 'POST', url: 'https://10.0.0.5:8080/acknowledge/token', clear: true }],
    });
    expect(headers.authorization).toBe('Bearer tk_0123456789');
    const over = tellingOf(noticeOf(alarmOf('b1', { condition: 'cleared' }), { event: 'cleared' }), {
      acknowledgeUrl: undefined,
    });
    const calm = ntfySchema.parse(messageOf(entry, over).json);
    expect(calm.priority).toBe(3);
    expect(calm.actions).toBeUndefined();
  });

  test('long texts are cut to what is a message and not an attachment', () => {
    const alarm = alarmOf('b1', { guidance: { zh: LONG, en: LONG } });
    expect(() => ntfySchema.parse(messageOf(entry, tellingOf(noticeOf(alarm))).json)).not.toThrow();
  });
});

describe('languages', () => {
  test.each([
    ['zh', '【红色·特别重大】报警：b1', 'Alarm'],
    ['en', '[Red, critical] Alarm: b1', '报警'],
  ])('%s alone, where asked for', (language, title, other) => {
    const { json } = messageOf({ kind: 'ntfy', url: 'http://x', topic: 't', language });
    expect(json.title).toBe(title);
    expect(json.title + json.message).not.toContain(other);
  });

  test('a repeat says that nobody has acknowledged', () => {
    const telling = tellingOf(noticeOf(alarmOf('b1'), { event: 'repeated', repeat: 2 }));
    const { json } = messageOf({ kind: 'ntfy', url: 'http://x', topic: 't' }, telling);
    expect(json.title).toContain('第 2 次提醒，尚无人接警');
    expect(json.title).toContain('Reminder 2, nobody has acknowledged');
  });
});
