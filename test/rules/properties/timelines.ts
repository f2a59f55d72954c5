import { occurs, type Said, sample } from './act.ts';
import { affects, gate, reads, sees } from './places.ts';
import { air, amps, cell, celsius, measures, phases } from './values.ts';
import { fix, lies } from './wearers.ts';

/** What is given at which second. */
export type Given = readonly [seconds: number, said: Said];

/** Given again and again, from a second to another. */
const held = (from: number, to: number, every: number, ...saids: readonly Said[]): readonly Given[] => {
  const given: Given[] = [];
  for (let at = from; at <= to; at += every) for (const said of saids) given.push([at, said]);
  return given;
};

const rising = (from: number, count: number, start: number, step: number): readonly Given[] =>
  Array.from({ length: count }, (_, index) => [from + 10 * index, celsius(start + step * index)]);

const b1 = (metrics: Parameters<typeof sample>[1]): Said => sample('b1', metrics);
const records = (from: number, ids: string): readonly Given[] => [...ids].map((id, index) => [from + index, reads(id)]);
const seen = (occupancyPersons: number): Said => sample('cam', { occupancyPersons });

/**
 * A short evening of each kind through every phase it has: normal, on its way, active, unknown where it can be, on its way
 * out, over. By kind, what is given and what is told.
 */
export const TIMELINES: Readonly<Record<string, readonly Given[]>> = {
  threshold: [
    ...held(0, 8, 8, celsius(20)),
    ...held(16, 24, 8, celsius(55)),
    ...held(70, 78, 8, celsius(55)),
    ...held(82, 90, 8, celsius(20)),
  ],
  'rate-of-change': [...rising(0, 10, 20, 1.2), ...rising(150, 6, 32, 1.2), ...rising(210, 9, 39, 0)],
  'heat-index': [
    ...held(0, 8, 8, air(24, 50)),
    ...held(16, 24, 8, air(35, 60)),
    ...held(80, 88, 8, air(35, 60)),
    ...held(92, 100, 8, air(24, 50)),
  ],
  'battery-low': [
    ...held(0, 8, 8, cell(50)),
    ...held(16, 24, 8, cell(9)),
    ...held(70, 78, 8, cell(9)),
    ...held(82, 90, 8, cell(40)),
  ],
  overcurrent: [
    ...held(0, 8, 8, amps(5)),
    ...held(16, 24, 8, amps(41)),
    ...held(70, 78, 8, amps(41)),
    ...held(82, 98, 8, amps(5)),
  ],
  'phase-imbalance': [
    ...held(0, 8, 8, ...phases(20, 20, 20)),
    ...held(16, 24, 8, ...phases(40, 10, 10)),
    ...held(70, 78, 8, ...phases(40, 10, 10)),
    ...held(82, 90, 8, ...phases(20, 20, 20)),
  ],
  'gateway-health': [
    ...held(0, 8, 2, measures(10)),
    ...held(10, 18, 2, measures(2000)),
    ...held(20, 24, 2, measures(undefined)),
    ...held(26, 28, 2, measures(2000)),
    ...held(30, 38, 2, measures(10)),
  ],
  tilt: [
    ...held(0, 8, 2, lies(0)),
    ...held(10, 18, 2, lies(80)),
    [15, occurs('b1', 'done', { id: 'buzz.rule.b1.zzzzzzzzz' })],
    ...held(40, 46, 2, lies(80)),
    ...held(48, 56, 2, lies(0)),
  ],
  stillness: [
    ...held(0, 8, 4, lies(30)),
    ...held(12, 40, 4, lies(0)),
    ...held(70, 74, 4, lies(0)),
    ...held(76, 80, 2, lies(50)),
    [77, lies(20)],
    [79, lies(20)],
  ],
  'man-down': [
    ...held(0, 8, 2, lies(0)),
    ...held(10, 24, 1, lies(90)),
    ...held(50, 54, 2, lies(90)),
    ...held(56, 64, 2, lies(0)),
  ],
  'missed-check-in': [
    ...held(0, 80, 8, b1({ batteryPercent: 90 })),
    [84, occurs('b1', 'checkin')],
    ...held(88, 96, 8, b1({ batteryPercent: 90 })),
    ...held(160, 168, 8, b1({ batteryPercent: 90 })),
    [170, occurs('b1', 'checkin')],
  ],
  'on-duty-too-long': [
    ...held(0, 80, 4, b1({ onDuty: 1 })),
    ...held(110, 114, 4, b1({ onDuty: 1 })),
    ...held(118, 150, 4, b1({ onDuty: 0 })),
  ],
  geofence: [
    ...held(0, 8, 4, fix(0)),
    ...held(12, 20, 4, fix(90)),
    ...held(50, 54, 4, fix(90)),
    ...held(58, 68, 2, fix(0)),
  ],
  'object-left': [
    [0, sees('x', 'new', false)],
    ...held(4, 20, 8, sees('x', 'update', true)),
    [60, sees('x', 'update', true)],
    [64, sees('x', 'end', true)],
  ],
  silent: [
    [0, gate('g1', 2)],
    [40, gate('g1', 2)],
    [44, gate('g1', 2)],
    [48, gate('g1', 2)],
  ],
  sos: [
    [4, occurs('b1', 'sos', {}, '1')],
    [12, occurs('b1', 'sos', {}, '2')],
    [20, occurs('b1', 'cancel', {}, '3')],
  ],
  'access-burst': [...records(0, 'ab'), ...records(30, 'abcdef'), ...records(100, 'a')],
  'incident-class': [
    [2, affects('1', 'hall', 'active')],
    [6, affects('2', 'yard', 'active')],
    [14, affects('1', 'hall', 'unknown')],
    [20, affects('1', 'hall', 'closed')],
    [24, affects('2', 'yard', 'closed')],
  ],
  'crowd-density': [
    ...held(0, 16, 8, gate('g1', 10), gate('g2', 2), seen(12)),
    ...held(20, 36, 8, gate('g1', 30), gate('g2', 2), seen(32)),
    ...held(44, 60, 8, gate('g1', 30), seen(32)),
    ...held(84, 132, 8, sample('g1', { entriesTotal: 30, exitsTotal: 25 }), gate('g2', 2), seen(7)),
  ],
};
