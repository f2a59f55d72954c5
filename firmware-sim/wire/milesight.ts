import { z } from 'zod';
import type { SenmlRecord } from '../senml.ts';

/** Models that can be played. Layouts: Milesight-IoT/SensorDecoders, README of each model, "Telemetry". */
export const milesightModel = z.enum(['VS133', 'VS121', 'EM300-TH', 'CT101']);

export type MilesightModel = z.output<typeof milesightModel>;

type Layout = (value: (name: string) => number | undefined) => readonly (readonly number[] | undefined)[];

/** A record: channel, type, then the value in so many bytes, low byte first; undefined where there is no value. */
const record = (
  channel: number,
  type: number,
  bytes: number,
  value: number | undefined,
  scale = 1,
): readonly number[] | undefined => {
  if (value === undefined) return undefined;
  const scaled = Math.round(value * scale);
  return [channel, type, ...Array.from({ length: bytes }, (_, index) => Math.floor(scaled / 256 ** index) & 0xff)];
};

/** The short totals of VS121 begin again after 65,535. */
const shortTotals = (entries: number | undefined, exits: number | undefined): readonly number[] | undefined => {
  if (entries === undefined || exits === undefined) return undefined;
  return [0x0d, 0xcc, entries & 0xff, (entries >> 8) & 0xff, exits & 0xff, (exits >> 8) & 0xff];
};

const LAYOUTS: Readonly<Record<MilesightModel, Layout>> = {
  VS133: (value) => [record(0x03, 0xd2, 4, value('entries')), record(0x04, 0xd2, 4, value('exits'))],
  VS121: (value) => {
    const persons = value('occupancy');
    return [
      shortTotals(value('entries'), value('exits')),
      // All persons, number of regions (none), which of them are taken.
      persons === undefined ? undefined : [0x04, 0xc9, Math.min(persons, 255), 0, 0, 0],
    ];
  },
  'EM300-TH': (value) => [
    record(0x01, 0x75, 1, value('battery')),
    record(0x03, 0x67, 2, value('temperature'), 10),
    record(0x04, 0x68, 1, value('humidity'), 2),
  ],
  CT101: (value) => [record(0x04, 0x98, 2, value('current') ?? value('current/a'), 100)],
};

/** The payload in which this model would report what was measured; empty: it has no words for any of it. */
export const encodeMilesight = (model: MilesightModel, records: readonly SenmlRecord[]): Uint8Array => {
  const value = (name: string): number | undefined => records.find(({ n }) => n === name)?.v;
  return Uint8Array.from(LAYOUTS[model](value).flatMap((bytes) => bytes ?? []));
};
