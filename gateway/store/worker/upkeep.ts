import type { Gauges } from '../gauges.ts';
import type { WorkerSettings } from '../protocol.ts';
import type { Followers } from './followers.ts';
import type { Keeper } from './keeper.ts';

/** Free pages in the file beyond this are given back to the disk; less is used again soon. */
const FREE_BYTES_MAX = 8 * 1024 * 1024;
const VACUUM_PAGES = 64;

/** With so many windows full the packing must catch up, and commits wait for longer. */
const BEHIND_WINDOWS = 2;
const CATCH_UP_MS = 50;

export interface UpkeepOptions {
  readonly keeper: Keeper;
  readonly settings: WorkerSettings;
  readonly gauges: Gauges;
  readonly followers?: Followers;
  monotonicMs(): number;
}

/** What the worker does between commits, a slice at a time. */
export interface Upkeep {
  /** The open window has become old enough to be packed. */
  packDue(): void;
  /** Does a slice; false: there is nothing to do. */
  slice(sliceMs: number): boolean;
  /** It does not keep up with what comes in. */
  readonly isBehind: boolean;
}

export const createUpkeep = ({ keeper, settings, gauges, followers, monotonicMs }: UpkeepOptions): Upkeep => {
  const { connection, history, log, snapshots } = keeper;
  let isDue = false;
  let isVacuumDue = true;

  const isBehind = (): boolean => history.openReadings >= BEHIND_WINDOWS * settings.packReadings;

  const pack = (sliceMs: number): boolean => {
    const { openReadings } = history;
    if (!history.isPacking) {
      if (openReadings === 0 || (openReadings < settings.packReadings && !isDue)) return false;
      isDue = false;
      history.startRound(log.lastSequence);
    }
    const endMs = monotonicMs() + (isBehind() ? CATCH_UP_MS : sliceMs);
    const before = history.packedReadings;
    const through = history.packOn(() => monotonicMs() >= endMs);
    gauges.add('packedReadings', history.packedReadings - before);
    if (through !== undefined) {
      connection.transaction(false, () => log.saveCursor('packed', through));
      log.moved('packed', through);
    }
    return true;
  };

  const saveCursors = (): boolean => followers?.save() ?? false;

  const trim = (): boolean => {
    const read = log.trimmable(Infinity);
    const rows = log.trim(connection, log.trimmable(settings.logBytesMax));
    if (rows.length === 0) return false;
    gauges.add('logRowsOverrun', rows.filter(({ sequence }) => sequence > read).length);
    followers?.trimmed(rows);
    isVacuumDue = true;
    return true;
  };

  const clean = (): boolean => {
    if (snapshots.isClean) return false;
    snapshots.clean(connection);
    return true;
  };

  const vacuum = (): boolean => {
    if (!isVacuumDue) return false;
    const freeBytes = Number(connection.pragma('freelist_count')) * Number(connection.pragma('page_size'));
    gauges.set('freeBytes', freeBytes);
    isVacuumDue = freeBytes > FREE_BYTES_MAX;
    if (isVacuumDue) connection.pragma(`incremental_vacuum(${VACUUM_PAGES})`);
    return isVacuumDue;
  };

  // In turn, so that none of them keeps the others waiting for ever; what gives room back comes when all are done.
  const chores = [pack, saveCursors, trim, clean];
  let next = 0;
  const chore = (sliceMs: number): boolean => {
    for (let tried = 0; tried < chores.length; tried += 1) {
      const didSome = chores[next]?.(sliceMs) ?? false;
      next = (next + 1) % chores.length;
      if (didSome) return true;
    }
    return false;
  };

  return {
    packDue: () => {
      isDue = true;
    },
    slice: (sliceMs) => chore(sliceMs) || vacuum(),
    get isBehind() {
      return isBehind();
    },
  };
};
