import { monotonicUs } from '../../measure.ts';
import { publishPacket } from '../packets.ts';
import { PROBE_LIST, probePayload, topicOf } from '../venue.ts';
import type { PacketStream } from './stream.ts';

export interface SteadyResult {
  readonly sent: number;
  /** Device and time of publishing of everything that must raise an alarm, microseconds of CLOCK_MONOTONIC. */
  readonly probes: readonly (readonly [device: string, us: number])[];
}

const PROBES_PER_SECOND = 200;
/** A probe is ended so many probes later: its value is normal again well before its next turn. */
const COOL_AFTER = 100;
const MESSAGES_PER_WRITE = 4;
/** More than that unsent: the receiver is hopelessly behind, and more would only fill our memory. */
const MAX_UNSENT_BYTES = 64_000_000;

const packetsOf = (hot: boolean): readonly Buffer[] =>
  PROBE_LIST.map(({ id }) => publishPacket(topicOf(id), probePayload(hot)));

/** Which probe is next goes on over runs, so that each has cooled before its turn comes again. */
export const steadyLoad = (streams: readonly PacketStream[]) => {
  const hot = packetsOf(true);
  const cool = packetsOf(false);
  let turn = 0;
  let nextStream = 0;
  let probes: (readonly [string, number])[] = [];

  const socketOf = (probe: number) => streams[probe % streams.length]?.socket;
  const probe = (): void => {
    const at = turn % PROBE_LIST.length;
    const ended = (turn + PROBE_LIST.length - COOL_AFTER) % PROBE_LIST.length;
    turn += 1;
    probes.push([PROBE_LIST[at]?.id ?? '', monotonicUs()]);
    socketOf(at)?.write(hot[at] ?? '');
    socketOf(ended)?.write(cool[ended] ?? '');
  };
  /** Spread over the connections, a few messages a write, as bridges send them. */
  const spread = (count: number): void => {
    const each = Math.max(MESSAGES_PER_WRITE, Math.ceil(count / streams.length));
    for (let left = count; left > 0; left -= each) {
      streams[nextStream % streams.length]?.send(Math.min(each, left));
      nextStream += 1;
    }
  };
  const isFull = (): boolean =>
    streams.reduce((bytes, { socket }) => bytes + socket.writableLength, 0) > MAX_UNSENT_BYTES;

  /** Publishes at a rate, whether the receiver keeps up or not. */
  const run = async (perSecond: number, seconds: number): Promise<SteadyResult> => {
    probes = [];
    const startedMs = performance.now();
    let sent = 0;
    let probed = 0;
    for (;;) {
      const elapsed = Math.min(seconds, (performance.now() - startedMs) / 1000);
      for (const due = Math.floor(elapsed * PROBES_PER_SECOND); probed < due; probed += 1) probe();
      const due = Math.floor(elapsed * perSecond) - 2 * probed - sent;
      if (due > 0) spread(due);
      sent += Math.max(0, due);
      if (elapsed >= seconds || isFull()) return { sent: sent + 2 * probed, probes };
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  return { run };
};
