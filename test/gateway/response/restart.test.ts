import { describe, expect, test } from 'vitest';
import { alarmOf, stage, venue } from './stage.ts';

const config = venue(
  'people: { li: { name: 李伟, roles: [guard], user: liwei }, wang: { name: 王芳, roles: [manager] }, chen: { name: 陈静, roles: [medic] } }',
  'notifiers: [ { kind: webhook, id: hook, url: "http://x", secret: xxxxxxxxxxxxxxxx } ]',
  `plan:
  red:
    notify: [guard]
    channels: [hook]
    repeatSeconds: 3600
    ackWithinSeconds: 20
    freezes: hoisting
    releasedBy: guard
    escalate:
      - { afterSeconds: 30, notify: [manager], channels: [hook] }
      - { afterSeconds: 60, notify: [medic], channels: [hook] }
  orange: { notify: [guard], channels: [hook], freezes: true, releasedBy: manager }
  operations: { hoisting: { name: { zh: 吊装, en: Hoisting } } }`,
);
const red = alarmOf('b1');

describe('a restart', () => {
  test.each([0, 10, 20, 29.5, 30, 45, 60, 61])(
    'by kill -9 at %s s, three seconds long: each step once, late by them at most',
    (killAt) => {
      const first = stage({ config });
      first.event('raised', red);
      first.at(killAt);
      const second = stage({ config, atSeconds: killAt + 3, kept: first.kill() });
      second.at(200);
      const steps = [...first.story, ...second.story].filter((line) => line.includes('step'));
      const upAt = (due: number): number => (due > killAt && due < killAt + 3 ? killAt + 3 : due);
      expect(steps).toEqual([
        `${upAt(30)} hook repeated step 1 → li+wang`,
        `${upAt(60)} hook repeated step 2 → li+wang+chen`,
      ]);
      const overdue = [...first.decided(), ...second.decided()].filter((line) => line.includes('overdue'));
      expect(overdue).toEqual([`${upAt(20)} overdue ack-overdue`]);
    },
  );

  test('after a night: all steps that have passed, in order, at once', () => {
    const first = stage({ config });
    first.event('raised', red);
    const second = stage({ config, atSeconds: 30_000, kept: first.kill() });
    expect(second.decided()).toEqual([
      '30000 overdue ack-overdue',
      '30000 escalated not-acknowledged',
      '30000 escalated not-acknowledged',
    ]);
    expect(second.story).toContain('30000 hook repeated step 2 → li+wang+chen');
  });

  test('an alarm of which nothing was kept but itself counts from when it was raised', () => {
    const kept = { open: [red] };
    const on = stage({ config, atSeconds: 10, kept });
    expect(on.story).toEqual(['0 hook raised → li']);
    on.at(30);
    expect(on.story.at(-1)).toBe('30 hook repeated step 1 → li+wang');
  });

  test('an acknowledged alarm stays so', () => {
    const first = stage({ config });
    first.event('raised', red);
    first.event('acknowledged', { ...red, human: 'acknowledged', acknowledgedBy: 'li' }, 'li');
    const second = stage({ config, atSeconds: 100, kept: first.kill() });
    second.at(9000);
    expect(second.story).toEqual([]);
  });
});

describe('work that an alarm freezes', () => {
  const why = { type: 'lift', operation: 'hoisting', isEngineer: true, comment: 'checked' } as const;
  test('stays so after the alarm and over a restart, until one of the named role lifts it', () => {
    const first = stage({ config });
    first.event('raised', red);
    first.event('closed', { ...red, condition: 'cleared' });
    const on = stage({ config, atSeconds: 60, kept: first.kill() });
    expect(on.response.frozenViews()).toMatchObject([
      { operation: 'hoisting', name: { en: 'Hoisting' }, alarm: red.id },
    ]);
    expect(on.act({ ...why, by: 'wang' })).toEqual({ ok: false, reason: 'not-yours' });
    expect(on.act({ ...why, by: 'li' })).toEqual({ ok: false, reason: 'not-yours' });
    expect(on.act({ ...why, by: 'anonymous' })).toEqual({ ok: false, reason: 'not-yours' });
    expect(on.act({ ...why, by: 'liwei' })).toEqual({ ok: true });
    expect(on.decisions.at(-1)).toMatchObject({
      type: 'lifted',
      alarm: red.id,
      by: 'liwei',
      reason: { en: 'liwei lifted the freeze of Hoisting (checked)' },
    });
    expect(on.response.frozenViews()).toEqual([]);
    expect(on.act({ ...why, by: 'liwei' })).toEqual({ ok: false, reason: 'not-frozen' });
    expect(stage({ config, atSeconds: 70, kept: on.kill() }).response.frozenViews()).toEqual([]);
  });
  test('is frozen once by two alarms; without a name it is the work at the place', () => {
    const on = stage({ config });
    on.event('raised', red);
    on.event('raised', alarmOf('b2'));
    on.event('raised', alarmOf('b3', { severity: 'orange', zone: 'stage' }));
    expect(on.response.frozenViews().map(({ operation }) => operation)).toEqual(['hoisting', 'at:stage']);
    expect(on.decisions.filter(({ type }) => type === 'frozen')).toHaveLength(2);
  });
  test('that alarms of two plans freeze stands still until both roles have lifted it, also over restarts', () => {
    const two = venue(
      'people: { li: { name: 李伟, roles: [guard], user: liwei }, wang: { name: 王芳, roles: [manager] } }',
      `plan:
  red: { freezes: hoisting, releasedBy: manager }
  orange: { freezes: hoisting, releasedBy: guard }
  operations: { hoisting: { name: { zh: 吊装, en: Hoisting } } }`,
    );
    const first = stage({ config: two });
    first.event('raised', alarmOf('b1', { severity: 'orange' }));
    first.event('escalated', red);
    first.event('raised', alarmOf('b2'));
    const standing = (on: typeof first) => on.response.frozenViews().map(({ releasedBy }) => releasedBy?.en);
    expect(standing(first)).toEqual(['guard', 'manager']);
    expect(first.act({ ...why, by: 'liwei' })).toEqual({ ok: true });
    const second = stage({ config: two, atSeconds: 5, kept: first.kill() });
    expect(standing(second)).toEqual(['manager']);
    expect(second.act({ ...why, by: 'liwei' })).toEqual({ ok: false, reason: 'not-yours' });
    expect(second.act({ ...why, by: 'wang' })).toEqual({ ok: true });
    expect(standing(stage({ config: two, atSeconds: 9, kept: second.kill() }))).toEqual([]);
  });
});
