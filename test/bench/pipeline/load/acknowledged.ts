import { setTimeout as sleep } from 'node:timers/promises';
import type { PacketStream } from './stream.ts';

/** What each connection has under way without an acknowledgement. */
const WINDOW = 100;
const PUBACK_BYTES = 4;
const WARM_UP_MS = 1_500;

/**
 * Every connection keeps a window of messages at QoS 1 under way: each PUBACK lets it send another. Nothing but PUBACKs
 * comes from the other side.
 */
export const acknowledgedRate = async (
  streams: readonly PacketStream[],
  seconds: number,
): Promise<{ readonly acknowledged: number; readonly perSecond: number }> => {
  let isSending = true;
  let bytes = 0;
  const begin = (stream: PacketStream): (() => void) => {
    let partial = 0;
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      partial += chunk.length;
      const count = Math.floor(partial / PUBACK_BYTES);
      partial -= count * PUBACK_BYTES;
      if (isSending && count > 0) stream.send(count);
    };
    stream.socket.on('data', onData);
    stream.send(WINDOW);
    return () => stream.socket.off('data', onData);
  };
  const ends = streams.map(begin);
  await sleep(WARM_UP_MS);
  const startedMs = performance.now();
  const before = bytes;
  await sleep(seconds * 1000);
  const acknowledged = (bytes - before) / PUBACK_BYTES;
  const perSecond = (acknowledged * 1000) / (performance.now() - startedMs);
  isSending = false;
  for (const end of ends) end();
  return { acknowledged, perSecond };
};
