import { expect, test } from 'vitest';
import { isSameStage, QUIET, type Stage } from '../../../rules/wearer/two-stage.ts';

test('nothing runs is one stage, however it was come by; what runs is another', () => {
  const raised: Stage = { at: 'raised', sinceMs: 0 };
  expect(isSameStage(QUIET, { at: 'quiet' })).toBe(true);
  expect(isSameStage(raised, raised)).toBe(true);
  expect(isSameStage(QUIET, raised)).toBe(false);
  expect(isSameStage(raised, QUIET)).toBe(false);
  expect(isSameStage(QUIET, { at: 'quiet', heldOffUntilMs: 1 })).toBe(false);
});
