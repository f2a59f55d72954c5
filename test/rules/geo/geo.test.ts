import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { areaOf } from '../../../rules/geo/area.ts';
import { eastNorthOf, type LatLon, planeAround } from '../../../rules/geo/plane.ts';
import { depthIn } from '../../../rules/geo/polygon.ts';
import { venueOf, zone } from '../stage.ts';

const SQUARE = [
  [0, 0],
  [100, 0],
  [100, 100],
  [0, 100],
] as const;

describe('a polygon', () => {
  test.each([
    [[50, 50], 50],
    [[50, 10], 10],
    [[50, -10], -10],
    [[-30, -40], -50],
    [[100, 50], 0],
  ] as const)('%j lies %s m inside', (place, depth) => {
    expect(Math.abs(depthIn(SQUARE, place))).toBeCloseTo(Math.abs(depth), 9);
    if (depth !== 0) expect(Math.sign(depthIn(SQUARE, place))).toBe(Math.sign(depth));
  });

  test('may be hollow on one side, and wound either way', () => {
    const bay = [...SQUARE.slice(0, 3), [50, 50], [0, 100]] as const;
    expect(depthIn(bay, [50, 90])).toBeLessThan(0);
    expect(depthIn(bay, [50, 40])).toBeGreaterThan(0);
    expect(depthIn([...bay].reverse(), [50, 40])).toBeCloseTo(depthIn(bay, [50, 40]), 9);
  });

  test('a place on the height of a corner is inside or outside as any other', () => {
    const diamond = [
      [0, -10],
      [10, 0],
      [0, 10],
      [-10, 0],
    ] as const;
    for (const outline of [diamond, [...diamond].reverse()]) {
      expect(depthIn(outline, [1, 0])).toBeCloseTo(9 / Math.SQRT2, 9);
      expect(depthIn(outline, [-1, 0])).toBeCloseTo(9 / Math.SQRT2, 9);
      expect(depthIn(outline, [-11, 0])).toBeCloseTo(-1, 9);
      expect(depthIn(outline, [-1, 10])).toBeCloseTo(-1 / Math.SQRT2, 9);
      expect(depthIn(outline, [-1, -10])).toBeCloseTo(-1 / Math.SQRT2, 9);
    }
  });

  test('a corner given twice changes nothing', () => {
    expect(depthIn([...SQUARE, [0, 100]], [50, 50])).toBe(50);
  });
});

describe('metres', () => {
  test('a degree of latitude, and one of longitude at 60 degrees', () => {
    expect(planeAround([60, 10])([61, 10])[1]).toBeCloseTo(111_320, 0);
    expect(planeAround([60, 10])([60, 11])[0]).toBeCloseTo(55_660, 0);
  });

  test('over the date line', () => {
    expect(planeAround([0, 179.999])([0, -179.999])[0]).toBeCloseTo(222.64, 1);
  });

  test('the y axis of the plan to the north, to the east, between', () => {
    const at = (yAxisDegrees: number) => eastNorthOf([3, 4], { latitudeDegrees: 0, longitudeDegrees: 0, yAxisDegrees });
    expect(at(0)).toEqual([3, 4]);
    expect(at(90)[0]).toBeCloseTo(4, 9);
    expect(at(90)[1]).toBeCloseTo(-3, 9);
    fc.assert(
      fc.property(
        fc.double({ min: -360, max: 360, noNaN: true }),
        (degrees) => Math.abs(Math.hypot(...at(degrees)) - 5) < 1e-9,
      ),
    );
  });
});

describe('an area', () => {
  const reference = { latitudeDegrees: 31.2, longitudeDegrees: 121.5, yAxisDegrees: 30 };
  const venue = {
    ...venueOf([], [zone('hall', { polygon: SQUARE }), zone('stage', { within: 'hall' }), zone('yard')]),
    reference,
  };
  const back = ([x, y]: readonly [number, number]): LatLon => {
    const [east, north] = eastNorthOf([x, y], reference);
    return [31.2 + north / 111_320, 121.5 + east / (111_320 * Math.cos((31.2 * Math.PI) / 180))];
  };

  test('by the plan and by its own outline is the same', () => {
    const byZone = areaOf({ zones: ['hall'], polygon: undefined }, venue);
    const byOutline = areaOf({ zones: [], polygon: SQUARE.map(back) }, venue);
    for (const place of [
      [50, 50],
      [10, 95],
      [-20, 50],
      [120, 130],
    ] as const) {
      expect(byZone.depth(back(place))).toBeCloseTo(depthIn(SQUARE, place), 3);
      expect(byOutline.depth(back(place))).toBeCloseTo(depthIn(SQUARE, place), 1);
    }
  });

  test('without a reference, or an outline, no position can be compared', () => {
    expect(areaOf({ zones: ['yard'], polygon: undefined }, venue).depth([31.2, 121.5])).toBeUndefined();
    const { reference: _, ...nowhere } = venue;
    expect(areaOf({ zones: ['hall'], polygon: undefined }, nowhere).depth([31.2, 121.5])).toBeUndefined();
  });

  test('of several parts: in it is who is in any of them', () => {
    const far = [
      [1000, 0],
      [1100, 0],
      [1100, 100],
      [1000, 100],
    ] as const;
    const both = { ...venueOf([], [zone('hall', { polygon: SQUARE }), zone('annex', { polygon: far })]), reference };
    const area = areaOf({ zones: ['hall', 'annex'], polygon: undefined }, both);
    expect(area.depth(back([50, 50]))).toBeCloseTo(50, 3);
    expect(area.depth(back([1050, 50]))).toBeCloseTo(50, 3);
    expect(area.depth(back([500, 50]))).toBeCloseTo(-400, 3);
  });

  test('zones that are part of one another in a circle are no endless loop, and one that there is not is none', () => {
    const circle = venueOf([], [zone('a', { within: 'b' }), zone('b', { within: 'a' }), zone('c')]);
    const area = areaOf({ zones: ['a'], polygon: undefined }, circle);
    expect(['a', 'b', 'c'].map(area.holds)).toEqual([true, true, false]);
    expect(areaOf({ zones: ['moon'], polygon: undefined }, circle).holds('a')).toBeUndefined();
  });

  test('holds its zones and all that are part of them', () => {
    const area = areaOf({ zones: ['hall'], polygon: undefined }, venue);
    expect(['hall', 'stage', 'yard'].map(area.holds)).toEqual([true, true, false]);
    expect(areaOf({ zones: [], polygon: SQUARE.map(back) }, venue).holds('hall')).toBeUndefined();
  });
});
