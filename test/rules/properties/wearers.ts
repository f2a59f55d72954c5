import { device, venueOf, zone } from '../stage.ts';
import { every, occurs, sample, say, times, wait } from './act.ts';
import { castOf, company } from './cast.ts';

const pose = (degrees: number, g = 1) => ({
  accelerationXG: g * Math.sin((degrees * Math.PI) / 180),
  accelerationYG: 0,
  accelerationZG: g * Math.cos((degrees * Math.PI) / 180),
});
export const worn = venueOf([device('b1', { reports: { everySeconds: 5 } })]);
export const lies = (degrees: number) => sample('b1', pose(degrees));
const words = [occurs('b1', 'cancel'), occurs('b1', 'checkin'), occurs('b1', 'done', { id: 'buzz.rule.b1.zzzzzzzzz' })];
const duty = [
  sample('b1', { charging: 1 }),
  sample('b1', { charging: 0 }),
  sample('b1', { onDuty: 0 }),
  sample('b1', { onDuty: 1 }),
];

export const tilt = castOf(
  company(
    { kind: 'tilt', holdSeconds: 4, preAlarmSeconds: 5, confirmSeconds: 2, clearSeconds: 3, cancelledSeconds: 20 },
    worn,
  ),
  {
    says: [...[0, 40, 60, 90, 120].map(lies), sample('b1', pose(90, 2)), ...words, ...duty],
    scenes: [
      every(2, times(6, lies(80))),
      every(2, times(6, lies(0))),
      every(1, [lies(70), lies(130), lies(90), ...times(6, lies(90))]),
    ],
    waitSeconds: [1, 2, 5, 10, 20],
  },
);

export const stillness = castOf(
  company({ kind: 'stillness', minutes: 0.4, preAlarmSeconds: 8, clearSeconds: 3 }, worn),
  {
    says: [
      ...[0, 40].map(lies),
      sample('b1', { speedMetersPerSecond: 12 }),
      sample('b1', { movementCount: 3 }),
      ...words,
      ...duty,
    ],
    scenes: [every(4, times(8, lies(0))), every(4, [0, 30, 60, 90].map(lies)), every(3, times(6, lies(50)))],
    waitSeconds: [1, 3, 8, 16, 24],
  },
);

export const manDown = castOf(
  company(
    {
      kind: 'man-down',
      stillSeconds: 6,
      impactStillSeconds: 3,
      downSeconds: 15,
      preAlarmSeconds: 4,
      clearSeconds: 4,
      cancelledSeconds: 20,
    },
    worn,
  ),
  {
    says: [...[0, 40, 90].map(lies), sample('b1', pose(60, 2.4)), occurs('b1', 'fall'), ...words, ...duty],
    scenes: [
      every(1, times(8, lies(90))),
      every(2, times(5, lies(0))),
      every(3, [80, 100, 80, 100, 80, 100, 80].map(lies)),
    ],
    waitSeconds: [1, 2, 5, 10, 20],
  },
);

const often = { reports: { everySeconds: 10 } };
const pair = venueOf([
  device('b1', { wearer: 'li', ...often }),
  device('b2', { wearer: 'li', ...often }),
  device('b3', often),
]);

export const missedCheckIn = castOf(
  company({ kind: 'missed-check-in', everyMinutes: 1, pendingSeconds: 10 }, pair),
  {
    says: [
      ...['b1', 'b2', 'b3'].flatMap((id) => [
        sample(id, { batteryPercent: 90 }),
        sample(id, { charging: 1 }),
        sample(id, { onDuty: 1, charging: 0 }),
        occurs(id, 'checkin'),
      ]),
      occurs('b3', 'cancel'),
    ],
    scenes: [
      every(20, times(5, sample('b3', { batteryPercent: 90 }))),
      every(20, times(5, sample('b1', { batteryPercent: 90 }))),
    ],
    waitSeconds: [5, 10, 50, 60, 90],
  },
  [],
  // What is due stays due, whoever is silent.
  false,
);

export const onDutyTooLong = castOf(
  company({ kind: 'on-duty-too-long', hours: { blue: 0.02, yellow: 0.04 }, breakMinutes: 0.5 }, worn),
  {
    says: [...duty, lies(0)],
    scenes: [
      every(4, times(12, lies(0))),
      every(4, times(9, sample('b1', { onDuty: 0 }))),
      every(4, times(12, sample('b1', { onDuty: 1, charging: 0 }))),
    ],
    waitSeconds: [1, 10, 16, 30, 72],
  },
  ['pending'],
);

const at = (east: number, accuracyMeters: number) => ({
  latitudeDegrees: 31.2,
  longitudeDegrees: 121.5 + east / (111_320 * Math.cos((31.2 * Math.PI) / 180)),
  accuracyMeters,
});
const corner = (east: number, north: number) => [31.2 + north / 111_320, at(east, 5).longitudeDegrees];
const goes = (zoneId: string) => occurs('b1', 'presence', { zone: zoneId });
export const fix = (east: number, accuracy = 5) => sample('b1', at(east, accuracy));

export const geofence = castOf(
  company(
    {
      kind: 'geofence',
      zones: ['hall'],
      polygon: [corner(-50, -50), corner(50, -50), corner(50, 50), corner(-50, 50)],
      holdSeconds: 6,
      clearSeconds: 6,
    },
    venueOf([device('b1', { reports: { everySeconds: 5 } })], [zone('hall'), zone('yard')]),
  ),
  {
    says: [fix(0), fix(90), fix(42), fix(200), fix(0, 80), goes('hall'), goes('yard'), ...duty],
    scenes: [every(2, times(5, fix(90))), every(2, times(5, fix(0)))],
    waitSeconds: [1, 3, 6, 20],
  },
);

export const sos = castOf(
  company({ kind: 'sos', quietSeconds: 3, followUpSeconds: 20, helpMaxAgeSeconds: 60 }, worn),
  {
    says: [
      occurs('b1', 'sos'),
      occurs('b1', 'sos', {}, '1'),
      occurs('b1', 'sos', {}, '2'),
      occurs('b9', 'fall'),
      occurs('b1', 'cancel'),
      occurs('b9', 'cancel', {}, 'c'),
    ],
    scenes: [[say(occurs('b1', 'sos')), wait(5), { do: 'acknowledge', which: 0 }, wait(21)]],
    waitSeconds: [1, 3, 20, 61],
  },
  ['unknown', 'pending'],
);
