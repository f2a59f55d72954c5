const fahrenheit = (celsius: number): number => celsius * 1.8 + 32;
const celsius = (degreesF: number): number => (degreesF - 32) / 1.8;

/** Steadman's simple form, for where the regression does not hold. */
const simple = (t: number, rh: number): number => 0.5 * (t + 61 + (t - 68) * 1.2 + rh * 0.094);

const regression = (t: number, rh: number): number =>
  -42.379 +
  2.04901523 * t +
  10.14333127 * rh -
  0.22475541 * t * rh -
  0.00683783 * t * t -
  0.05481717 * rh * rh +
  0.00122874 * t * t * rh +
  0.00085282 * t * rh * rh -
  0.00000199 * t * t * rh * rh;

/** Dry heat feels cooler, and humid warmth warmer, than the regression says. */
const adjustment = (t: number, rh: number): number => {
  const dry = (Math.max(0, 13 - rh) / 4) * Math.sqrt(Math.max(0, 17 - Math.abs(t - 95)) / 17);
  const humid = t < 80 ? 0 : (Math.max(0, rh - 85) / 10) * (Math.max(0, 87 - t) / 5);
  return humid - dry;
};

/**
 * Heat index in the shade, °C, from air temperature, °C, and relative humidity, %: the simple formula averaged with the
 * temperature first; from 80 °F on the regression of Rothfusz (NWS SR 90-23) with its two adjustments.
 * Source: NOAA Weather Prediction Center, "The Heat Index Equation".
 */
export const heatIndexCelsius = (temperatureCelsius: number, humidityPercent: number): number => {
  const t = fahrenheit(temperatureCelsius);
  const rh = Math.min(100, humidityPercent);
  const mild = (simple(t, rh) + t) / 2;
  return celsius(mild < 80 ? mild : regression(t, rh) + adjustment(t, rh));
};
