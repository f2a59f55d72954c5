import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type { Access, AlarmHistory } from '../../../gateway/api/ports.ts';
import { alarmSchema } from '../../../gateway/api/schemas/alarms.ts';
import { listOf } from '../../../gateway/api/schemas/common.ts';
import { problemIn } from './ask.ts';
import { type Stage, stage } from './stage.ts';

const VENUE = `
devices: { t1: { profile: climate }, t2: { profile: climate }, t3: { profile: climate } }
rules: [{ id: heat, kind: threshold, metric: temperatureCelsius, above: { orange: 50, red: 60 } }]
`;

const JSON_TYPE = { 'content-type': 'application/json' } as const;

const heat = ({ send }: Stage, device: string, celsius: number): void =>
  send(`muster/hall/up/${device}`, [{ n: 'temperature', v: celsius }]);

const list = listOf(alarmSchema.strict()).strict();
type List = z.output<typeof list>;

const alarms = async ({ ask }: Stage, query = ''): Promise<List> =>
  list.parse((await ask(`/api/v1/alarms${query}`)).json());

const subjects = ({ items }: List): string[] => items.map(({ subject }) => subject);

/** Pages through a list. */
const allPages = async (on: Stage, query: string): Promise<List[]> => {
  const pages = [await alarms(on, query)];
  for (let next = pages[0]?.next; next !== undefined; next = pages.at(-1)?.next) {
    pages.push(await alarms(on, `${query}&cursor=${next}`));
  }
  return pages;
};

describe('alarms', () => {
  test('open ones are listed newest first, as they are on MQTT', async () => {
    const on = await stage(VENUE);
    heat(on, 't1', 55);
    on.pass(1);
    heat(on, 't2', 65);
    const { items } = await alarms(on);
    expect(items).toMatchObject([
      {
        subject: 't2',
        severity: 'red',
        condition: 'active',
        human: 'unacknowledged',
        value: 65,
        unit: '°C',
        limit: 60,
      },
      { subject: 't1', severity: 'orange' },
    ]);
    expect(items).toEqual([...on.hotPath.openAlarms()].reverse());
  });

  test('come in pages that shift when none of theirs does', async () => {
    const on = await stage(VENUE);
    for (const device of ['t1', 't2', 't3']) {
      heat(on, device, 55);
      on.pass(1);
    }
    const first = await alarms(on, '?limit=2');
    expect(subjects(first)).toEqual(['t3', 't2']);
    heat(on, 't3', 20);
    expect(subjects(await alarms(on, `?limit=2&cursor=${first.next}`))).toEqual(['t1']);
  });

  test('with state=all those that are over come after the open ones, the last one closed first', async () => {
    const on = await stage(VENUE);
    for (const device of ['t1', 't2', 't3']) heat(on, device, 55);
    heat(on, 't2', 20);
    heat(on, 't1', 20);
    expect(subjects(await alarms(on))).toEqual(['t3']);
    expect(subjects(await alarms(on, '?state=all'))).toEqual(['t3', 't1', 't2']);
    const pages = await allPages(on, '?state=all&limit=1');
    expect(pages.flatMap(subjects)).toEqual(['t3', 't1', 't2']);
    expect(pages[1]?.items[0]?.condition).toBe('cleared');
  });

  test('past ones come from the store where there is one', async () => {
    const asked: unknown[] = [];
    const on = await stage(VENUE);
    heat(on, 't1', 55);
    const [past] = on.hotPath.openAlarms();
    if (past === undefined) throw new Error('no alarm');
    const history: AlarmHistory = {
      closed: async (limit, before) => {
        asked.push([limit, before]);
        return before === undefined ? { items: [past], next: '41' } : { items: [past] };
      },
    };
    const kept = await stage(VENUE, { past: history });
    heat(kept, 't2', 55);
    const first = await alarms(kept, '?state=all&limit=2');
    expect(subjects(first)).toEqual(['t2', 't1']);
    expect(subjects(await alarms(kept, `?state=all&limit=2&cursor=${first.next}`))).toEqual(['t1']);
    expect(asked).toEqual([
      [1, undefined],
      [2, '41'],
    ]);
  });

  test('a store that fails is said to, and logged; open alarms do not need it', async () => {
    const on = await stage(VENUE, { past: { closed: () => Promise.reject(new Error('disk gone')) } });
    expect(problemIn(await on.ask('/api/v1/alarms?state=all')).code).toBe('store-failed');
    expect(on.errors).toHaveLength(1);
    expect((await on.ask('/api/v1/alarms')).status).toBe(200);
  });

  test('a store that never answers is not waited for', async () => {
    const on = await stage(VENUE, { past: { closed: () => new Promise(() => undefined) } });
    const asking = on.ask('/api/v1/alarms?state=all');
    await on.ask('/healthz');
    on.timers.advance(10_000);
    expect(problemIn(await asking).code).toBe('store-failed');
  });
});

