import { describe, expect, test } from 'vitest';
import { alarmOf, stage, venue } from './stage.ts';

const PEOPLE = `people:
  li: { name: 李伟, roles: [guard] }
  wang: { name: 王芳, roles: [manager], addresses: { phones: topic-wang } }`;
const NOTIFIERS = `notifiers:
  - { kind: webhook, id: hook, url: "http://x", secret: xxxxxxxxxxxxxxxx }
  - { kind: ntfy, id: phones, url: "http://x", topic: guards }`;
const WORK = `
      - { id: response, withinSeconds: 1800, what: { zh: 到场, en: on the scene } }
      - { id: isolated, withinSeconds: 7200, remindBeforeSeconds: 600, what: { zh: 隔离, en: isolated } }
      - { id: report, withinSeconds: 86400, what: { zh: 初报, en: report } }`;
const PLAN = `plan:
  orange: { notify: [guard], channels: [hook], followUp: [ { id: response, withinSeconds: 3600, what: { zh: 到场, en: on the scene } } ] }
  red:
    notify: [guard]
    channels: [hook]
    repeatSeconds: 604800
    escalate: [ { afterSeconds: 604800, notify: [manager], channels: [phones] } ]
    followUp: ${WORK}`;
const config = venue(PEOPLE, NOTIFIERS, PLAN);
const red = alarmOf('b1');
const closed = { ...red, condition: 'cleared', human: 'acknowledged', acknowledgedBy: 'li' } as const;
const idOf = (item: string): string => `${red.id}~${item}`;
const doneBy = (item: string) =>
  ({ type: 'follow-up-done', followUp: idOf(item), by: 'li', comment: 'seen to' }) as const;

