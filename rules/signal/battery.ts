import type { Limits } from './scale-schema.ts';

export const CHEMISTRIES = ['lithium-primary', 'lithium-ion', 'lifepo4', 'alkaline', 'nimh', 'lead-acid-12v'] as const;

export type Chemistry = (typeof CHEMISTRIES)[number];

/**
 * Volts of one cell (of the whole battery for `lead-acid-12v`) under the light load of a sensor: about 10 % left, and
 * about to fail.
 *
 * `lithium-primary` (CR2032, CR2477): flat at 2.9 V, then the knee; Ruuvi Station warns at 2.5 V above 0 °C, and most
 * radios fail near 2.0 V. `lithium-ion`: 3.5 V is about 10 % at rest, protection circuits cut at 3.0 V or below.
 * `lifepo4`: 3.0 V, cut at 2.5 V. `alkaline`: end of most data sheets' curves at 0.9 V. `nimh`: 1.0 V is the discharged
 * cell of IEC 61951-2. `lead-acid-12v`: 11.8 V at rest is about 10 to 20 %, 10.8 V (1.8 V a cell) its final voltage.
 */
export const CELL_VOLTS: Readonly<Record<Chemistry, { readonly blue: number; readonly yellow: number }>> = {
  'lithium-primary': { blue: 2.5, yellow: 2.2 },
  'lithium-ion': { blue: 3.5, yellow: 3.3 },
  lifepo4: { blue: 3.0, yellow: 2.8 },
  alkaline: { blue: 1.1, yellow: 1.0 },
  nimh: { blue: 1.15, yellow: 1.05 },
  'lead-acid-12v': { blue: 11.8, yellow: 11.3 },
};

/** Volts of a battery of so many such cells in series. */
export const batteryVoltsOf = (chemistry: Chemistry, cells: number): Limits => {
  const { blue, yellow } = CELL_VOLTS[chemistry];
  return { blue: blue * cells, yellow: yellow * cells };
};
