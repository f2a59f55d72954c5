import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { deepFreeze } from '../config/freeze.ts';
import { PACKAGE_ROOT } from '../version.ts';
import type { ReadAnew } from './read-anew.ts';

/** Compiled, also where the gateway itself runs from its sources: Node 20 starts no TypeScript. */
const WORKER = join(PACKAGE_ROOT, 'dist', 'gateway', 'reload', 'read-worker.js');

/**
 * Reads a venue file in a thread of its own: that of 10,000 badges takes more than a second, in which nothing would be
 * judged. Rejects where the thread fails.
 */
export const readInThread = (file: string): Promise<ReadAnew> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { workerData: file, name: 'venue file' });
    worker.once('message', (read: ReadAnew) => resolve(read.ok ? { ...read, config: deepFreeze(read.config) } : read));
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the thread that reads the venue file has ended without an answer')));
  });
