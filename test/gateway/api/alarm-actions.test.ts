import { describe, expect, test } from 'vitest';
import type { Access } from '../../../gateway/api/ports.ts';
import { alarmSchema, outOfServiceSchema } from '../../../gateway/api/schemas/alarms.ts';
import { listOf } from '../../../gateway/api/schemas/common.ts';
import { explanationSchema } from '../../../gateway/api/schemas/explain.ts';
import { EPOCH } from '../../rules/stage.ts';
import { problemIn } from './ask.ts';
import { type Stage, stage } from './stage.ts';

const VENUE = `
zones: { hall: { name: { zh: 大厅, en: Hall } } }
devices: { t1: { profile: climate, zone: hall } }
badges: { b1: { role: guard } }
rules:
  - { id: heat, kind: threshold, metric: temperatureCelsius, above: { orange: 50, red: 60 }, shelveMaxMinutes: 30 }
  - { id: help, kind: sos }
`;

const heat = ({ send }: Stage, celsius: number): void => send('muster/hall/up/t1', [{ n: 'temperature', v: celsius }]);

const post = async (on: Stage, path: string, body?: object, method = 'POST') =>
  on.ask(path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });

const hot = async (): Promise<{ readonly on: Stage; readonly id: string }> => {
  const on = await stage(VENUE);
  heat(on, 55);
  const [alarm] = on.hotPath.openAlarms();
  if (alarm === undefined) throw new Error('no alarm');
  return { on, id: alarm.id };
};

describe('what people do about alarms', () => {
  test('shelve for minutes, and take from the shelf', async () => {
    const { on, id } = await hot();
    const answer = await post(on, `/api/v1/alarms/${id}/shelve`, { minutes: 10, comment: 'door open' });
    expect(answer.status).toBe(200);
    const alarm = alarmSchema.strict().parse(answer.json());
    expect(alarm).toMatchObject({ human: 'shelved', comment: { text: 'door open' } });
    expect(Date.parse(alarm.shelved?.until ?? '')).toBe(EPOCH + 600_000);
    expect(alarmSchema.parse((await post(on, `/api/v1/alarms/${id}/unshelve`)).json()).human).toBe('unacknowledged');
  });

  test('a shelf ends by itself on the venue’s clock, and what acts is timed by it alone', async () => {
    const { on, id } = await hot();
    await post(on, `/api/v1/alarms/${id}/shelve`, { minutes: 1 });
    on.pass(59);
    expect(on.hotPath.openAlarms()[0]?.human).toBe('shelved');
    on.pass(1);
    expect(on.hotPath.openAlarms()[0]?.human).toBe('unacknowledged');
  });

  test.each([
    ['longer than its rule allows', 'shelve', { minutes: 31 }, 'longer than its rule'],
    ['not on the shelf', 'unshelve', undefined, 'not shelved'],
  ])('refused in words of both languages: %s', async (_, deed, body, words) => {
    const { on, id } = await hot();
    const problem = problemIn(await post(on, `/api/v1/alarms/${id}/${deed}`, body));
    expect(problem.status).toBe(409);
    expect(problem).toMatchObject({ code: 'action-refused', en: expect.stringContaining(words) });
    expect(problem.zh).toMatch(/^未执行：.+。$/);
  });

  test('a call for help is not put aside by anybody', async () => {
    const on = await stage(VENUE);
    on.send('muster/hall/up/b1', [{ n: 'sos', vb: true }]);
    const [call] = on.hotPath.openAlarms();
    for (const [path, body] of [
      [`/api/v1/alarms/${call?.id}/shelve`, { minutes: 1 }],
      ['/api/v1/out-of-service', { rule: 'help', why: 'test' }],
    ] as const) {
      const problem = problemIn(await post(on, path, body));
      expect([problem.status, problem.en]).toEqual([409, expect.stringContaining('never shelved')]);
    }
    expect(on.hotPath.openAlarms()[0]?.human).toBe('unacknowledged');
  });

  test('comment and assign; who does it is whoever is logged in', async () => {
    const { on, id } = await hot();
    await post(on, `/api/v1/alarms/${id}/comment`, { comment: 'looking' });
    const answer = await post(on, `/api/v1/alarms/${id}/assign`, { to: 'medic' });
    expect(alarmSchema.parse(answer.json())).toMatchObject({
      comment: { by: 'anonymous', text: 'looking' },
      assignedTo: 'medic',
      human: 'unacknowledged',
    });
    expect((await post(on, `/api/v1/alarms/${id}/comment`, { comment: 'x', by: 'boss' })).status).toBe(400);
    expect((await post(on, '/api/v1/alarms/none/comment', { comment: 'x' })).status).toBe(404);
  });

  test('out of service: on the list, by whom and why, until it is returned', async () => {
    const { on } = await hot();
    const removed = await post(on, '/api/v1/out-of-service', { rule: 'heat', why: 'sensor changed', minutes: 60 });
    expect(removed.status).toBe(200);
    const list = async () =>
      listOf(outOfServiceSchema).parse((await on.ask('/api/v1/out-of-service?limit=1000')).json()).items;
    expect(await list()).toMatchObject([{ rule: 'heat', by: 'anonymous', why: 'sensor changed' }]);
    expect(on.hotPath.openAlarms()[0]?.human).toBe('out-of-service');
    expect((await post(on, '/api/v1/out-of-service?rule=heat', undefined, 'DELETE')).status).toBe(200);
    expect(await list()).toEqual([]);
    expect(on.hotPath.openAlarms()[0]?.human).toBe('unacknowledged');
    expect((await post(on, '/api/v1/out-of-service?rule=heat', undefined, 'DELETE')).status).toBe(409);
    expect((await post(on, '/api/v1/out-of-service', { rule: 'no-such', why: 'x' })).status).toBe(409);
  });

  test('a guard acts on alarms and takes nothing out of service; a viewer does neither', async () => {
    const as = async (role: 'viewer' | 'guard') => {
      const access: Access = { identify: () => ({ name: 'li', role }) };
      const on = await stage(VENUE, { access });
      heat(on, 55);
      const id = on.hotPath.openAlarms()[0]?.id;
      return [
        (await post(on, `/api/v1/alarms/${id}/shelve`, { minutes: 1 })).status,
        (await post(on, '/api/v1/out-of-service', { rule: 'heat', why: 'x' })).status,
        (await on.ask('/api/v1/out-of-service')).status,
      ];
    };
    expect(await as('viewer')).toEqual([403, 403, 200]);
    expect(await as('guard')).toEqual([200, 403, 200]);
  });

  test('the stream tells of what is out of service', async () => {
    const { on } = await hot();
    const told: string[] = [];
    on.hotPath.events.listen((event) => told.push(event.type));
    await post(on, '/api/v1/out-of-service', { rule: 'heat', why: 'x' });
    expect(told).toEqual(['service-removed', 'out-of-service']);
  });
});