describe('cancelling a pre-alarm', () => {
  const access: Access = { identify: () => ({ name: 'wang', role: 'guard' }) };
  const WEARER = `badges: { b1: { role: guard } }\nrules: [{ id: down, kind: man-down, confirmSeconds: 0 }, { id: sos, kind: sos }]\n`;
  const down = (on: Stage): void => {
    const lying = ['x', 'y', 'z'].map((axis) => ({ n: `acceleration/${axis}`, u: 'm/s2', v: axis === 'x' ? 9.8 : 0 }));
    for (let t = 0; t < 11; t += 1) {
      on.send('muster/hall/up/b1', lying);
      on.pass(1);
    }
  };
  const cancel = ({ ask }: Stage, rule: string) =>
    ask('/api/v1/pre-alarms/cancel', {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify({ rule, subject: 'b1' }),
    });

  test('is in the name of whoever asks, for that rule alone, and once', async () => {
    const on = await stage(WEARER, { access });
    on.send('muster/hall/up/b1', [{ n: 'sos', vb: true }]);
    down(on);
    const answer = await cancel(on, 'down');
    expect(answer.json()).toEqual({ rule: 'down', subject: 'b1', by: 'wang' });
    on.pass(60);
    expect(on.hotPath.openAlarms()).toMatchObject([{ kind: 'sos', condition: 'active' }]);
    expect(problemIn(await cancel(on, 'down')).code).toBe('pre-alarm-not-running');
  });

  test('of nothing that runs is refused', async () => {
    const on = await stage(WEARER, { access });
    expect(problemIn(await cancel(on, 'down')).code).toBe('pre-alarm-not-running');
    expect(problemIn(await cancel(on, 'nothing')).code).toBe('pre-alarm-not-running');
  });

  test('takes the role guard', async () => {
    const on = await stage(WEARER, { access: { identify: () => ({ name: 'li', role: 'viewer' }) } });
    down(on);
    expect((await cancel(on, 'down')).status).toBe(403);
    on.pass(60);
    expect(on.hotPath.openAlarms()).toHaveLength(1);
  });
});

describe('acknowledging', () => {
  const access: Access = { identify: () => ({ name: 'wang', role: 'guard' }) };

  test('is in the name of whoever asks, never of what the body says', async () => {
    const on = await stage(VENUE, { access });
    const comments: unknown[] = [];
    on.hotPath.events.listen((event) => 'comment' in event && comments.push([event.by, event.comment]));
    heat(on, 't1', 65);
    const [alarm] = on.hotPath.openAlarms();
    const body = JSON.stringify({ comment: '在路上' });
    const answer = await on.ask(`/api/v1/alarms/${alarm?.id}/ack`, { method: 'POST', headers: JSON_TYPE, body });
    expect(answer.status).toBe(200);
    expect(alarmSchema.strict().parse(answer.json())).toMatchObject({ human: 'acknowledged', acknowledgedBy: 'wang' });
    expect(comments).toEqual([['wang', '在路上']]);
    const lying = JSON.stringify({ acknowledgedBy: 'li' });
    const refused = await on.ask(`/api/v1/alarms/${alarm?.id}/ack`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: lying,
    });
    expect(problemIn(refused).errors).toEqual([{ where: 'body.acknowledgedBy', expected: 'nothing of this name' }]);
  });

  test('needs no body, and may be done twice: the first one counts', async () => {
    const on = await stage(VENUE);
    heat(on, 't1', 65);
    const [alarm] = on.hotPath.openAlarms();
    for (const headers of [{}, JSON_TYPE]) {
      const answer = await on.ask(`/api/v1/alarms/${alarm?.id}/ack`, { method: 'POST', headers });
      expect(answer.json()).toMatchObject({ acknowledgedBy: 'anonymous' });
    }
  });

  test('an id with everything in it that an id may have', async () => {
    const on = await stage('rules: [{ id: help, kind: sos }]');
    on.send(`zigbee2mqtt/${'ü&?%'.repeat(30)}`, { action: 'emergency' });
    const [alarm] = on.hotPath.openAlarms();
    expect(alarm?.id).toContain('ü&?%ü');
    const path = `/api/v1/alarms/${encodeURIComponent(alarm?.id ?? '')}/ack`;
    expect((await on.ask(path, { method: 'POST' })).json()).toMatchObject({ human: 'acknowledged' });
  });

  test('is answered only once it is kept, and says when it is not', async () => {
    const waiting: (() => void)[] = [];
    const on = await stage(VENUE, { commit: (done) => waiting.push(done) });
    heat(on, 't1', 65);
    heat(on, 't2', 65);
    const [first, second] = on.hotPath.openAlarms();
    let answered = false;
    const asking = on.ask(`/api/v1/alarms/${first?.id}/ack`, { method: 'POST' }).then((answer) => {
      answered = true;
      return answer;
    });
    const late = on.ask(`/api/v1/alarms/${second?.id}/ack`, { method: 'POST' });
    while (waiting.length < 2) await on.ask('/healthz');
    expect(answered).toBe(false);
    expect(on.hotPath.openAlarms()[0]?.human).toBe('acknowledged');
    waiting[0]?.();
    expect((await asking).status).toBe(200);
    on.timers.advance(10_000);
    expect(problemIn(await late).code).toBe('not-committed');
  });
});
