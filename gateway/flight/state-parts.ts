import type { Beginning, RunStart, StatePart } from './records.ts';

/** Of each list, in one record: small against a block. */
const PART = 500;

const pieces = <T>(list: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(list.length / PART) }, (_, index) => list.slice(index * PART, (index + 1) * PART));

/** What a gateway begins from, in pieces. */
export const stateParts = ({ snapshot, memories, alarms, outOfService }: Beginning): readonly StatePart[] => [
  ...pieces(snapshot?.devices ?? []).map((devices) => ({ devices })),
  ...pieces(snapshot?.subjects ?? []).map((subjects) => ({ subjects })),
  ...pieces(memories).map((part) => ({ memories: part })),
  ...pieces(alarms).map((part) => ({ alarms: part })),
  ...pieces(outOfService).map((part) => ({ outOfService: part })),
];

/** The pieces put together again. */
export const beginningOf = (start: RunStart, parts: readonly StatePart[]): Beginning => ({
  startedMs: start.startedMs,
  snapshot: start.snapshot && {
    ...start.snapshot,
    devices: parts.flatMap(({ devices = [] }) => devices),
    subjects: parts.flatMap(({ subjects = [] }) => subjects),
  },
  memories: parts.flatMap(({ memories = [] }) => memories),
  alarms: parts.flatMap(({ alarms = [] }) => alarms),
  outOfService: parts.flatMap(({ outOfService = [] }) => outOfService),
});
