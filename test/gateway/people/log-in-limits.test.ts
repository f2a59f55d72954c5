import { describe, expect, test } from 'vitest';
import { backOff } from '../../../gateway/people/back-off.ts';
import { addressKey, logInLimits } from '../../../gateway/people/log-in-limits.ts';
import { handClock } from './fixture.ts';

describe('back-off', () => {
  test('a few tries are free, then each costs twice the wait, up to a ceiling', () => {
    const clock = handClock();
    const tries = backOff({ free: 3, maxMs: 8_000, keysMax: 10, nowMs: clock.now });
    for (const _ of [1, 2, 3]) {
      expect(tries.waitMs('a')).toBe(0);
      tries.tried('a');
    }
    const waits = [0, 1, 2, 3, 4].map(() => {
      const waitMs = tries.waitMs('a');
      clock.pass(waitMs - 1);
      expect(tries.waitMs('a')).toBe(1);
      clock.pass(1);
      expect(tries.waitMs('a')).toBe(0);
      tries.tried('a');
      return waitMs;
    });
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 8_000]);
    expect(tries.waitMs('b')).toBe(0);
    clock.pass(900_000);
    expect(tries.waitMs('a')).toBe(0);
  });

  test('forgets the key that was quiet longest', () => {
    const clock = handClock();
    const tries = backOff({ free: 0, maxMs: 8_000, keysMax: 2, nowMs: clock.now });
    for (const key of ['a', 'b', 'a', 'c']) tries.tried(key);
    expect(['a', 'b', 'c'].map((key) => tries.waitMs(key) > 0)).toEqual([true, false, true]);
  });
});

const admitted = (limits: ReturnType<typeof logInLimits>, address: string, name: string, tries: number): number =>
  Array.from({ length: tries }, () => limits.admit(address, name)).filter((waitMs) => waitMs === 0).length;

describe('log-ins', () => {
  test('a hundred tries at once from one address are no way around', () => {
    const limits = logInLimits(handClock().now);
    expect(
      Array.from({ length: 100 }, (_, at) => limits.admit('10.0.0.9', `user${at}`)).filter((ms) => ms === 0),
    ).toHaveLength(10);
  });

  test('one user guessed from many addresses is slowed down too, however the name is written', () => {
    const limits = logInLimits(handClock().now);
    const names = ['li', 'LI', 'Li'];
    const passed = Array.from({ length: 100 }, (_, at) => limits.admit(`10.0.1.${at}`, names[at % 3] ?? ''));
    expect(passed.filter((ms) => ms === 0)).toHaveLength(5);
    expect(Math.max(...passed)).toBeLessThanOrEqual(30_000);
  });

  test('guesses of strangers keep nobody out of a place where they have logged in', () => {
    const limits = logInLimits(handClock().now);
    expect(limits.admit('10.0.0.5', 'li')).toBe(0);
    limits.succeeded('10.0.0.5', 'li');
    expect(admitted(limits, '10.0.0.9', 'li', 50)).toBe(5);
    expect(limits.admit('10.0.0.5', 'li')).toBe(0);
    expect(limits.admit('10.0.0.6', 'li')).toBeGreaterThan(0);
  });

  test('right passwords use up nothing: a whole shift logs in from one address', () => {
    const limits = logInLimits(handClock().now);
    for (let at = 0; at < 200; at += 1) {
      expect(limits.admit('10.0.0.5', `guard${at}`)).toBe(0);
      limits.succeeded('10.0.0.5', `guard${at}`);
    }
  });

  test('a machine is one address, though IPv6 gives it many', () => {
    expect(addressKey('2001:db8:1:2:aaaa::1')).toBe(addressKey('2001:db8:1:2:bbbb::2'));
    expect(addressKey('2001:db8:1:2::1')).not.toBe(addressKey('2001:db8:1:3::1'));
    expect(addressKey('fe80::1%eth0')).not.toBe(addressKey('fe80::2%eth0'));
    expect(addressKey('::ffff:10.0.0.1')).toBe(addressKey('10.0.0.1'));
    expect(addressKey('::ffff:10.0.0.1')).not.toBe(addressKey('::ffff:10.0.0.2'));
    expect(addressKey('')).toBe('');
  });
});
