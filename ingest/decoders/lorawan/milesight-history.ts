import { type Field, fieldAt, type Reader } from './milesight-table.ts';

/** A value that the device kept while it had no connection. */
export const HISTORY = 0x20ce;

/** Takes the field of a live record from where it stands in a kept one. */
const takeLive = (key: number, reader: Reader, view: DataView, at: number): void =>
  fieldAt(key, view, at)?.take?.(reader, view, at);

type Part = readonly [offset: number, key: number];

const kept = (length: number, parts: readonly Part[]): Field => ({
  length,
  take: (reader, view, at) => {
    reader.timeMs = view.getUint32(at, true) * 1000;
    for (const [offset, key] of parts) takeLive(key, reader, view, at + offset);
  },
});

const TEMPERATURE = 0x0367;
const HUMIDITY = 0x0468;

const climate = kept(8, [
  [4, TEMPERATURE],
  [6, HUMIDITY],
]);

const PULSES = 2;

/** EM300-DI: its input was a level or counted pulses. */
const pulses: Field = {
  length: 13,
  take: (reader, view, at) => {
    climate.take?.(reader, view, at);
    if (view.getUint8(at + 7) === PULSES) takeLive(0x05c8, reader, view, at + 9);
  },
};

/** Layouts by model; a stamp of four bytes comes first in all of them. */
const LAYOUTS: readonly (readonly [model: RegExp, field: Field])[] = [
  [/EM300-TH/i, climate],
  [
    /EM500-CO2/i,
    kept(11, [
      [4, 0x057d],
      [6, 0x0673],
      [8, TEMPERATURE],
      [10, HUMIDITY],
    ]),
  ],
  [/EM500-LGT/i, kept(8, [[4, 0x0394]])],
  [/EM500-PT100/i, kept(6, [[4, TEMPERATURE]])],
  [/EM300-DI/i, pulses],
];

const COUNTER = /VS13\d/i;

/** VS133: after the stamp, the channel number of the live record says what follows. */
const countsOfHistory = (view: DataView, at: number): Field | undefined => {
  if (at + 5 > view.byteLength) return kept(9, []);
  const channel = view.getUint8(at + 4);
  if (channel === 0x10 || channel === 0x20) return kept(8, []);
  if (channel === 0x0f) return kept(9, [[5, 0x0fe3]]);
  const total = (channel << 8) | 0xd2;
  return channel >= 0x03 && channel <= 0x1d ? kept(9, [[5, total]]) : undefined;
};

/** What a kept record holds; undefined: the model is not known, or keeps what nobody here knows. */
export const readingOfHistory = (view: DataView, at: number, model: string): Field | undefined =>
  COUNTER.test(model) ? countsOfHistory(view, at) : LAYOUTS.find(([pattern]) => pattern.test(model))?.[1];
