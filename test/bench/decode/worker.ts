import { z } from 'zod';
import { everyBadge } from '../../../ingest/decoders/ble/badges.ts';
import { decodeFrame } from '../../../ingest/decoders/decode-frame.ts';
import { DECODERS } from '../../../ingest/decoders/index.ts';
import { createMemories } from '../../../ingest/decoders/memories.ts';
import { createRouter } from '../../../ingest/decoders/router.ts';
import type { Frame } from '../../../ingest/model/frame.ts';
import { answerQuestions } from '../child.ts';
import { ADVERT_FORMATS } from './adverts.ts';
import { ARRIVED_MS, BARE, FORMATS, type Message } from './frames.ts';

const questionSchema = z.object({ format: z.string(), rounds: z.number(), count: z.number() });

const MIN_MS = 300;
const CHUNK = 2_000;

/** Calls a second of `work` over the frames in turn. */
const perSecond = (frames: readonly Frame[], count: number, work: (frame: Frame) => void): number => {
  const startedMs = performance.now();
  let done = 0;
  let tookMs = 0;
  const chunk = Math.min(CHUNK, count);
  while (done < count && (tookMs < MIN_MS || done < count / 4)) {
    for (let at = 0; at < chunk; at += 1) {
      const frame = frames[(done + at) % frames.length];
      if (frame !== undefined) work(frame);
    }
    done += chunk;
    tookMs = performance.now() - startedMs;
  }
  return (done / tookMs) * 1000;
};

interface Contest {
  readonly frames: readonly Frame[];
  /** Samples and occurrences of one. */
  ours(frame: Frame): number;
  bare(frame: Frame): void;
}

const messageContest = (format: string): Contest | undefined => {
  const found = FORMATS.find(({ name }) => name === format);
  if (found === undefined) return undefined;
  const { transport = 'mqtt', profile } = found;
  const router = createRouter(DECODERS, { venueId: 'bench' });
  const memories = createMemories();
  const badges = everyBadge(memories);
  const parse = BARE[found.bare];
  const frameOf = ({ topic, payload }: Message): Frame => ({
    source: 'bench',
    transport,
    address: topic,
    payload,
    arrivedMs: ARRIVED_MS,
    retained: false,
    ...(profile === undefined ? {} : { profile }),
  });
  for (const message of found.before?.() ?? []) decodeFrame(frameOf(message), router, memories, badges);
  return {
    frames: found.messages().map(frameOf),
    ours: (frame) => {
      const { samples, occurrences } = decodeFrame(frame, router, memories, badges).decoded;
      return samples.length + occurrences.length;
    },
    bare: ({ payload }) => void parse(payload),
  };
};

const advertContest = (format: string): Contest | undefined => {
  const found = ADVERT_FORMATS.find(({ name }) => name === format);
  return found === undefined ? undefined : { frames: found.frames(), ours: found.decode, bare: found.bare };
};

answerQuestions(async (question) => {
  const { format, rounds, count } = questionSchema.parse(question);
  const contest = messageContest(format) ?? advertContest(format);
  if (contest === undefined) throw new Error(`no such format: ${format}`);
  const { frames, ours, bare } = contest;
  let yielded = 0;
  const decode = (frame: Frame): void => {
    yielded += ours(frame);
  };
  perSecond(frames, count, decode);
  perSecond(frames, count, bare);
  // A format that decodes to nothing would be very fast.
  if (yielded === 0) throw new Error(`${format}: nothing came of any frame`);
  const runs = Array.from({ length: rounds }, () => ({
    ours: perSecond(frames, count, decode),
    bare: perSecond(frames, count, bare),
  }));
  return { runs };
});
