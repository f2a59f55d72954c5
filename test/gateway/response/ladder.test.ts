import { describe, expect, test } from 'vitest';
import type { Alarm } from '../../../rules/alarms/alarm.ts';
import { alarmOf, stage, venue } from './stage.ts';

const PEOPLE = `people:
  li: { name: 李伟, roles: [guard], addresses: { phones: topic-li, group: LiWei } }
  zhao: { name: 赵敏, roles: [guard] }
  wang: { name: 王芳, roles: [manager], addresses: { phones: topic-wang } }
  chen: { name: 陈静, roles: [medic] }`;
const NOTIFIERS = `notifiers:
  - { kind: webhook, id: hook, url: "http://x", secret: xxxxxxxxxxxxxxxx }
  - { kind: ntfy, id: phones, url: "http://x", topic: guards }
  - { kind: wecom, id: group, key: k }`;

const LADDER = `plan:
  red:
    notify: [guard]
    channels: [hook]
    ackWithinSeconds: 30
    repeatSeconds: 20
    escalate:
      - { afterSeconds: 30, notify: [manager], channels: [hook] }
      - { afterSeconds: 90, notify: [medic], channels: [group] }`;

const config = venue(PEOPLE, NOTIFIERS, LADDER);
const red = alarmOf('b1');
const acknowledged: Alarm = { ...red, human: 'acknowledged', acknowledgedBy: 'li' };

describe('a ladder', () => {
  test('is climbed at its instants, not one millisecond before, and never tells fewer', () => {
    const on = stage({ config });
    on.event('raised', red);
    on.at(29.999);
    expect(on.story).toEqual(['0 hook raised → li+zhao', '20 hook repeated#1 → li+zhao']);
    on.at(30);
    expect(on.story.slice(2)).toEqual(['30 hook repeated step 1 → li+zhao+wang']);
    on.at(90);
    expect(on.story.slice(3)).toEqual([
      '50 hook repeated#1 → li+zhao+wang',
      '70 hook repeated#2 → li+zhao+wang',
      '90 hook repeated step 2 → li+zhao+wang+chen',
      '90 group raised step 2 → li+zhao+wang+chen',
    ]);
    expect(on.decided()).toEqual([
      '0 told told',
      '30 overdue ack-overdue',
      '30 escalated not-acknowledged',
      '90 escalated not-acknowledged',
    ]);
  });

  test('stops with the acknowledgement, and says by whom', () => {
    const on = stage({ config });
    on.event('raised', red);
    on.at(29.999);
    on.event('acknowledged', acknowledged, 'li');
    on.at(3600);
    expect(on.story).toEqual([
      '0 hook raised → li+zhao',
      '20 hook repeated#1 → li+zhao',
      '29.999 hook acknowledged → li+zhao',
    ]);
    expect(on.decisions.at(-1)).toMatchObject({ type: 'stopped', by: 'li', reason: { en: /li/ } });
  });

  test.each(['shelved', 'suppressed', 'out-of-service'] as const)('stands still while the alarm is %s', (human) => {
    const on = stage({ config });
    on.event('raised', red);
    on.at(10);
    on.event('changed', { ...red, human }, 'wang');
    on.at(500);
    expect(on.decided()).toEqual(['0 told told', `10 stopped ${human}`]);
    on.event('changed', red);
    on.at(529.999);
    expect(on.story.slice(2)).toEqual(['500 hook repeated → li+zhao', '520 hook repeated#1 → li+zhao']);
    on.at(530);
    expect(on.story.at(-1)).toBe('530 hook repeated step 1 → li+zhao+wang');
  });

  test('begins anew with a further press, and those who were told are told on', () => {
    const on = stage({ config });
    on.event('raised', red);
    on.at(40);
    on.event('acknowledged', acknowledged, 'wang');
    on.at(100);
    on.event('repeated', red);
    expect(on.story.at(-1)).toBe('100 hook repeated → li+zhao+wang');
    on.at(129.999);
    expect(on.decided().at(-1)).toBe('100 told told');
    on.at(130);
    expect(on.decided().at(-1)).toBe('130 escalated not-acknowledged');
  });

  test('ends with the alarm', () => {
    const on = stage({ config });
    on.event('raised', red);
    on.event('closed', { ...red, condition: 'cleared' });
    on.at(3600);
    expect(on.story).toEqual(['0 hook raised → li+zhao', '0 hook closed → li+zhao']);
    expect(on.response.views()).toEqual([]);
  });
});

