import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Patterns } from '../../../../gateway/broker/clients/access.ts';
import {
  access,
  anonymousAccess,
  deviceAccess,
  filterCovers,
  filterMatches,
  roleAccess,
} from '../../../../gateway/broker/clients/access.ts';

const of = (publish: string[], subscribe: string[] = []) => access('v', { publish, subscribe });
const matches = (filter: string, topic: string): boolean => filterMatches(filter.split('/'), topic);
const covers = (granted: string, requested: string): boolean => filterCovers(granted.split('/'), requested.split('/'));

test.each([
  ['a/b', 'a/b', true],
  ['a/b', 'a/bc', false],
  ['a/bc', 'a/b', false],
  ['a/+', 'a/b', true],
  ['a/+', 'a', false],
  ['a/+', 'a/', true],
  ['a/+', 'a/b/c', false],
  ['a/#', 'a', true],
  ['a/#', 'a/b/c', true],
  ['a/#', 'ab', false],
  ['#', 'a/b', true],
  ['#', '$SYS/x', false],
  ['+/x', '$SYS/x', false],
  ['$SYS/#', '$SYS/x', true],
  ['+', '/', false],
  ['+/+', '/', true],
])('filter %s, topic %s: %s', (filter, topic, expected) => {
  expect(matches(filter, topic)).toBe(expected);
});

test.each([
  ['a/#', 'a/#', true],
  ['a/#', 'a', true],
  ['a/#', 'a/+/c', true],
  ['a/#', '#', false],
  ['a/#', '+/b', false],
  ['a/+', 'a/+', true],
  ['a/+', 'a/#', false],
  ['a/+/c', 'a/b/c', true],
  ['a/+/c', 'a/b/+', false],
  ['#', '$SYS/#', false],
  ['+/x', '$SYS/x', false],
  ['a/b/#', 'a', false],
  ['a', 'a/b', false],
])('%s covers %s: %s', (granted, requested, expected) => {
  expect(covers(granted, requested)).toBe(expected);
});

test('whatever is covered, is matched: no topic gets through by a filter that was granted', () => {
  const level = fc.constantFrom('a', 'b', '', '$c');
  const topic = fc.array(level, { minLength: 1, maxLength: 4 });
  const filter = fc
    .tuple(fc.array(fc.constantFrom('a', 'b', '', '$c', '+'), { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([levels, rest]) => (rest ? [...levels.slice(0, 3), '#'] : levels).join('/'));
  fc.assert(
    fc.property(filter, filter, topic, (granted, requested, levels) => {
      const name = levels.join('/');
      return !covers(granted, requested) || !matches(requested, name) || matches(granted, name);
    }),
    { numRuns: 5_000 },
  );
});

describe('who may do what', () => {
  test('a device: its own topics only', () => {
    const { publish, subscribe } = deviceAccess('v', 'gate-a');
    const device = of([...publish], [...subscribe]);
    expect(device.mayPublish('muster/v/up/gate-a')).toBe(true);
    expect(device.mayPublish('muster/v/up/gate-b')).toBe(false);
    expect(device.mayPublish('muster/w/up/gate-a')).toBe(false);
    expect(device.maySubscribe('muster/v/down/gate-a')).toBe(true);
    expect(device.maySubscribe('muster/v/down/+')).toBe(false);
  });

  test('alarms and status only by a pattern that names them', () => {
    for (const pattern of ['#', 'muster/#', 'muster/v/#', 'muster/v/+', 'muster/v/+/x']) {
      expect(of([pattern]).mayPublish('muster/v/status')).toBe(false);
      expect(of([pattern]).mayPublish('muster/v/alarm/x')).toBe(false);
    }
    expect(of(['muster/v/status']).mayPublish('muster/v/status')).toBe(true);
    expect(of(['muster/v/alarm/+']).mayPublish('muster/v/alarm/x')).toBe(true);
    expect(of(['#']).mayPublish('muster/v/alarms')).toBe(true);
  });

  test('$SYS is nobody’s', () => {
    expect(of(['$SYS/#'], ['$SYS/#']).mayPublish('$SYS/x')).toBe(false);
    expect(of(['$SYS/#'], ['$SYS/#']).maySubscribe('$SYS/x')).toBe(false);
  });

  test('a guard acknowledges and watches alarms; other roles do not', () => {
    const as = (role: string): Patterns => roleAccess('v', role);
    const guard = access('v', as('guard'));
    expect(guard.mayPublish('muster/v/alarm/sos.b-1.abc/ack')).toBe(true);
    expect(guard.mayPublish('muster/v/alarm/sos.b-1.abc')).toBe(false);
    expect(guard.maySubscribe('muster/v/alarm/#')).toBe(true);
    expect(guard.maySubscribe('muster/v/status')).toBe(true);
    expect(guard.maySubscribe('muster/v/up/#')).toBe(false);
    expect(access('v', as('steward')).mayPublish('muster/v/alarm/x/ack')).toBe(false);
  });

  test('an anonymous client in the demo: all but the gateway’s own topics', () => {
    const anyone = access('v', anonymousAccess('v'));
    expect(anyone.mayPublish('muster/v/up/x')).toBe(true);
    expect(anyone.mayPublish('muster/v/alarm/x/ack')).toBe(true);
    expect(anyone.mayPublish('muster/v/alarm/x')).toBe(false);
    expect(anyone.maySubscribe('muster/v/alarm/#')).toBe(true);
    expect(anyone.maySubscribe('#')).toBe(true);
  });
});
