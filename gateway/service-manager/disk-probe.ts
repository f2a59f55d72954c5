import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

const PROBE_FILE = '.disk-probe';

/**
 * Whether the disk below the data directory still takes a write: one byte, synced, in a thread that is neither the main
 * one nor the store's. Resolves false where it refuses (full, read-only); never, while it does not answer.
 */
export const probeDisk = async (directory: string): Promise<boolean> => {
  const path = join(directory, PROBE_FILE);
  try {
    const file = await open(path, 'w', 0o600);
    try {
      await file.writeFile('.');
      await file.datasync();
    } finally {
      await file.close();
    }
    await rm(path);
    return true;
  } catch {
    return false;
  }
};
