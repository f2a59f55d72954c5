import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FILE_NAME } from './format.ts';

/** Of the data directory. */
export const FLIGHT_FOLDER = 'flight';

export interface FlightFile {
  readonly number: number;
  readonly path: string;
  readonly bytes: number;
  readonly changedMs: number;
}

const entriesIn = (directory: string): readonly string[] => {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
};

/** The files of a recording, oldest first. */
export const flightFiles = (directory: string): readonly FlightFile[] =>
  entriesIn(directory)
    .flatMap((name) => {
      const number = FILE_NAME.exec(name)?.[1];
      if (number === undefined) return [];
      const path = join(directory, name);
      const { size, mtimeMs } = statSync(path);
      return [{ number: Number(number), path, bytes: size, changedMs: mtimeMs }];
    })
    .toSorted((a, b) => a.number - b.number);
