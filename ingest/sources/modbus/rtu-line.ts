import type { Duplex } from 'node:stream';
import { createClient, readBy } from './client.ts';
import { GuardedPort } from './guarded-port.ts';
import type { Answer, Line, LineEvents } from './line.ts';

const LOST: Answer = { type: 'lost' };

/** A bus on an open serial port. */
export const rtuLine = (stream: Duplex, events: LineEvents): Line => {
  const port = new GuardedPort({ stream, onLate: events.onLate });
  const client = createClient(port);
  client.open(() => undefined);
  const { promise: released, resolve: release } = withResolvers();
  return {
    read: async (poll) => {
      const answer = await Promise.race([readBy(client, poll), released]);
      if (answer.type !== 'timeout') return answer;
      return port.giveUp() ? { type: 'fragments' } : answer;
    },
    get strayBytes() {
      return port.strayBytes;
    },
    release: () => {
      client.destroy(() => undefined);
      release();
    },
  };
};

/** Resolves with "lost" when it is told to. */
const withResolvers = (): { readonly promise: Promise<Answer>; resolve(): void } => {
  let resolve = (): void => undefined;
  const promise = new Promise<Answer>((settle) => {
    resolve = () => settle(LOST);
  });
  return { promise, resolve };
};