describe('work that follows', () => {
  test('is set with the alarm, each with its deadline, and lives on when the alarm is over', () => {
    const on = stage({ config });
    on.event('raised', red);
    on.event('closed', closed);
    expect(on.response.followUpViews()).toMatchObject([
      { id: idOf('response'), item: 'response', alarm: red.id, due: '2026-05-01T12:30:00.000Z', state: 'open' },
      { item: 'isolated', due: '2026-05-01T14:00:00.000Z', severity: 'red', subject: 'b1' },
      { item: 'report', due: '2026-05-02T12:00:00.000Z', since: '2026-05-01T12:00:00.000Z' },
    ]);
    expect(on.decided()).toEqual([
      '0 told told',
      ...Array(3).fill('0 follow-up-set follow-up-set'),
      '0 stopped closed',
    ]);
  });

  test('reminds before its time, says when it is over, and says it again, at its instants', () => {
    const on = stage({ config });
    on.event('raised', red);
    on.event('closed', closed);
    const told = (): readonly string[] => on.story.filter((line) => line.includes('reminded'));
    // A quarter of its time before: 7.5 min.
    on.at(1349.999);
    expect(told()).toEqual([]);
    on.at(1799.999);
    expect(told()).toEqual(['1350 hook reminded due-soon response → li']);
    on.at(2250);
    // Once it is over everybody of the ladder hears of it.
    expect(told().slice(1)).toEqual([
      '1800 hook reminded overdue response → li+wang',
      '1800 phones reminded overdue response → li',
      '1800 phones/topic-wang reminded overdue response → wang',
      '2250 hook reminded overdue response → li+wang',
      '2250 phones reminded overdue response → li',
      '2250 phones/topic-wang reminded overdue response → wang',
    ]);
    expect(on.notices.at(-1)?.alarm).toEqual(closed);
    expect(on.response.followUpViews()[0]).toMatchObject({ state: 'overdue' });
    expect(on.act(doneBy('response'))).toEqual({ ok: true });
    on.at(7000);
    expect(told().slice(7)).toEqual(['6600 hook reminded due-soon isolated → li']);
  });

  test('that is done says by whom, when and how, once', () => {
    const on = stage({ config });
    on.event('raised', red);
    on.at(60);
    expect(on.act(doneBy('response'))).toEqual({ ok: true });
    expect(on.act({ ...doneBy('response'), by: 'wang' })).toEqual({ ok: false, reason: 'already-done' });
    expect(on.act(doneBy('nothing'))).toEqual({ ok: false, reason: 'no-such-follow-up' });
    expect(on.response.followUpViews()[0]).toMatchObject({
      state: 'done',
      done: { by: 'li', at: '2026-05-01T12:01:00.000Z', comment: 'seen to' },
    });
    expect(on.decisions.at(-1)).toMatchObject({ type: 'follow-up-done', by: 'li', reason: { en: /seen to/ } });
    on.at(1800);
    expect(on.story.filter((line) => line.includes('reminded'))).toEqual([]);
  });

  test('is not muted by the shelf, nor does it say how far the alarm is', () => {
    const on = stage({ config });
    on.event('raised', red);
    on.event('shelved', { ...red, human: 'shelved' }, 'wang');
    on.at(1800);
    expect(on.story.filter((line) => line.includes('overdue'))).toHaveLength(3);
    const notice = on.notices.at(-1);
    expect(notice).toMatchObject({ event: 'reminded', followUp: { state: 'overdue', what: { en: 'on the scene' } } });
    expect(notice?.remark?.en).toBe('overdue: on the scene, by 2026-05-01 20:30');
    expect([...on.kill().told.keys()]).toEqual([`${red.id} hook`]);
  });

  test('of a graver alarm keeps the earlier deadline, and what was done stays done', () => {
    const on = stage({ config });
    const orange = { ...red, severity: 'orange' } as const;
    on.event('raised', orange);
    on.at(600);
    on.event('escalated', red);
    const dues = (): readonly string[] =>
      on.response.followUpViews().map(({ item, due }) => `${item} ${due.slice(11, 16)}`);
    expect(dues()).toEqual(['response 12:40', 'isolated 14:10', 'report 12:10']);
    on.act(doneBy('response'));
    on.at(700);
    on.event('repeated', red);
    expect(dues()).toEqual(['response 12:40', 'isolated 14:10', 'report 12:10']);
    on.at(3000);
    expect(on.story.filter((line) => line.includes('reminded'))).toEqual([]);
  });

  test('of which nobody is on duty is told to whoever has the role', () => {
    const off = 'roster: { shifts: [ { role: guard, days: [fri], from: "19:00", to: "20:10" } ] }';
    const on = stage({ config: venue(PEOPLE, NOTIFIERS, off, PLAN) });
    on.event('raised', red);
    on.at(1350);
    expect(on.story.at(-1)).toBe('1350 hook reminded due-soon response → li');
  });

  test('is said to be overdue so often, and stays in sight', () => {
    const on = stage({ config: venue(PEOPLE, NOTIFIERS, PLAN.replace(WORK, WORK.split('\n').slice(0, 2).join('\n'))) });
    on.event('raised', red);
    on.at(86_400);
    expect(on.story.filter((line) => line.includes('hook reminded overdue'))).toHaveLength(12);
    expect(on.response.followUpViews()).toMatchObject([{ state: 'overdue' }]);
  });

  test('more than there is room for: what is done goes first, then the oldest, counted', () => {
    const on = stage({ config });
    on.event('raised', red);
    on.act(doneBy('report'));
    for (let index = 0; index < 333; index += 1) on.event('raised', alarmOf(`c${index}`));
    const left = on.response.followUpViews();
    expect(left).toHaveLength(1000);
    expect(left.some(({ id }) => id === idOf('report'))).toBe(false);
    expect(left.some(({ id }) => id === idOf('response'))).toBe(false);
    expect(on.response.counters()).toMatchObject({ followUpsDropped: 1 });
    expect(on.kill().followUps.size).toBe(1000);
  });
});

describe('a restart', () => {
  test('keeps each deadline; what passed meanwhile is said at once, and once', () => {
    const first = stage({ config });
    first.event('raised', red);
    first.event('closed', closed);
    first.at(1000);
    first.act(doneBy('isolated'));
    const on = stage({ config, atSeconds: 2000, kept: first.kill() });
    expect(on.story).toEqual([
      '2000 hook reminded overdue response → li+wang',
      '2000 phones reminded overdue response → li',
      '2000 phones/topic-wang reminded overdue response → wang',
    ]);
    expect(on.response.followUpViews().map(({ item, state }) => `${item} ${state}`)).toEqual([
      'response overdue',
      'isolated done',
      'report open',
    ]);
    on.at(2449.999);
    expect(on.story).toHaveLength(3);
    on.at(2450);
    expect(on.story).toHaveLength(6);
  });

  test('in the middle of nothing says nothing', () => {
    const first = stage({ config });
    first.event('raised', red);
    const on = stage({ config, atSeconds: 1300, kept: first.kill() });
    expect(on.story).toEqual([]);
    on.at(1350);
    expect(on.story).toEqual(['1350 hook reminded due-soon response → li']);
  });
});
