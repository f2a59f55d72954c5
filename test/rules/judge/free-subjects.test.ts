import { describe, expect, test } from 'vitest';
import { FREE_SUBJECTS_MAX, FreeSubjects } from '../../../rules/judge/free-subjects.ts';
import type { JudgedSubject } from '../../../rules/judge/subject.ts';
import type { Rule, RuleState } from '../../../rules/rule.ts';

const START: RuleState = { phase: 'normal' };

const made: Rule = {
  id: 'made',
  kind: 'made',
  latching: false,
  guidance: { zh: '无', en: 'none' },
  silence: 'own',
  shared: () => true,
  reads: () => false,
  subjects: () => [],
  freeSubject: () => 'x',
  start: () => START,
  step: (state) => ({ state }),
};

/** As many as there may be, each of them so; and what leaves for the next one. */
const full = (be: (subject: JudgedSubject, index: number) => void) => {
  const left: string[] = [];
  const free = new FreeSubjects([made], ({ id }) => left.push(id));
  for (let index = 0; index < FREE_SUBJECTS_MAX; index += 1) {
    const subject = free.restore('made', `${index}`);
    if (subject !== undefined) be(subject, index);
  }
  expect([free.all.length, free.forgotten]).toEqual([FREE_SUBJECTS_MAX, 0]);
  return { next: free.restore('made', 'next')?.id, left, forgotten: free.forgotten, count: free.all.length };
};

const running = (subject: JudgedSubject): void => {
  subject.state = { phase: 'pending' };
};

describe('for one more subject than there may be', () => {
  test('one leaves that has not begun, though others are known longer', () => {
    const one = full((subject, index) => index !== 7 && running(subject));
    expect(one).toEqual({ next: 'next', left: ['7'], forgotten: 0, count: FREE_SUBJECTS_MAX });
  });

  test('or one that is over and waits for nothing', () => {
    const one = full((subject, index) => {
      if (index === 7) subject.state = { phase: 'normal' };
      else running(subject);
    });
    expect(one).toMatchObject({ left: ['7'], forgotten: 0 });
  });

  test('one that is over and has a deadline yet is not idle: something of it is lost', () => {
    const one = full((subject) => {
      subject.state = { phase: 'normal' };
      subject.dueMs = 5;
    });
    expect(one).toMatchObject({ next: 'next', left: ['0'], forgotten: 1 });
  });

  test('else the one known longest, and that is counted', () => {
    expect(full(running)).toEqual({ next: 'next', left: ['0'], forgotten: 1, count: FREE_SUBJECTS_MAX });
  });

  test('never one of which an alarm stands', () => {
    const one = full((subject, index) => {
      subject.state = { phase: index < 5 ? 'active' : 'pending' };
    });
    expect(one).toMatchObject({ left: ['5'], forgotten: 1 });
    const none = full((subject) => {
      subject.state = { phase: 'active' };
    });
    expect(none).toEqual({ next: undefined, left: [], forgotten: 1, count: FREE_SUBJECTS_MAX });
  });
});
