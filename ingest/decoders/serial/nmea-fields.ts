/** Fields of NMEA 0183 sentences. An empty one is "not known": undefined. One that cannot be read is NaN. */

const DECIMAL = /^-?\d+(\.\d*)?$/;

export const decimal = (text: string | undefined): number | undefined => {
  if (text === undefined || text === '') return undefined;
  return DECIMAL.test(text) ? Number(text) : Number.NaN;
};

/** `5201.0687` and `N`: degrees and minutes run together, and which side of the equator or of Greenwich. */
export const angle = (
  text: string | undefined,
  side: string | undefined,
  [plus, minus]: readonly [string, string],
): number | undefined => {
  if (text === undefined || text === '') return undefined;
  const [, degrees = 'x', minutes = 'x'] = /^(\d{1,3})(\d\d(?:\.\d*)?)$/.exec(text) ?? [];
  if (!(Number(minutes) < 60) || (side !== plus && side !== minus)) return Number.NaN;
  const unsigned = Number(degrees) + Number(minutes) / 60;
  return side === minus ? -unsigned : unsigned;
};

/** `143054.000`: seconds since midnight, UTC. */
export const secondsOfDay = (text: string | undefined): number | undefined => {
  const [, hours, minutes, seconds] = /^(\d\d)(\d\d)(\d\d(?:\.\d*)?)$/.exec(text ?? '') ?? [];
  if (hours === undefined || minutes === undefined || seconds === undefined) return undefined;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) >= 61) return undefined;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
};

/** GPS began in 1980; the two digits of a year say no more. */
const FIRST_YEAR = 80;

/** `180708`: midnight of the 18th of July 2008, Unix milliseconds. */
export const midnight = (text: string | undefined): number | undefined => {
  const [, day, month, year] = /^(\d\d)(\d\d)(\d\d)$/.exec(text ?? '') ?? [];
  if (day === undefined || month === undefined || year === undefined) return undefined;
  const century = Number(year) >= FIRST_YEAR ? 1900 : 2000;
  const ms = Date.UTC(century + Number(year), Number(month) - 1, Number(day));
  const date = new Date(ms);
  // The 31st of February is a fault, not the 3rd of March.
  return date.getUTCDate() === Number(day) && date.getUTCMonth() === Number(month) - 1 ? ms : undefined;
};