describe('severity', () => {
  const two = venue(
    PEOPLE,
    NOTIFIERS,
    `plan:
  yellow: { notify: [manager], channels: [hook] }
  red: { notify: [guard], channels: [hook], escalate: [ { afterSeconds: 30, notify: [medic], channels: [hook] } ] }`,
  );
  const yellow = alarmOf('b1', { severity: 'yellow' });
  test('that rises begins the graver plan, and loses nobody', () => {
    const on = stage({ config: two });
    on.event('raised', yellow);
    on.at(5);
    on.event('escalated', red);
    expect(on.story).toEqual(['0 hook raised → wang', '5 hook escalated → wang+li+zhao']);
    on.at(35);
    expect(on.decided().at(-1)).toBe('35 escalated not-acknowledged');
  });
  test('that falls changes nothing of the ladder', () => {
    const on = stage({ config: two });
    on.event('raised', red);
    on.at(10);
    on.event('changed', yellow);
    on.at(30);
    expect(on.decided()).toEqual(['0 told told', '30 escalated not-acknowledged']);
  });
});

describe('a channel that rings each phone', () => {
  const phones = LADDER.replaceAll('[hook]', '[phones]');
  test('is told at each address, and as a group for those who have none there', () => {
    const on = stage({ config: venue(PEOPLE, NOTIFIERS, phones) });
    on.event('raised', red);
    on.at(30);
    expect(on.story).toEqual([
      '0 phones/topic-li raised → li',
      '0 phones raised → zhao',
      '20 phones/topic-li repeated#1 → li',
      '20 phones repeated#1 → zhao',
      '30 phones/topic-li repeated step 1 → li',
      '30 phones repeated step 1 → zhao',
      '30 phones/topic-wang raised step 1 → wang',
    ]);
    on.event('acknowledged', acknowledged);
    expect(on.story.slice(7).toSorted()).toEqual([
      '30 phones acknowledged → zhao',
      '30 phones/topic-li acknowledged → li',
      '30 phones/topic-wang acknowledged → wang',
    ]);
  });
  test('without people it is told as before', () => {
    const on = stage({ config: venue(NOTIFIERS, phones) });
    on.event('raised', red);
    expect(on.story).toEqual(['0 phones raised']);
    expect(on.decisions[0]).toMatchObject({ groups: ['guard'], people: [] });
  });
});

describe('what goes before', () => {
  const layered = venue(
    PEOPLE,
    NOTIFIERS,
    `plan:
  red: { notify: [guard], channels: [hook], level: handle-on-the-spot, repeatSeconds: 99 }
  kinds: { sos: { all: { notify: [medic], level: one-way-flow }, red: { level: police-and-evacuation } } }
  rules: { help: { all: { channels: [group] } } }`,
  );
  test('rule and severity, rule, kind and severity, kind, severity: field by field', () => {
    const { planOf } = stage({ config: layered }).response;
    expect(planOf(red)).toMatchObject({
      level: 'police-and-evacuation',
      repeatMs: 99_000,
      ladder: [{ notify: ['medic'], channels: ['group'] }],
    });
    expect(planOf(red).from.map((path) => path.join('.'))).toEqual([
      'plan.rules.help.all',
      'plan.kinds.sos.red',
      'plan.kinds.sos.all',
      'plan.red',
    ]);
    expect(planOf(alarmOf('x', { rule: 'other', kind: 'silent' }))).toMatchObject({ level: 'handle-on-the-spot' });
    expect(planOf(alarmOf('x', { severity: 'blue' }))).toMatchObject({ level: 'one-way-flow' });
  });
  test('an alarm that nobody has planned for is said to be so', () => {
    const on = stage({ config: venue(PEOPLE, NOTIFIERS, 'plan: { red: { notify: [guard] } }') });
    on.event('raised', alarmOf('g', { severity: 'blue' }));
    expect(on.decided()).toEqual(['0 unplanned unplanned']);
    expect(on.story).toEqual([]);
  });
  test('an alarm that is held back is told when it no longer is, and said once', () => {
    let held = true;
    const holdBack = () => (held ? { code: 'maintenance', zh: '检修', en: 'maintenance' } : undefined);
    const on = stage({ config, holdBack });
    on.event('raised', red);
    on.at(60);
    on.event('changed', red);
    expect(on.story).toEqual([]);
    held = false;
    on.event('changed', red);
    expect(on.story).toEqual(['60 hook raised → li+zhao']);
    expect(on.decided()).toEqual(['0 held-back maintenance', '60 told told']);
  });
});
