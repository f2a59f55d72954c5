import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { guidanceText, param, selects } from '../../rules/common.ts';
import { durationText, forPeople } from '../../rules/rounding.ts';
import type { Guidance } from '../../rules/rule.ts';
import { device } from './stage.ts';

describe('a selection of devices', () => {
  const badge = device('b1', { profile: 'badge', zone: 'hall', role: 'guard' });
  const bare = { ...device('x1'), profile: undefined, zone: undefined, role: undefined };

  test('none takes every device', () => {
    expect([selects(undefined, badge), selects({}, bare)]).toEqual([true, true]);
  });

  test.each([
    ['devices', ['b1', 'b2'], ['b2']],
    ['profiles', ['badge'], ['camera']],
    ['zones', ['yard', 'hall'], ['yard']],
    ['roles', ['guard'], ['visitor']],
  ])('by %s', (list, taking, leaving) => {
    expect(selects({ [list]: taking }, badge)).toBe(true);
    expect(selects({ [list]: leaving }, badge)).toBe(false);
    expect(selects({ [list]: taking }, bare)).toBe(false);
  });

  test('every list given must match', () => {
    expect(selects({ devices: ['b1'], profiles: ['badge'], zones: ['hall'], roles: ['guard'] }, badge)).toBe(true);
    expect(selects({ devices: ['b1'], zones: ['yard'] }, badge)).toBe(false);
    expect(selects({ devices: ['b2'], roles: ['guard'] }, badge)).toBe(false);
  });
});

describe('what people read', () => {
  const guidance: Guidance = {
    consequence: { zh: '后果。', en: 'So it is.' },
    action: { zh: '行动。', en: 'Act.' },
    owner: { zh: '主管', en: 'lead' },
  };

  test('the guidance of a kind, or what the configuration says instead', () => {
    expect(guidanceText(undefined, guidance)).toEqual({
      zh: '后果。行动。负责：主管。',
      en: 'So it is. Act. Owner: lead.',
    });
    expect(guidanceText({ zh: '喊人', en: 'shout' }, guidance)).toEqual({ zh: '喊人', en: 'shout' });
  });

  test('a parameter with its unit, where it has one', () => {
    expect(param(z.number(), { en: 'how long', zh: '多久', unit: 'seconds' }).meta()?.description).toBe(
      'how long, seconds',
    );
    expect(param(z.number(), { en: 'how many', zh: '多少' }).meta()?.description).toBe('how many');
  });

  test.each([
    [0, 0],
    [-0.0001, 0],
    [0.12345, 0.123],
    [1.2345, 1.23],
    [-1.236, -1.24],
    [12.345, 12.3],
    [99.94, 99.9],
    [123.45, 123],
    [12_345.6, 12_346],
  ])('%d is shown as %d', (value, shown) => {
    expect(forPeople(value)).toBe(shown);
  });

  test.each([
    [59.4, '59 s', '59 秒'],
    [119.9, '120 s', '120 秒'],
    [120, '2 min', '2 分钟'],
    [7199, '120 min', '120 分钟'],
    [7200, '2 h', '2 小时'],
    [9000, '2.5 h', '2.5 小时'],
  ])('%d seconds are %s', (seconds, en, zh) => {
    expect(durationText(seconds)).toEqual({ zh, en });
  });
});
