import { hashSecret } from '../../../gateway/broker/clients/credentials.ts';
import { venueYaml } from '../fixture.ts';

/** Judged seconds to a real one. */
export const SPEED = 5;
export const EVENING_SECONDS = 570;
/** What the venue is told to expect. */
const EXPECTED_SECONDS = 10;
/** So often that a first report comes soon after a start: what was due while down is told with it. */
const REPORT_SECONDS = 2.5;

export const GUARD = { username: 'phone', password: 'a-guard-secret-of-sixteen' } as const;

export const VENUE = venueYaml(`
zones:
  pit: { name: { zh: 台前区, en: Pit }, areaM2: 100, use: standing }
  lane: { name: { zh: 通道, en: Lane }, areaM2: 50, use: moving }
profiles:
  badge: { reports: { everySeconds: ${EXPECTED_SECONDS} } }
  climate: { reports: { everySeconds: ${EXPECTED_SECONDS} } }
  people-counter: { reports: { everySeconds: ${EXPECTED_SECONDS} } }
  current-clamp: { reports: { everySeconds: ${EXPECTED_SECONDS} } }
roles: { steward: {}, guard: {} }
badges:
  caller-1: { role: steward }
  caller-2: { role: steward }
  caller-3: { role: steward }
  caller-4: { role: steward }
  caller-5: { role: steward }
  caller-6: { role: steward }
  faller-1: { role: steward }
  faller-2: { role: steward }
  sleeper-1: { role: steward }
  sleeper-2: { role: steward }
devices:
  pit-counter: { profile: people-counter, zone: pit }
  lane-counter: { profile: people-counter, zone: lane }
  stage-power: { profile: current-clamp, ratedAmps: 32 }
  bar-power: { profile: current-clamp, ratedAmps: 32 }
  hall-temp: { profile: climate }
  oven-temp: { profile: climate }
  dead-1: { profile: climate }
  dead-2: { profile: climate }
clients: { phone: { secretSha256: ${hashSecret(GUARD.password)}, role: guard } }
rules:
  - { id: help, kind: sos }
  - { id: fallen, kind: tilt }
  - { id: motionless, kind: stillness, minutes: 2, preAlarmSeconds: 30 }
  - { id: density, kind: crowd-density }
  - { id: overload, kind: overcurrent, continuousSeconds: 60 }
  - id: heat
    kind: threshold
    metric: temperatureCelsius
    above: { yellow: 35, orange: 40 }
    holdSeconds: 30
    clearSeconds: 20
    deadband: 1
  - { id: quiet, kind: silent }
security: { anonymous: loopback }
data: { commitEveryMs: 250 }
`);

/** Something that a device sends, by the second of the evening. */
export interface Message {
  readonly atSeconds: number;
  readonly device: string;
  readonly payload: string;
  /** A call for help: what its sender must never be told was heard, and then lost. */
  readonly isCall: boolean;
}

type Records = readonly object[];

const acceleration = (x: number, y: number, z: number): Records => [
  { n: 'acceleration/x', u: 'm/s2', v: 9.8 * x },
  { n: 'acceleration/y', u: 'm/s2', v: 9.8 * y },
  { n: 'acceleration/z', u: 'm/s2', v: 9.8 * z },
];
const walking = (t: number): Records => acceleration(0, Math.floor(t / REPORT_SECONDS) % 2 === 0 ? 0.3 : -0.3, 0.95);
const lying = acceleration(1, 0, 0);
const standing = acceleration(0, 0, 1);
const celsius = (v: number): Records => [{ n: 'temperature', u: 'Cel', v }];
const amps = (v: number): Records => [{ n: 'current', u: 'A', v }];
const entered = (v: number): Records => [
  { n: 'entries', u: 'count', v },
  { n: 'exits', u: 'count', v: 0 },
];

/** The value of the last step that has begun. */
const steps =
  (...list: readonly (readonly [fromSeconds: number, value: number])[]) =>
  (t: number): number =>
    list.findLast(([from]) => from <= t)?.[1] ?? 0;

const people = steps([0, 0], [60, 340], [180, 430], [300, 530]);
const queue = steps([0, 0], [220, 120], [340, 170]);
const stage = steps([0, 20], [80, 28], [200, 40]);
const bar = steps([0, 11], [350, 36]);
const hall = steps([0, 24], [120, 37.5], [280, 47]);
const oven = steps([0, 24], [40, 38], [160, 24], [380, 38]);

