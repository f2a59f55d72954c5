import { describe, expect, test } from 'vitest';
import { createSessions, type KeptSession, SESSIONS_MAX } from '../../../gateway/people/sessions.ts';
import type { Account } from '../../../gateway/people/users.ts';
import { user } from './fixture.ts';

const HOUR_MS = 3_600_000;

const account = (name: string, stamp = 'first'): Account => ({ user: user(name), stamp });

const stage = (kept: readonly KeptSession[] = []) => {
  const accounts = new Map([['li', account('li')]]);
  const clock = { ms: Date.parse('2026-11-24T20:00:00Z') };
  const changes = { count: 0 };
  const sessions = createSessions({
    users: { find: (name) => accounts.get(name) },
    kept,
    idleMs: 2 * HOUR_MS,
    maxMs: 5 * HOUR_MS,
    nowMs: () => clock.ms,
    onChange: () => {
      changes.count += 1;
    },
  });
  return { sessions, accounts, clock, changes };
};

describe('a session', () => {
  test('is known by its id of 256 bits, which is not what is kept', () => {
    const { sessions } = stage();
    const id = sessions.start(account('li'));
    expect(Buffer.from(id, 'base64url')).toHaveLength(32);
    expect(sessions.find(id)?.user.name).toBe('li');
    expect(JSON.stringify(sessions.list())).not.toContain(id);
    expect(sessions.start(account('li'))).not.toBe(id);
    for (const wrong of ['', 'x', id.slice(1), `${id}A`, sessions.list()[0]?.hash ?? '', '__proto__']) {
      expect(sessions.find(wrong)).toBeUndefined();
    }
  });

  test('ends when it is not used, and in any case after its longest time', () => {
    const { sessions, clock } = stage();
    const [used, unused] = [sessions.start(account('li')), sessions.start(account('li'))];
    for (const _ of [1, 2, 3, 4]) {
      clock.ms += 1.2 * HOUR_MS;
      expect(sessions.find(used)).toBeDefined();
    }
    expect(sessions.find(unused)).toBeUndefined();
    clock.ms += 0.2 * HOUR_MS;
    expect(sessions.find(used)).toBeUndefined();
    expect(sessions.list()).toEqual([]);
  });

  test('ends with its user, and when the role or password of its user changes', () => {
    const { sessions, accounts } = stage();
    const id = sessions.start(account('li'));
    accounts.set('li', account('li', 'second'));
    expect(sessions.find(id)).toBeUndefined();
    accounts.set('li', account('li'));
    expect(sessions.find(id)).toBeUndefined();
    sessions.start(account('li'));
    accounts.clear();
    expect(sessions.sweep()).toEqual(['li']);
    expect(sessions.list()).toEqual([]);
  });

  test('ends when it is told to, for itself alone', () => {
    const { sessions } = stage();
    const [one, other] = [sessions.start(account('li')), sessions.start(account('li'))];
    sessions.end(one);
    expect(sessions.find(one)).toBeUndefined();
    expect(sessions.find(other)).toBeDefined();
  });
});

test('a person has so many at once; the one unused for longest makes room', () => {
  const { sessions, clock } = stage();
  const ids = Array.from({ length: 20 }, () => {
    clock.ms += 1;
    return sessions.start(account('li'));
  });
  clock.ms += 1;
  expect(sessions.find(ids[0] ?? '')).toBeDefined();
  sessions.start(account('li'));
  expect(ids.map((id) => sessions.find(id) !== undefined)).toEqual(ids.map((_, at) => at !== 1));
});

test('all together are bounded, whoever logs in', () => {
  const { sessions, accounts, clock } = stage();
  for (let at = 0; at < SESSIONS_MAX + 50; at += 1) {
    clock.ms += 1;
    accounts.set(`u${at}`, account(`u${at}`));
    sessions.start(account(`u${at}`));
  }
  expect(sessions.list()).toHaveLength(SESSIONS_MAX);
  expect(sessions.list()[0]?.user).toBe('u50');
});

test('those of the run before go on, but none that is from the future', () => {
  const before = stage();
  const id = before.sessions.start(account('li'));
  const after = stage(before.sessions.list());
  after.clock.ms += HOUR_MS;
  expect(after.sessions.find(id)?.user.name).toBe('li');
  const skewed = stage(before.sessions.list());
  skewed.clock.ms -= HOUR_MS;
  expect(skewed.sessions.find(id)).toBeUndefined();
});

test('what starts and ends is told, so that it is kept', () => {
  const { sessions, changes } = stage();
  const id = sessions.start(account('li'));
  sessions.find(id);
  expect(changes.count).toBe(1);
  sessions.end(id);
  sessions.end(id);
  expect(changes.count).toBe(2);
});
