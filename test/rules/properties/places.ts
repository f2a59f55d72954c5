import { device, venueOf, zone } from '../stage.ts';
import { every, occurs, sample, say, times, wait } from './act.ts';
import { castOf, company } from './cast.ts';
import { lies, worn } from './wearers.ts';

const camera = {
  role: undefined,
  profile: 'camera',
  reports: { onChange: true, aliveBy: { device: 'frigate' } },
} as const;
export const sees = (id: string, change: string, stationary: boolean) =>
  occurs('cam', 'detection', { id, label: 'suitcase', change, stationary, zones: '' });

export const objectLeft = castOf(
  company(
    { kind: 'object-left', minutes: 0.2, clearSeconds: 5, lostSeconds: 30 },
    venueOf([device('cam', camera), device('frigate', { role: undefined, profile: 'frigate', reports: undefined })]),
  ),
  {
    says: [
      ...['x', 'y'].flatMap((id) => [sees(id, 'update', true), sees(id, 'update', false), sees(id, 'end', true)]),
      occurs('frigate', 'online'),
      occurs('frigate', 'offline'),
    ],
    scenes: [every(5, times(5, sees('x', 'update', true))), [say(sees('x', 'end', true)), wait(6)]],
    waitSeconds: [1, 5, 12, 30, 40],
  },
  ['pending'],
);

const counter = { role: undefined, profile: 'people-counter', zone: 'hall', reports: { everySeconds: 10 } };
export const gate = (id: string, entriesTotal: number) => sample(id, { entriesTotal, exitsTotal: 0 });

export const silent = castOf(
  company(
    { kind: 'silent', clearSeconds: 5 },
    venueOf([device('b1'), device('g1', counter), device('g2', counter), device('cam', camera)], [zone('hall')]),
  ),
  {
    says: [
      lies(0),
      gate('g1', 0),
      gate('g1', 5),
      gate('g2', 3),
      occurs('b1', 'offline'),
      occurs('b1', 'sos'),
      occurs('frigate', 'offline'),
      occurs('frigate', 'online'),
      sample('cam', { occupancyPersons: 2 }),
    ],
    scenes: [every(10, times(4, gate('g1', 2))), every(8, times(3, gate('g2', 0)))],
    waitSeconds: [1, 5, 10, 31, 95],
  },
  ['unknown', 'pending'],
);

export const reads = (recordId: string, address = '10.0.0.9', account = 'li') =>
  occurs('b1', 'access', { recordId, address, account });

export const accessBurst = castOf(
  company(
    {
      kind: 'access-burst',
      moreThan: { orange: 3, red: 5 },
      windowSeconds: 20,
      holdSeconds: 2,
      clearSeconds: 8,
      deadbandRecords: 1,
    },
    worn,
  ),
  {
    says: ['1', '2', '3'].flatMap((id) => [reads(id), reads(id, '10.0.0.8', 'wu')]),
    scenes: [
      every(
        1,
        ['a', 'b', 'c', 'd', 'e'].map((id) => reads(id)),
      ),
      every(
        1,
        ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => reads(id)),
      ),
    ],
    waitSeconds: [1, 2, 8, 20, 30],
  },
  ['unknown'],
);

export const affects = (id: string, zoneId: string, condition: 'active' | 'cleared' | 'unknown' | 'closed') =>
  ({
    alarm: {
      id,
      rule: 'other',
      kind: 'threshold',
      subject: id,
      zone: zoneId,
      severity: 'orange',
      condition,
      human: 'unacknowledged',
    },
  }) as const;

export const incidentClass = castOf(
  company(
    {
      kind: 'incident-class',
      zones: { orange: 2, red: 3 },
      alarms: { orange: 3, red: 5 },
      holdSeconds: 2,
      clearSeconds: 5,
    },
    venueOf([], [zone('hall'), zone('yard'), zone('bar')]),
  ),
  {
    says: ['1', '2', '3', '4'].flatMap((id) => [
      affects(id, 'hall', 'active'),
      affects(id, 'yard', 'active'),
      affects(id, 'yard', 'closed'),
      affects(id, 'hall', 'unknown'),
    ]),
    scenes: [
      [say(affects('5', 'hall', 'active')), say(affects('6', 'yard', 'active')), wait(2)],
      [...['1', '2', '3', '4', '5', '6'].map((id) => say(affects(id, 'hall', 'closed'))), wait(5)],
    ],
    waitSeconds: [1, 2, 5, 20],
  },
  ['unknown'],
);

const crowd = venueOf(
  [
    device('g1', { ...counter, zone: 'pit' }),
    device('g2', { ...counter, zone: 'pit' }),
    device('cam', { ...counter, profile: 'camera', zone: 'pit' }),
  ],
  [zone('pit', { areaM2: 10, capacity: 45 })],
);

export const crowdDensity = castOf(
  company({ kind: 'crowd-density', zones: ['pit'], counters: 'lifetime' }, crowd),
  {
    says: [
      ...[0, 20, 30, 45].flatMap((count) => [
        gate('g1', count),
        gate('g2', count),
        sample('cam', { occupancyPersons: count }),
      ]),
      sample('g1', { entriesTotal: 45, exitsTotal: 40 }),
      occurs('g1', 'count', { zone: 'pit', persons: 38, by: 'wu' }),
      occurs('g1', 'count', { zone: 'pit', persons: 0, by: 'wu' }),
    ],
    scenes: [
      every(3, [
        gate('g1', 20),
        gate('g2', 20),
        sample('cam', { occupancyPersons: 40 }),
        gate('g1', 20),
        gate('g2', 21),
        sample('cam', { occupancyPersons: 41 }),
      ]),
      every(5, [
        occurs('g1', 'count', { zone: 'pit', persons: 2, by: 'wu' }),
        gate('g1', 20),
        gate('g2', 20),
        sample('cam', { occupancyPersons: 1 }),
        gate('g1', 20),
        gate('g2', 20),
        sample('cam', { occupancyPersons: 1 }),
        gate('g1', 20),
        gate('g2', 20),
      ]),
    ],
    waitSeconds: [1, 5, 10, 31],
  },
  [],
  // A level that is reached stays, whatever is missing.
  false,
);
