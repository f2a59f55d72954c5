import type { Device } from '../../ingest/model/device.ts';
import type { Deadline } from './deadlines.ts';
import type { JudgedSubject } from './subject.ts';

/** A device as the engine knows it: which subjects it feeds, and when it was last heard. */
export class DeviceEntry implements Deadline {
  dueMs = Infinity;
  queuedMs = Infinity;
  /** -1: never. */
  lastSeenMs = -1;
  silent = false;
  /** Subjects fed by its channel `''`. */
  readonly main: readonly JudgedSubject[];
  channels: Map<string, readonly JudgedSubject[]> | undefined;
  readonly device: Device;
  /** 0: no clock says when it is silent. */
  readonly silentAfterMs: number;

  constructor(device: Device, silentAfterMs: number, main: readonly JudgedSubject[]) {
    this.device = device;
    this.silentAfterMs = silentAfterMs;
    this.main = main;
  }
}

/** Every subject the device feeds, each once. */
export const subjectsOf = (entry: DeviceEntry): readonly JudgedSubject[] => {
  if (entry.channels === undefined) return entry.main;
  const all = new Set(entry.main);
  for (const subjects of entry.channels.values()) for (const subject of subjects) all.add(subject);
  return [...all];
};
