import type { ServerResponse } from 'node:http';
import type { StreamEvents } from '../contract.ts';
import type { Frame } from './log.ts';

/** Somebody who reads the stream. */
export interface Client {
  readonly response: ServerResponse;
  /** Undefined: every event. */
  readonly wants: ReadonlySet<keyof StreamEvents> | undefined;
  /** False once the log-in that opened it is no longer good. */
  mayRead(): boolean;
}

/** What may wait for one reader; who falls further behind is cut off, and goes on from its last event when it is back. */
const BUFFERED_BYTES_MAX = 1_048_576;

/** Writes to one reader; false when it has fallen too far behind, and was cut off. */
export const writeTo = ({ response }: Client, bytes: string | Buffer): boolean => {
  if (response.writableEnded || response.destroyed) return true;
  response.write(bytes);
  if (response.writableLength <= BUFFERED_BYTES_MAX) return true;
  response.destroy();
  return false;
};

const textOf = (frames: readonly Frame[]): string => frames.map(({ text }) => text).join('');

export const framesFor = ({ wants }: Client, frames: readonly Frame[]): string =>
  textOf(wants === undefined ? frames : frames.filter(({ event }) => wants.has(event) || event === 'reset'));
