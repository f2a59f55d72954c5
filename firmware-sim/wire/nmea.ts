import type { Pack } from '../senml.ts';

interface Fix {
  readonly latitude: number;
  readonly longitude: number;
  readonly stampMs: number;
}

const KNOTS_PER_METER_A_SECOND = 3600 / 1852;
/** Mean length of a degree of latitude, WGS 84. */
const METERS_PER_DEGREE = 111_320;
/** Error of a receiver that corrects by satellite (SBAS), at a dilution of 1, 95 %. */
const METERS_AT_HDOP_ONE = 4.75;

/** NMEA 0183 section 5.3: exclusive or of all between `$` and `*`, in two hexadecimal digits. */
const sentence = (body: string): string => {
  let sum = 0;
  for (const byte of Buffer.from(body, 'latin1')) sum ^= byte;
  return `$${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}`;
};

const two = (value: number): string => String(value).padStart(2, '0');

const clockOf = (at: Date): string => {
  const hundredths = two(Math.floor(at.getUTCMilliseconds() / 10));
  return `${two(at.getUTCHours())}${two(at.getUTCMinutes())}${two(at.getUTCSeconds())}.${hundredths}`;
};

const dateOf = (at: Date): string => two(at.getUTCDate()) + two(at.getUTCMonth() + 1) + two(at.getUTCFullYear() % 100);

/** Degrees and minutes run together: ddmm.mmmmm. Rounded before it is cut in two: there is no minute 60. */
const angle = (degrees: number, digits: number, [plus, minus]: readonly [string, string]): string => {
  const scaled = Math.round(Math.abs(degrees) * 60 * 1e5);
  const whole = Math.floor(scaled / 6e6);
  const minutes = ((scaled - whole * 6e6) / 1e5).toFixed(5).padStart(8, '0');
  return `${String(whole).padStart(digits, '0')}${minutes},${degrees < 0 ? minus : plus}`;
};

const motion = (from: Fix | undefined, to: Fix): { readonly knots: number; readonly course: number } => {
  const seconds = from === undefined ? 0 : (to.stampMs - from.stampMs) / 1000;
  if (from === undefined || seconds <= 0) return { knots: 0, course: 0 };
  const north = (to.latitude - from.latitude) * METERS_PER_DEGREE;
  const shrink = Math.cos((to.latitude * Math.PI) / 180);
  const east = (to.longitude - from.longitude) * METERS_PER_DEGREE * shrink;
  const course = (Math.atan2(east, north) * 180) / Math.PI;
  const knots = (Math.hypot(north, east) / seconds) * KNOTS_PER_METER_A_SECOND;
  return { knots, course: course < 0 ? course + 360 : course };
};

/** A fix of a GPS tracker as its receiver tells it: RMC, then GGA (NMEA 0183 version 2.3), of the same second. */
export const nmeaLines = () => {
  let last: Fix | undefined;
  return (pack: Pack): readonly string[] => {
    const value = (name: string): number | undefined => pack.records.find(({ n }) => n === name)?.v;
    const latitude = value('latitude');
    const longitude = value('longitude');
    if (latitude === undefined || longitude === undefined) return [];
    const fix: Fix = { latitude, longitude, stampMs: pack.stampMs };
    const { knots, course } = motion(last, fix);
    last = fix;
    const at = new Date(pack.stampMs);
    const place = `${angle(latitude, 2, ['N', 'S'])},${angle(longitude, 3, ['E', 'W'])}`;
    const hdop = ((value('accuracy') ?? METERS_AT_HDOP_ONE) / METERS_AT_HDOP_ONE).toFixed(2);
    return [
      sentence(`GPRMC,${clockOf(at)},A,${place},${knots.toFixed(2)},${course.toFixed(1)},${dateOf(at)},,,D`),
      sentence(`GPGGA,${clockOf(at)},${place},2,09,${hdop},12.0,M,0.0,M,,0000`),
    ];
  };
};