/** What each device reports at a second of the evening; undefined: it is dead. */
const DEVICES: Readonly<Record<string, (t: number) => Records | undefined>> = {
  'caller-1': walking,
  'caller-2': walking,
  'caller-3': walking,
  'caller-4': walking,
  'caller-5': walking,
  'caller-6': walking,
  'faller-1': (t) => (t >= 90 ? lying : walking(t)),
  'faller-2': (t) => (t >= 400 ? lying : walking(t)),
  'sleeper-1': (t) => (t >= 70 ? standing : walking(t)),
  'sleeper-2': (t) => (t >= 300 ? standing : walking(t)),
  'pit-counter': (t) => entered(people(t)),
  'lane-counter': (t) => entered(queue(t)),
  'stage-power': (t) => amps(stage(t)),
  'bar-power': (t) => amps(bar(t)),
  'hall-temp': (t) => celsius(hall(t)),
  'oven-temp': (t) => celsius(oven(t)),
  'dead-1': (t) => (t >= 140 ? undefined : celsius(21)),
  'dead-2': (t) => (t >= 360 ? undefined : celsius(21)),
};

const CALLS: readonly (readonly [atSeconds: number, device: string])[] = [
  [63, 'caller-1'],
  [199, 'caller-2'],
  [335, 'caller-3'],
  [132, 'caller-4'],
  [295, 'caller-5'],
  [470, 'caller-6'],
];

/** When what leads to an alarm begins, by `rule subject severity`: a gateway that is down from then on is late. */
export const CAUSES: ReadonlyMap<string, readonly number[]> = new Map([
  ['help caller-1 red', [63]],
  ['help caller-2 red', [199]],
  ['help caller-3 red', [335]],
  ['help caller-4 red', [132]],
  ['help caller-5 red', [295]],
  ['help caller-6 red', [470]],
  ['fallen faller-1 orange', [90]],
  ['fallen faller-2 orange', [400]],
  ['motionless faller-1 orange', [90]],
  ['motionless faller-2 orange', [400]],
  ['motionless sleeper-1 orange', [70]],
  ['motionless sleeper-2 orange', [300]],
  ['density pit yellow', [60]],
  ['density pit orange', [180]],
  ['density pit red', [300]],
  ['density lane yellow', [220]],
  ['density lane orange', [340]],
  ['overload stage-power yellow', [80]],
  ['overload stage-power orange', [200]],
  ['overload stage-power red', [200]],
  ['overload bar-power orange', [350]],
  ['overload bar-power red', [350]],
  ['heat hall-temp yellow', [120]],
  ['heat hall-temp orange', [280]],
  ['heat oven-temp yellow', [40, 380]],
  ['quiet dead-1 yellow', [137.5]],
  ['quiet dead-2 yellow', [357.5]],
]);

/**
 * Alarms that the guard takes on as soon as they are seen after a second of the evening, which is well after they have
 * become as grave as they get: a rise would void it.
 */
export const ACKNOWLEDGED: readonly (readonly [atSeconds: number, rule: string, subject: string])[] = [
  [76, 'help', 'caller-1'],
  [118, 'fallen', 'faller-1'],
  [210, 'quiet', 'dead-1'],
  [229, 'help', 'caller-2'],
  [260, 'motionless', 'sleeper-1'],
  [285, 'motionless', 'faller-1'],
  [350, 'overload', 'stage-power'],
  [370, 'density', 'pit'],
  [395, 'density', 'lane'],
  [401, 'help', 'caller-3'],
  [440, 'quiet', 'dead-2'],
  [450, 'heat', 'hall-temp'],
  [480, 'fallen', 'faller-2'],
  [490, 'motionless', 'sleeper-2'],
  [515, 'overload', 'bar-power'],
  [550, 'motionless', 'faller-2'],
];

/** Everything that is sent in the evening, in order; each device at its own time within the interval. */
export const messages = (): readonly Message[] => {
  const reports = Object.entries(DEVICES).flatMap(([device, report], index) =>
    Array.from({ length: EVENING_SECONDS / REPORT_SECONDS }, (_, round) => {
      const atSeconds = round * REPORT_SECONDS + (index * REPORT_SECONDS) / Object.keys(DEVICES).length;
      const records = report(atSeconds);
      return records === undefined ? [] : [{ atSeconds, device, payload: JSON.stringify(records), isCall: false }];
    }).flat(),
  );
  const calls = CALLS.map(([atSeconds, device], index) => {
    const payload = JSON.stringify([
      { n: 'seq', v: index + 1 },
      { n: 'sos', vb: true },
    ]);
    return { atSeconds, device, payload, isCall: true };
  });
  return [...reports, ...calls].toSorted((a, b) => a.atSeconds - b.atSeconds);
};
