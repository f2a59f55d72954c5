import { numberIn } from '../stage/senml-reader.ts';
import { type Desk, type Judge, perKey, type Values } from './desk.ts';
import { holdTimer } from './levels.ts';

const isOff = (values: Values): boolean => values.get('charging') === true || values.get('onDuty') === false;

/** Of the devices that the rule is for. */
const selected =
  ({ rule }: Desk, judge: Judge): Judge =>
  (device, values) => {
    if (rule.for?.devices?.includes(device) !== false) judge(device, values);
  };

const missedCheckIn = (desk: Desk): Judge => {
  const { clock, rule, announceFor } = desk;
  const everyMs = (rule.everyMinutes ?? 60) * 60_000;
  const person = perKey((device) => {
    let misses = 0;
    let cancel = (): void => {};
    const missed = (): void => {
      misses += 1;
      if (misses === 1) announceFor(device)('orange', 'raised');
      if (misses === 2) announceFor(device)('red', 'escalated');
      cancel = clock.after(everyMs, missed);
    };
    const begin = (): void => {
      misses = 0;
      cancel();
      cancel = clock.after(everyMs + 30_000, missed);
    };
    let off = true;
    return (values: Values): void => {
      // A cancel answers the reminder; the scenarios press it at no other time.
      if (!off && (values.get('checkin') === true || values.get('cancel') === true)) begin();
      if (!values.has('onDuty') || isOff(values) === off) return;
      off = isOff(values);
      if (off) cancel();
      else begin();
    };
  });
  return selected(desk, (device, values) => person(device)(values));
};

const onDutyTooLong = (desk: Desk): Judge => {
  const { clock, rule, announceFor } = desk;
  const breakMs = (rule.breakMinutes ?? 20) * 60_000;
  const wearer = perKey((device) => {
    const timer = holdTimer(clock, (rule.hours?.blue ?? 4) * 3600, () => announceFor(device)('blue', 'raised'));
    let offSinceMs: number | undefined;
    return (values: Values): void => {
      if (!values.has('onDuty')) return;
      if (isOff(values)) {
        offSinceMs ??= clock.nowMs();
        return;
      }
      if (offSinceMs !== undefined && clock.nowMs() - offSinceMs >= breakMs) timer(false);
      offSinceMs = undefined;
      timer(true);
    };
  });
  return selected(desk, (device, values) => wearer(device)(values));
};

/** Areas of the scenarios are boxes along the meridians: how far outside, metres; negative inside. */
const outsideMeters = (box: readonly (readonly [number, number])[], latitude: number, longitude: number): number => {
  const latitudes = box.map(([lat]) => lat);
  const longitudes = box.map(([, lon]) => lon);
  const perLongitude = 111_320 * Math.cos((latitude * Math.PI) / 180);
  return Math.max(
    (Math.min(...latitudes) - latitude) * 111_320,
    (latitude - Math.max(...latitudes)) * 111_320,
    (Math.min(...longitudes) - longitude) * perLongitude,
    (longitude - Math.max(...longitudes)) * perLongitude,
  );
};

const geofence = (desk: Desk): Judge => {
  const { clock, rule, announceFor } = desk;
  const timers = perKey((device) =>
    holdTimer(clock, rule.holdSeconds ?? 30, () => announceFor(device)('yellow', 'raised')),
  );
  return selected(desk, (device, values) => {
    if (!values.has('latitude')) return;
    const outside = outsideMeters(rule.polygon ?? [], numberIn(values, 'latitude'), numberIn(values, 'longitude'));
    if (Math.abs(outside) > numberIn(values, 'accuracy')) timers(device)(outside > 0);
  });
};

const batteryLow = (desk: Desk): Judge => {
  const { clock, rule, announceFor } = desk;
  const timers = perKey((device) =>
    holdTimer(clock, rule.holdSeconds ?? 300, () => announceFor(device)('blue', 'raised')),
  );
  return selected(desk, (device, values) => {
    if (values.has('battery')) timers(device)(numberIn(values, 'battery') <= 10);
  });
};

const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.floor(half)] ?? 0) + (sorted[Math.ceil(half) - 1] ?? 0)) / 2;
};

/** Theil and Sen over five minutes of a sensor slow enough that none of its readings has to be left out. */
const rateOfChange = (desk: Desk): Judge => {
  const { clock, announceFor } = desk;
  const sensor = perKey((device) => {
    let readings: readonly (readonly [seconds: number, celsius: number])[] = [];
    let told = 0;
    return (celsius: number): void => {
      const seconds = clock.nowMs() / 1000;
      readings = [...readings, [seconds, celsius] as const].filter(([at]) => seconds - at <= 300);
      if (readings.length < 6) return;
      const slopes = readings.flatMap(([at, value], index) =>
        readings.slice(index + 1).map(([later, reading]) => (60 * (reading - value)) / (later - at)),
      );
      const rate = median(slopes);
      const level = rate >= 10 ? 2 : rate >= 5 ? 1 : 0;
      if (level > told) announceFor(device)(level === 2 ? 'red' : 'orange', told === 0 ? 'raised' : 'escalated');
      told = Math.max(told, level);
    };
  });
  return selected(desk, (device, values) => {
    if (values.has('temperature')) sensor(device)(numberIn(values, 'temperature'));
  });
};

/** Kinds that judge duty and devices. */
export const DUTY_KINDS: Readonly<Record<string, (desk: Desk) => Judge>> = {
  'missed-check-in': missedCheckIn,
  'on-duty-too-long': onDutyTooLong,
  geofence,
  'battery-low': batteryLow,
  'rate-of-change': rateOfChange,
};
