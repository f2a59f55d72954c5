import type { DevicePart, EnginePart } from '../../rules/judge/capture.ts';
import type { SavedDevice, SavedSubject, Snapshot } from '../../rules/judge/snapshot.ts';
import { MEMORY_PREFIX } from '../recovery/memory-capture.ts';
import type { Beginning, RunStart, StatePart } from './records.ts';

/** Of each list, in one record: small against a block. */
const PART = 500;

const pieces = <T>(list: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(list.length / PART) }, (_, index) => list.slice(index * PART, (index + 1) * PART));

const headerOf = (snapshot: Snapshot | undefined): readonly StatePart[] => {
  if (snapshot === undefined) return [];
  const { devices: _, subjects: __, ...header } = snapshot;
  return [{ snapshot: header }];
};

/** What a gateway begins from, in pieces. */
export const stateParts = ({ snapshot, memories, alarms, outOfService }: Beginning): readonly StatePart[] => [
  ...headerOf(snapshot),
  ...pieces(snapshot?.devices ?? []).map((devices) => ({ devices })),
  ...pieces(snapshot?.subjects ?? []).map((subjects) => ({ subjects })),
  ...pieces(memories).map((part) => ({ memories: part })),
  ...pieces(alarms).map((part) => ({ alarms: part })),
  ...pieces(outOfService).map((part) => ({ outOfService: part })),
];

/** Parts of a snapshot, as they are put into the store. */
export type SnapshotParts = readonly (readonly [
  key: string,
  part: EnginePart | DevicePart | SavedSubject | object | undefined,
])[];

/** Some parts of a snapshot as a piece of what a gateway begins from. */
export const statePartOf = (parts: SnapshotParts): StatePart => {
  const devices: SavedDevice[] = [];
  const subjects: SavedSubject[] = [];
  const memories: (readonly [string, unknown])[] = [];
  let snapshot: StatePart['snapshot'];
  for (const [key, part] of parts) {
    if (part === undefined) continue;
    if (key.startsWith(MEMORY_PREFIX)) memories.push([key.slice(MEMORY_PREFIX.length), part]);
    else if (isDevice(part)) {
      devices.push(part.device);
      subjects.push(...part.subjects);
    } else if (isEngine(part)) snapshot = part;
    else if (isSubject(part)) subjects.push(part);
  }
  return { devices, subjects, memories, ...(snapshot === undefined ? {} : { snapshot }) };
};

const isDevice = (part: object): part is DevicePart => 'device' in part && 'subjects' in part;
const isEngine = (part: object): part is EnginePart => 'listeningSinceMs' in part;
const isSubject = (part: object): part is SavedSubject => 'rule' in part && 'state' in part;

/** The pieces put together again. */
export const beginningOf = (start: RunStart, parts: readonly StatePart[]): Beginning => {
  const header = parts.find(({ snapshot }) => snapshot !== undefined)?.snapshot;
  return {
    // A keyframe is of a moment in which nothing was down.
    startedMs: start.isKeyframe === true ? (header?.atMs ?? start.startedMs) : start.startedMs,
    snapshot: header && {
      ...header,
      devices: parts.flatMap(({ devices = [] }) => devices),
      subjects: parts.flatMap(({ subjects = [] }) => subjects),
    },
    memories: parts.flatMap(({ memories = [] }) => memories),
    alarms: parts.flatMap(({ alarms = [] }) => alarms),
    outOfService: parts.flatMap(({ outOfService = [] }) => outOfService),
  };
};
