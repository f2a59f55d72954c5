import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { readAnew } from './read-anew.ts';

/** Reads the file that it is started with, answers, and ends. */
parentPort?.postMessage(readAnew(String(workerData), (path) => readFileSync(path, 'utf8')));
