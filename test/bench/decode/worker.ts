import { Decoder } from 'cbor-x';
import { z } from 'zod';
import { decodeFrame } from '../../../ingest/decoders/decode-frame.ts';
import { DECODERS } from '../../../ingest/decoders/index.ts';
import { createMemories } from '../../../ingest/decoders/memories.ts';
import { createRouter } from '../../../ingest/decoders/router.ts';
import { mqttFrame } from '../../../ingest/model/frame.ts';
import { answerQuestions } from '../child.ts';
import { ARRIVED_MS, FORMATS, type Message } from './frames.ts';

const questionSchema = z.object({ format: z.string(), rounds: z.number(), count: z.number() });

const MIN_MS = 300;
const CHUNK = 2_000;

/** Calls a second of `work` over the messages in turn. */
const perSecond = (messages: readonly Message[], count: number, work: (message: Message) => void): number => {
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

answerQuestions(async (question) => {
  const { format, rounds, count } = questionSchema.parse(question);
  const found = FORMATS.find(({ name }) => name === format);
  if (found === undefined) throw new Error(`no such format: ${format}`);
  const messages = found.messages();
  const router = createRouter(DECODERS, { venueId: 'bench' });
  const memories = createMemories();
  const cbor = new Decoder();
  let samples = 0;
  const ours = ({ topic, payload }: Message): void => {
    const frame = mqttFrame('bench', topic, payload, ARRIVED_MS);
    const sent = found.transport === undefined ? frame : { ...frame, transport: found.transport };
    samples += decodeFrame(sent, router, memories).decoded.samples.length;
  };
  const parsers: Readonly<Record<typeof found.bare, (payload: Buffer) => unknown>> = {
    'cbor-x': (payload) => cbor.decode(payload),
    'JSON.parse': (payload) => JSON.parse(payload.toString()),
    'split and Number': (payload) =>
      payload
        .toString('latin1')
        .split(',')
        .map((part) => Number(part.slice(part.indexOf(':') + 1))),
  };
  const parse = parsers[found.bare];
  const bare = ({ payload }: Message): void => void parse(payload);
  perSecond(messages, count, ours);
  perSecond(messages, count, bare);
  // A format that decodes to nothing would be very fast.
  if (samples === 0) throw new Error(`${format}: no sample came of any frame`);
  const runs = Array.from({ length: rounds }, () => ({
    ours: perSecond(messages, count, ours),
    bare: perSecond(messages, count, bare),
  }));
  return { runs };
});
