import type { Vector } from '../actors/motion.ts';
import { manufacturerAdvert, SERVICE_DATA_OVERHEAD, serviceDataAdvert } from '../bluetooth/advertising.ts';
import { bthomeObjects, bthomeServiceData } from '../bluetooth/bthome.ts';
import { LEGACY_DATA_MAX } from '../bluetooth/events.ts';
import { ruuvi5Data } from '../bluetooth/ruuvi5.ts';
import { type Random, seededRandom } from '../random.ts';
import { numeric } from '../senml.ts';
import { type Chip, createAccelerometer, RUUVI_CHIP, SAMPLES_PER_SECOND, TAG_CHIP } from './accelerometer.ts';
import { createBody } from './body.ts';
import { type Mount, putOn } from './mount.ts';
import type { Performance } from './performance.ts';
import { plus } from './vectors.ts';

/**
 * How a badge tells what it measures. `ruuvi5`: the last sample and a movement counter each 1.285 s; `bthome`: the last
 * sample each 1.5 s, radiated three times; `bthome-event`: at a movement, and each 5 s.
 */
export type BadgeType = 'ruuvi5' | 'bthome' | 'bthome-event';

export const BADGE_TYPES: readonly BadgeType[] = ['ruuvi5', 'bthome', 'bthome-event'];

interface Radio {
  readonly chip: Chip;
  readonly everySeconds: number;
  /** A movement is told at once, but not more often than this; 0: not at all. */
  readonly eventSeconds: number;
  /** Of one message with all its repetitions. */
  readonly lostFraction: number;
}

/** A body between the badge and the receivers takes more. */
const LOST_WHILE_LYING = 0.2;

const RADIOS: Readonly<Record<BadgeType, Radio>> = {
  ruuvi5: { chip: RUUVI_CHIP, everySeconds: 1.285, eventSeconds: 0, lostFraction: 0.15 },
  bthome: { chip: TAG_CHIP, everySeconds: 1.5, eventSeconds: 0, lostFraction: 0.05 },
  'bthome-event': { chip: TAG_CHIP, everySeconds: 5, eventSeconds: 0.5, lostFraction: 0.05 },
};

export interface HeardAdvert {
  readonly atSeconds: number;
  readonly data: Buffer;
}

export interface WornBadge {
  /** Gravity as measured at calibration, g. */
  readonly upright: Vector;
  readonly adverts: readonly HeardAdvert[];
}

const STANDARD_GRAVITY = 9.80665;

const encode = (type: BadgeType, address: string, axes: Vector, movements: number, sequence: number): Buffer => {
  const [x, y, z] = axes;
  const records = [
    numeric('acceleration/x', 'm/s2', x * STANDARD_GRAVITY, 6),
    numeric('acceleration/y', 'm/s2', y * STANDARD_GRAVITY, 6),
    numeric('acceleration/z', 'm/s2', z * STANDARD_GRAVITY, 6),
  ];
  if (type === 'ruuvi5') {
    const data = ruuvi5Data([...records, numeric('movements', 'count', movements, 0)], address, sequence);
    return manufacturerAdvert(data ?? Buffer.alloc(0));
  }
  const objects = bthomeObjects(records, sequence, LEGACY_DATA_MAX - SERVICE_DATA_OVERHEAD - 1);
  return serviceDataAdvert(bthomeServiceData(objects ?? Buffer.alloc(0), undefined));
};

/** When the radio sends: by its clock, or as soon as something moves. */
const createPace = ({ everySeconds, eventSeconds }: Radio, random: Random) => {
  let next = random.between(0, everySeconds);
  let last = -Infinity;
  return (atSeconds: number, isActive: boolean): boolean => {
    const isEvent = isActive && eventSeconds > 0 && atSeconds - last >= eventSeconds;
    if (!isEvent && atSeconds < next) return false;
    last = atSeconds;
    // Bluetooth adds up to 10 ms so that two badges do not collide for ever.
    next = (isEvent ? atSeconds : next) + everySeconds + random.between(0, 0.01);
    return true;
  };
};

/** Everything that receivers hear of one badge while its wearer does something. The same seed gives the same bytes. */
export const wear = (
  performance: Performance,
  type: BadgeType,
  mount: Mount,
  seed: number,
  address: string,
): WornBadge => {
  const named = (name: string): Random => seededRandom(seed, `${type} ${mount} ${name}`);
  const radio = RADIOS[type];
  const body = createBody(performance, named('body'));
  const worn = putOn(mount, named('mount'));
  const accelerometer = createAccelerometer(radio.chip, named('chip'));
  const random = named('radio');
  const isDue = createPace(radio, random);
  const adverts: HeardAdvert[] = [];
  const step = 1 / SAMPLES_PER_SECOND;
  let movements = Math.floor(random.between(0, 255));
  let sequence = Math.floor(random.between(0, 60_000));
  for (let index = 0; index * step < performance.seconds; index += 1) {
    const atSeconds = index * step;
    const felt = body(atSeconds, step);
    const { axes, isActive, isEdge } = accelerometer.sense(worn.measure(felt, atSeconds, step));
    if (isEdge) movements += 1;
    // The radio wakes some time after the chip's last sample.
    const sendsAt = atSeconds + random.between(0, step);
    if (!isDue(sendsAt, isActive)) continue;
    sequence += 1;
    const lost = felt.phase.isLying ? radio.lostFraction + LOST_WHILE_LYING : radio.lostFraction;
    if (random.chance(lost)) continue;
    adverts.push({ atSeconds: sendsAt, data: encode(type, address, axes, movements, sequence) });
  }
  return { upright: plus(worn.upright, accelerometer.offset), adverts };
};
