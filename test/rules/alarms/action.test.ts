import { expect, test } from 'vitest';
import { isDeed } from '../../../rules/alarms/action.ts';

test('lifting a stop, work done and a command seen to are deeds; what is done about an alarm is none', () => {
  expect(isDeed({ type: 'lift', operation: 'show', by: 'li', isEngineer: true, comment: '' })).toBe(true);
  expect(isDeed({ type: 'follow-up-done', followUp: 'f', by: 'li', comment: '' })).toBe(true);
  expect(isDeed({ type: 'command-done', command: 'c', by: 'li', comment: '' })).toBe(true);
  expect(isDeed({ type: 'acknowledge', alarm: 'a', by: 'li' })).toBe(false);
});
