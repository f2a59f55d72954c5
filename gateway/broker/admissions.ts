import type { FrontContext } from './front/context.ts';
import type { Accepted } from './listeners.ts';

/**
 * New connections enter once they have said something, and when it is their turn; until then they cost nothing but their
 * socket. The queue is bounded by the limit on connections, which counts those who wait. Who has spoken is not thrown out
 * for what is our own delay.
 */
export const admissions =
  ({ clock, limits, turns, warn }: FrontContext, enter: (connection: Accepted) => void) =>
  (connection: Accepted): void => {
    const { socket, address } = connection;
    const cancel = clock.after(limits.connectTimeoutMs, () => {
      warn(`closed ${address}`, { client: address, reason: 'nothing was sent in time' }, 'MQTT connection closed');
      socket.destroy();
    });
    // It may break while it waits, with nobody else listening.
    socket.on('error', () => undefined);
    socket.once('close', cancel);
    socket.once('readable', () => {
      cancel();
      socket.off('close', cancel);
      turns.admit({
        serve: () => {
          if (!socket.destroyed) enter(connection);
        },
      });
    });
  };
