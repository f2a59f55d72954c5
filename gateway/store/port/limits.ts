/** What may be taken in while so many bytes wait for the disk. */
export interface IntakeLimits {
  /** A reading whose sender is told nothing: the first to go. */
  takesReading(waitingBytes: number): boolean;
  /** A reading whose sender waits for the commit. It has a copy, and sends it again where it is not acknowledged. */
  takesAcknowledged(waitingBytes: number): boolean;
  /** Alarms, calls for help: the last to go, when the box itself is about to. */
  takesImportant(waitingBytes: number): boolean;
}

export const createIntakeLimits = (pendingBytesMax: number): IntakeLimits => ({
  takesReading: (bytes) => bytes < pendingBytesMax,
  takesAcknowledged: (bytes) => bytes < 2 * pendingBytesMax,
  takesImportant: (bytes) => bytes < 4 * pendingBytesMax,
});
