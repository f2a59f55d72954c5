import type { Clock } from '../../../firmware-sim/clock.ts';
import { numberIn, valuesOf } from '../stage/senml-reader.ts';
import { type Announced, type Desk, type Judge, perKey, type Values } from './desk.ts';
import { DUTY_KINDS } from './duty.ts';
import { type Announce, holdTimer, ladder } from './levels.ts';
import { everySecondsOf, type ReferenceVenue } from './venue.ts';

const density = ({ venue, clock, announceFor }: Desk): Judge => {
  const zoneLadder = perKey((zone) => {
    const limits = venue.zones[zone]?.use === 'standing' ? [3, 4, 4.7] : [2, 3, 4];
    const steps = limits.map((limit) => ({ limit, holdSeconds: 10 }));
    return ladder(clock, { steps, clearSeconds: 30, deadband: 0.2 }, announceFor(zone));
  });
  return (device, values) => {
    const zone = venue.devices[device]?.zone ?? '';
    const areaM2 = venue.zones[zone]?.areaM2;
    if (areaM2 === undefined || !values.has('entries')) return;
    zoneLadder(zone)((numberIn(values, 'entries') - numberIn(values, 'exits')) / areaM2);
  };
};

const threshold = ({ rule, clock, announceFor }: Desk): Judge => {
  const { above = { yellow: 35, orange: 40, red: 60 }, holdSeconds = 0, clearSeconds = 0, deadband = 0 } = rule;
  const deviceLadder = perKey((device) => {
    const steps = [above.yellow, above.orange, above.red].map((limit) => ({ limit, holdSeconds }));
    return ladder(clock, { steps, clearSeconds, deadband }, announceFor(device));
  });
  return (device, values) => {
    if (values.has('temperature')) deviceLadder(device)(numberIn(values, 'temperature'));
  };
};

/** Seconds to the trip on the very-inverse curve, IEC 60255-151: 13.5 / (I/Is - 1). */
const circuit = ({ clock, rule }: Desk, ratedAmps: number, announce: Announce) => {
  const steps = [
    { limit: 0.8, holdSeconds: rule.continuousSeconds ?? 10_800 },
    { limit: 1, holdSeconds: 5 },
  ];
  const judge = ladder(clock, { steps, clearSeconds: 30, deadband: 0.05 }, announce);
  let integral = 0;
  let sinceMs = clock.nowMs();
  let multiple = 0;
  let tripped = false;
  return (amps: number): void => {
    const passedSeconds = (clock.nowMs() - sinceMs) / 1000;
    integral = multiple > 1 ? integral + (passedSeconds * (multiple - 1)) / 13.5 : integral - passedSeconds / 60;
    integral = Math.max(0, integral);
    sinceMs = clock.nowMs();
    multiple = amps / ratedAmps;
    judge(multiple);
    if (integral >= 1 && !tripped) announce('red', 'escalated');
    tripped = integral >= 1 || (tripped && integral > 0);
  };
};

const overcurrent = (desk: Desk): Judge => {
  const circuitOf = perKey((subject) => {
    const [device = '', channel = ''] = subject.split('/');
    const rated: Readonly<Record<string, number>> = desk.venue.devices[device]?.ratedAmps ?? {};
    return circuit(desk, rated[channel] ?? rated[''] ?? Number.POSITIVE_INFINITY, desk.announceFor(subject));
  });
  return (device, values) => {
    for (const [name, value] of values) {
      if (!name.startsWith('current') || typeof value !== 'number') continue;
      circuitOf(`${device}${name.slice('current'.length)}`)(value);
    }
  };
};

const accelerationOf = (values: Values): readonly [number, number, number] => [
  numberIn(values, 'acceleration/x') / 9.80665,
  numberIn(values, 'acceleration/y') / 9.80665,
  numberIn(values, 'acceleration/z') / 9.80665,
];