describe('why there is an alarm', () => {
  test('in words of both languages and as data: rule, parameters, state, what came in, what people did', async () => {
    const { on, id } = await hot();
    await post(on, `/api/v1/alarms/${id}/shelve`, { minutes: 10, comment: 'door open' });
    const answer = await on.ask(`/api/v1/alarms/${id}/explain`);
    expect(answer.status).toBe(200);
    const why = explanationSchema.parse(answer.json());
    expect(why).toMatchObject({
      alarm: { id, human: 'shelved' },
      at: new Date(EPOCH).toISOString(),
      rule: { id: 'heat', kind: 'threshold' },
      state: { after: { phase: 'active' } },
      input: { type: 'sample', device: 't1', metrics: { temperatureCelsius: 55 } },
    });
    const limit = why.rule.parameters.find(({ name }) => name === 'shelveMaxMinutes');
    expect(limit).toMatchObject({ value: 30, unit: 'min', zh: '报警最长可搁置的时间' });
    for (const part of [
      'rule heat (threshold) said of t1',
      'temperatureCelsius 55 °C',
      '→ active',
      '"orange":50',
      'shelved · anonymous · door open',
    ])
      expect(why.words.en).toContain(part);
    for (const part of ['规则 heat', '状态：', '→ 报警', '搁置 · anonymous']) expect(why.words.zh).toContain(part);
  });

  test('readings around it come from what is kept', async () => {
    const asked: unknown[] = [];
    const on = await stage(VENUE, {
      history: {
        query: async (query) => {
          asked.push(query);
          return { values: Float64Array.from([EPOCH - 1000, 49, EPOCH, 55]) };
        },
      },
    });
    heat(on, 55);
    const id = on.hotPath.openAlarms()[0]?.id;
    const why = explanationSchema.parse((await on.ask(`/api/v1/alarms/${id}/explain`)).json());
    expect(why.samples).toEqual([
      {
        device: 't1',
        channel: '',
        metric: 'temperatureCelsius',
        unit: '°C',
        points: [
          [EPOCH - 1000, 49],
          [EPOCH, 55],
        ],
      },
    ]);
    expect(asked).toMatchObject([{ device: 't1', channel: '', fromMs: EPOCH - 900_000, toMs: EPOCH + 60_000 }]);
  });

  test('also once it is over; of what never was, nothing', async () => {
    const { on, id } = await hot();
    heat(on, 20);
    const why = explanationSchema.parse((await on.ask(`/api/v1/alarms/${id}/explain`)).json());
    expect(why.words.en).toContain('back to normal');
    const problem = problemIn(await on.ask('/api/v1/alarms/none/explain'));
    expect([problem.status, problem.code]).toEqual([404, 'unknown-alarm']);
  });
});
