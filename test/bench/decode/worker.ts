import { Decoder } from 'cbor-x';
import { z } from 'zod';
import { everyBadge } from '../../../ingest/decoders/ble/badges.ts';
import { decodeFrame } from '../../../ingest/decoders/decode-frame.ts';
import { DECODERS } from '../../../ingest/decoders/index.ts';
import { createMemories } from '../../../ingest/decoders/memories.ts';
import { createRouter } from '../../../ingest/decoders/router.ts';
import { mqttFrame } from '../../../ingest/model/frame.ts';
import { answerQuestions } from '../child.ts';
import { ADVERT_FORMATS } from './adverts.ts';
import { ARRIVED_MS, FORMATS, type Message } from './frames.ts';

const questionSchema = z.object({ format: z.string(), rounds: z.number(), count: z.number() });

const MIN_MS = 300;
const CHUNK = 2_000;

/** Calls a second of `work` over the messages in turn. */
const perSecond = <Item>(messages: readonly Item[], count: number, work: (message: Item) => void): number => {
  const startedMs = performance.now();
  let done = 0;
  let tookMs = 0;
  const chunk = Math.min(CHUNK, count);
  while (done < count && (tookMs < MIN_MS || done < count / 4)) {
    for (let at = 0; at < chunk; at += 1) {
      const message = messages[(done + at) % messages.length];
      if (message !== undefined) work(message);
    }
    done += chunk;
    tookMs = performance.now() - startedMs;
  }
  return (done / tookMs) * 1000;
};

interface Contest<Item> {
  readonly items: readonly Item[];
  /** Samples of one. */
  ours(item: Item): number;
  bare(item: Item): void;
}

const contest = <Item>({ items, ours, bare }: Contest<Item>, rounds: number, count: number) => {
  let samples = 0;
  const decode = (item: Item): void => {
    samples += ours(item);
  };
  perSecond(items, count, decode);
  perSecond(items, count, bare);
  // A format that decodes to nothing would be very fast.
  if (samples === 0) throw new Error('no sample came of any frame');
  return Array.from({ length: rounds }, () => ({
    ours: perSecond(items, count, decode),
    bare: perSecond(items, count, bare),
  }));
};

const messageContest = (format: string): Contest<Message> | undefined => {
  const found = FORMATS.find(({ name }) => name === format);
  if (found === undefined) return undefined;
  const router = createRouter(DECODERS, { venueId: 'bench' });
  const memories = createMemories();
  const badges = everyBadge(memories);
  const cbor = new Decoder();
  return {
    items: found.messages(),
    ours: ({ topic, payload }) =>
      decodeFrame(mqttFrame('bench', topic, payload, ARRIVED_MS), router, memories, badges).decoded.samples.length,
    bare:
      found.bare === 'cbor-x'
        ? ({ payload }) => void cbor.decode(payload)
        : ({ payload }) => void JSON.parse(payload.toString()),
  };
};

answerQuestions(async (question) => {
  const { format, rounds, count } = questionSchema.parse(question);
  const message = messageContest(format);
  if (message !== undefined) return { runs: contest(message, rounds, count) };
  const advert = ADVERT_FORMATS.find(({ name }) => name === format);
  if (advert === undefined) throw new Error(`no such format: ${format}`);
  return { runs: contest({ items: advert.frames(), ours: advert.decode, bare: advert.bare }, rounds, count) };
});
