import { describe, expect, test } from 'vitest';
import { holdBack } from '../../../gateway/notifiers/hold-back.ts';
import type { Alarm } from '../../../rules/alarms/alarm.ts';
import { alarmOf } from './channels.ts';

const at = '2026-05-01T12:00:00.000Z';

describe('who is told of nothing, and why', () => {
  test.each<[string, Partial<Alarm>, object]>([
    ['waiting', {}, { notify: true }],
    ['acknowledged', { human: 'acknowledged', acknowledgedBy: 'li' }, { notify: true }],
    [
      'shelved',
      { human: 'shelved', shelved: { by: 'li', at, until: at } },
      { notify: false, reason: 'shelved', by: 'li' },
    ],
    [
      'suppressed',
      { human: 'suppressed', suppressedBy: 'power.a.1' },
      { notify: false, reason: 'suppressed', by: 'power.a.1' },
    ],
    [
      'out of service',
      { human: 'out-of-service', outOfService: { by: 'wang', why: 'x' } },
      { notify: false, reason: 'out-of-service', by: 'wang' },
    ],
  ])('%s', (_, rest, decision) => {
    expect(holdBack(alarmOf('b1', rest))).toEqual(decision);
  });
});
