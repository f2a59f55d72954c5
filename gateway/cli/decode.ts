import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import { everyBadge } from '../../ingest/decoders/ble/badges.ts';
import { bytesOfHex } from '../../ingest/decoders/ble/mac.ts';
import { decodeFrame } from '../../ingest/decoders/decode-frame.ts';
import { refused } from '../../ingest/decoders/findings.ts';
import { DECODERS } from '../../ingest/decoders/index.ts';
import { createMemories } from '../../ingest/decoders/memories.ts';
import { createRouter } from '../../ingest/decoders/router.ts';
import type { Frame } from '../../ingest/model/frame.ts';
import { isMetricName, METRICS } from '../../ingest/model/metrics.ts';
import type { Decoded, Occurrence, Sample } from '../../ingest/model/sample.ts';
import { linesOf, TOO_LONG } from './lines.ts';

/** Room for the largest payload any decoder reads, in hexadecimal or with every character escaped. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;

/** The last moment of ECMAScript's time. */
const LAST_MS = 8.64e15;

const inputSchema = z
  .object({
    source: z.enum(['mqtt', 'ble', 'serial', 'modbus']),
    topic: z.string().optional(),
    address: z.string().optional(),
    payload: z.string().optional(),
    payloadHex: z.string().optional(),
    arrivedMs: z.number().min(0).max(LAST_MS).optional(),
    retained: z.boolean().optional(),
    keyHex: z
      .string()
      .regex(/^[0-9a-fA-F]{32}$/, '32 hexadecimal digits')
      .optional(),
    profile: z.string().optional(),
  })
  .refine((line) => (line.payload === undefined) !== (line.payloadHex === undefined), {
    path: ['payload'],
    error: 'either payload or payloadHex',
  })
  .refine((line) => line.source !== 'mqtt' || line.topic !== undefined, { path: ['topic'], error: 'a topic' })
  .refine((line) => line.source !== 'ble' || line.address !== undefined, { path: ['address'], error: 'a MAC address' });

type Input = z.infer<typeof inputSchema>;

const payloadOf = (line: Input): Uint8Array | undefined => {
  if (line.payload !== undefined) return Buffer.from(line.payload, 'utf8');
  const digits = (line.payloadHex ?? '').replaceAll(/\s/g, '');
  return digits === '' ? new Uint8Array() : bytesOfHex(digits);
};

const frameOf = (line: Input, payload: Uint8Array, nowMs: () => number): Frame => ({
  source: 'decode',
  transport: line.source,
  address: line.topic ?? line.address ?? '',
  payload,
  arrivedMs: line.arrivedMs ?? nowMs(),
  retained: line.retained ?? false,
  ...(line.profile === undefined ? {} : { profile: line.profile }),
  ...(line.keyHex === undefined ? {} : { keyHex: line.keyHex }),
});

const sampleOutput = (sample: Sample) => {
  const { device, channel, timeMs, timeFrom, sequence } = sample;
  const metrics = sequence === undefined ? sample.metrics : { ...sample.metrics, sequence };
  const names = Object.keys(metrics).filter(isMetricName);
  const units = Object.fromEntries(names.map((name) => [name, METRICS[name].unit]));
  return { device, channel, timeMs, timeFrom, metrics, units };
};

const occurrenceOutput = ({ device, kind, id, attributes }: Occurrence) => ({
  device,
  kind,
  ...(id === undefined ? {} : { id }),
  attributes,
});

const output = ({ samples, occurrences, failures }: Decoded): string =>
  `${JSON.stringify({
    samples: samples.map(sampleOutput),
    occurrences: occurrences.map(occurrenceOutput),
    failures: failures.map(({ code, where, expected }) => ({ code, where, expected })),
  })}\n`;

const parseLine = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const lineDecoder = (nowMs: () => number): ((text: string | typeof TOO_LONG) => Decoded) => {
  const router = createRouter(DECODERS);
  const memories = createMemories();
  const badges = everyBadge(memories);
  return (text) => {
    if (text === TOO_LONG) return refused('too-large', '', `a line of at most ${MAX_LINE_BYTES} bytes`);
    const value = parseLine(text);
    if (value === undefined) return refused('not-json', '', 'one JSON object a line');
    const parsed = inputSchema.safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return refused(
        'wrong-shape',
        issue?.path.join('.') ?? '',
        issue?.message ?? 'a line as `muster decode` reads it',
      );
    }
    const payload = payloadOf(parsed.data);
    if (payload === undefined) return refused('wrong-shape', 'payloadHex', 'pairs of hexadecimal digits');
    return decodeFrame(frameOf(parsed.data, payload, nowMs), router, memories, badges).decoded;
  };
};

/**
 * `muster decode`: JSON lines of frames in, one JSON object a line out, in the form of CONTRACT. What decoders remember
 * lasts for the run. A line that is no frame yields an object with a failure. Stops reading while the output is full,
 * and ends quietly when nobody reads it any more.
 * @param nowMs the arrival of frames that name none, Unix milliseconds
 * @returns the exit code, 0
 */
export const runDecode = async (input: Readable, outputTo: Writable, nowMs: () => number): Promise<number> => {
  const decode = lineDecoder(nowMs);
  // A closed pipe (`muster decode | head`) is not an error of ours.
  const closed = new AbortController();
  const close = (): void => closed.abort();
  outputTo.on('error', close).once('close', close);
  try {
    for await (const line of linesOf(input, MAX_LINE_BYTES)) {
      if (closed.signal.aborted) break;
      if (line !== TOO_LONG && line.trim() === '') continue;
      if (outputTo.write(output(decode(line)))) continue;
      await once(outputTo, 'drain', { signal: closed.signal }).catch((error: unknown) => {
        if (!closed.signal.aborted) throw error;
      });
    }
  } finally {
    outputTo.off('close', close);
  }
  return 0;
};