/** Asks the wearer; what comes after: 15 s if the badge confirms within 3 s, else 3 s. */
const tilt = ({ venue, clock, buzz, announceFor }: Desk): Judge => {
  const wearer = perKey((device) => {
    const announce = announceFor(device);
    let asked = false;
    let cancel = (): void => {};
    const raise = (): void => announce('orange', 'raised');
    const held = holdTimer(clock, 10, () => {
      asked = true;
      cancel = clock.after(3000, raise);
      buzz(device, `tilt-${device}`);
    });
    const word = (values: Values): void => {
      if (values.has('done') && asked) {
        cancel();
        cancel = clock.after(15_000, raise);
      }
      if (values.has('cancel')) cancel();
    };
    return { held, word, upright: () => cancel() };
  });
  return (device, values) => {
    const reference = venue.badges[device]?.upright;
    if (reference === undefined) return;
    const { held, word, upright } = wearer(device);
    word(values);
    if (!values.has('acceleration/x')) return;
    const [x, y, z] = accelerationOf(values);
    const length = Math.hypot(x, y, z);
    if (length < 0.8 || length > 1.2) return;
    const cosine = (x * reference[0] + y * reference[1] + z * reference[2]) / length;
    const degrees = (Math.acos(Math.max(-1, Math.min(1, cosine))) * 180) / Math.PI;
    held(degrees > 45);
    if (degrees <= 45) upright();
  };
};

const stillness = ({ venue, clock, announceFor }: Desk): Judge => {
  const wearer = perKey((device) => {
    let pose: readonly number[] = [];
    const timer = holdTimer(clock, 1800, () => announceFor(device)('orange', 'raised'));
    // Silence is not stillness: 15 s without a sample stop the time for good here.
    const silence = perKey(() => holdTimer(clock, 15, () => timer(false)))('');
    return (values: Values): void => {
      silence(false);
      silence(true);
      const now = [...accelerationOf(values), numberIn(values, 'movements')];
      const change = Math.hypot(...now.slice(0, 3).map((value, axis) => value - (pose[axis] ?? 99)));
      const paused = values.get('charging') === true || values.get('onDuty') === false;
      if (change > 0.1 || now[3] !== pose[3] || paused) {
        pose = now;
        timer(false);
      }
      timer(!paused);
    };
  });
  return (device, values) => {
    if (venue.badges[device] !== undefined && values.has('acceleration/x')) wearer(device)(values);
  };
};

const sos = ({ announceFor }: Desk): Judge => {
  const seen = new Set<string>();
  return (device, values) => {
    const identity = `${device}#${String(values.get('seq'))}`;
    if (values.get('sos') !== true || seen.has(identity)) return;
    seen.add(identity);
    announceFor(device)('red', 'raised');
  };
};

const silent = ({ venue, rule, clock, announceFor }: Desk): Judge => {
  const occupied = new Map<string, boolean>();
  const timers = perKey((device) => {
    const profile = venue.devices[device]?.profile ?? 'badge';
    return holdTimer(clock, 3 * everySecondsOf(venue, profile), () =>
      announceFor(device)(occupied.get(device) === true ? 'orange' : 'yellow', 'raised'),
    );
  });
  return (device, values) => {
    const profile = venue.devices[device]?.profile ?? 'badge';
    if (rule.for?.profiles?.includes(profile) === false) return;
    if (values.has('entries')) occupied.set(device, numberIn(values, 'entries') > numberIn(values, 'exits'));
    timers(device)(false);
    timers(device)(true);
  };
};

const KINDS: Readonly<Record<string, (desk: Desk) => Judge>> = {
  'crowd-density': density,
  overcurrent,
  threshold,
  tilt,
  stillness,
  sos,
  silent,
  ...DUTY_KINDS,
};

/** A plain second reading of DESIGN section 6, to check scenarios against before any gateway sees them. */
export const referenceJudge = (venue: ReferenceVenue, clock: Clock, buzz: Desk['buzz']) => {
  const announced: Announced[] = [];
  const judges = venue.rules.map((rule) => {
    const kind = KINDS[rule.kind];
    if (kind === undefined) throw new Error(`no reference for ${rule.kind}`);
    const announceFor =
      (subject: string): Announce =>
      (severity, transition) =>
        announced.push({ atSeconds: clock.nowMs() / 1000, kind: rule.kind, subject, severity, transition });
    return kind({ venue, rule, clock, buzz, announceFor });
  });
  const take = (device: string, payload: Uint8Array): void => {
    const values = valuesOf(payload);
    for (const judge of judges) judge(device, values);
  };
  return { take, announced };
};
