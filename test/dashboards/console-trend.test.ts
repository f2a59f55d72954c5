import { expect, test } from 'vitest';
import { windowOf } from '../../dashboards/console/devices/window.ts';
import { columnsOf, gapMs, type Point, spanOf, withLive } from '../../dashboards/console/trend/series.ts';

const point = (timeMs: number, value: number): Point => [timeMs, value, value, value];

test('missing data is a gap, not a line', () => {
  const [times, , means] = columnsOf([point(0, 1), point(10_000, 2), point(60_000, 3)], 25_000);
  expect(times).toEqual([0, 10, 35, 60]);
  expect(means).toEqual([1, 2, null, 3]);
});

test('how far apart counts as a gap follows from how the device reports, and from the step', () => {
  expect(gapMs({ everySeconds: 10 }, undefined)).toBe(25_000);
  expect(gapMs({ everySeconds: 10 }, 60)).toBe(150_000);
  expect(gapMs({ onChange: true, aliveBy: { heartbeatSeconds: 60 } }, undefined)).toBe(Infinity);
});

test('a live value is added once, and what has left the window is dropped', () => {
  const points = [point(0, 1), point(10_000, 2)];
  expect(withLive(points, 10_000, 9, 0)).toBe(points);
  expect(withLive(points, 20_000, 3, 5_000)).toEqual([point(10_000, 2), point(20_000, 3)]);
});

test('the next limit above the values is always in the picture', () => {
  const limits = [{ limit: 35 }, { limit: 40 }, { limit: 60 }];
  const [min, max] = spanOf([point(0, 22), point(1, 25)], limits);
  expect(min).toBeLessThan(22);
  expect(max).toBeGreaterThan(35);
  expect(max).toBeLessThan(40);
  expect(spanOf([], [])[1]).toBeGreaterThan(spanOf([], [])[0]);
});

test('once a limit is passed, one that is far away does not flatten the line', () => {
  const passed = [point(0, 18), point(1, 42)];
  const [, max] = spanOf(passed, [{ limit: 26 }, { limit: 32 }, { limit: 256 }]);
  expect(max).toBeGreaterThan(42);
  expect(max).toBeLessThan(50);
  expect(spanOf(passed, [{ limit: 32 }, { limit: 60 }])[1]).toBeGreaterThan(60);
});

test('a list of ten thousand draws only what can be seen', () => {
  expect(windowOf(10_000, 92, 0, 800)).toEqual({ first: 0, count: 15 });
  const middle = windowOf(10_000, 92, 460_000, 800);
  expect(middle.first).toBe(4_994);
  expect(middle.count).toBeLessThan(25);
  expect(windowOf(10_000, 92, 919_300, 800)).toEqual({ first: 9_986, count: 14 });
  expect(windowOf(0, 92, 0, 800)).toEqual({ first: 0, count: 0 });
});
