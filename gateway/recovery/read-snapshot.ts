import { z } from 'zod';
import type { DevicePart, EnginePart } from '../../rules/judge/capture.ts';
import type { SavedDevice, SavedSubject, Snapshot } from '../../rules/judge/snapshot.ts';
import type { Log } from '../log.ts';
import type { Recovery } from '../store/store.ts';
import { MEMORY_PREFIX } from './memory-capture.ts';

const engineSchema = z.looseObject({
  version: z.literal(1),
  atMs: z.number(),
  listeningSinceMs: z.number(),
  settings: z.record(z.string(), z.string()).optional(),
});

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Enough to tell what belongs where: what is in a state, its rule alone knows. */
const isSubject = (value: unknown): value is SavedSubject =>
  isRecord(value) &&
  typeof value.rule === 'string' &&
  typeof value.kind === 'string' &&
  typeof value.subject === 'string' &&
  typeof value.device === 'string' &&
  typeof value.channel === 'string' &&
  isRecord(value.state) &&
  typeof value.state.phase === 'string';

const isDevice = (value: unknown): value is SavedDevice =>
  isRecord(value) &&
  typeof value.id === 'string' &&
  typeof value.lastSeenMs === 'number' &&
  typeof value.behindMs === 'number';

const isDevicePart = (value: unknown): value is DevicePart =>
  isRecord(value) && isDevice(value.device) && Array.isArray(value.subjects) && value.subjects.every(isSubject);

/** A snapshot as it was put together, and the keys of its parts. */
export interface ReadSnapshot {
  readonly snapshot: Snapshot | undefined;
  /** What decoders remembered, by key. */
  readonly memories: readonly (readonly [key: string, memory: unknown])[];
  readonly keys: ReadonlySet<string>;
}

/** The last complete snapshot. A part that cannot be read is told and left out: its device begins anew. */
export const readSnapshot = async (recovery: Recovery, log: Log): Promise<ReadSnapshot> => {
  let engine: EnginePart | undefined;
  const devices: SavedDevice[] = [];
  const subjects: SavedSubject[] = [];
  const memories: (readonly [string, unknown])[] = [];
  const keys = new Set<string>();
  for await (const [key, part] of recovery.snapshot()) {
    keys.add(key);
    if (key === 'engine') engine = engineSchema.safeParse(part).data;
    else if (key.startsWith(MEMORY_PREFIX)) memories.push([key.slice(MEMORY_PREFIX.length), part]);
    else if (isDevicePart(part)) {
      devices.push(part.device);
      for (const subject of part.subjects) subjects.push(subject);
    } else if (isSubject(part)) subjects.push(part);
    else log.error({ key }, 'a part of the snapshot cannot be read: what it held begins anew');
  }
  if (engine === undefined) {
    if (keys.size > 0) log.error({ parts: keys.size }, 'the snapshot has no time: it is not used');
    return { snapshot: undefined, memories, keys };
  }
  const { atMs, listeningSinceMs, settings } = engine;
  return { snapshot: { version: 1, atMs, listeningSinceMs, settings, subjects, devices }, memories, keys };
};
