import type { Clock } from './clock.ts';
import type { Accepted } from './listeners.ts';

/** Let in at once: logging in costs about a millisecond each, and those who are in should not wait longer than this. */
const PER_TURN = 20;

/**
 * New connections come in a few a turn of the loop. When the power of a hall comes back, ten thousand devices connect at
 * once; a badge among them that is in already is heard between them. The queue is bounded by the limit on connections,
 * which counts those who wait.
 */
export const admissions = (clock: Clock, enter: (connection: Accepted) => void): ((connection: Accepted) => void) => {
  let waiting: Accepted[] = [];
  let next = 0;
  const turn = (): void => {
    for (const connection of waiting.slice(next, next + PER_TURN)) {
      if (!connection.socket.destroyed) enter(connection);
    }
    next += PER_TURN;
    if (next < waiting.length) {
      clock.soon(turn);
      return;
    }
    waiting = [];
    next = 0;
  };
  return (connection) => {
    // It may break while it waits, with nobody else listening.
    connection.socket.on('error', () => undefined);
    waiting.push(connection);
    if (waiting.length === 1) clock.soon(turn);
  };
};
