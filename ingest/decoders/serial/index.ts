import type { Frame } from '../../model/frame.ts';
import type { Decoded } from '../../model/sample.ts';
import { refused } from '../findings.ts';
import type { Memories } from '../memories.ts';
import { emontxFormat } from './emontx.ts';
import { type LineFormat, lineDevice } from './line-format.ts';
import { nmeaFormat } from './nmea.ts';

/** Every format of lines; of those that recognise a line the first takes it. */
export const LINE_FORMATS: readonly LineFormat[] = [nmeaFormat, emontxFormat];

const MAX_BYTES = 4096;

/** A frame from a serial port: by the format that its source names, else by what the line looks like. Never throws. */
export const decodeSerialFrame = (
  frame: Frame,
  memories: Memories,
): { readonly kind: string | undefined; readonly decoded: Decoded } => {
  const { payload, profile } = frame;
  if (payload.byteLength > MAX_BYTES) {
    return { kind: undefined, decoded: refused('too-large', 'payload', `at most ${MAX_BYTES} bytes`) };
  }
  const line = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('latin1');
  const format =
    profile === undefined
      ? LINE_FORMATS.find(({ recognises }) => recognises(line))
      : LINE_FORMATS.find(({ kind }) => kind === profile);
  if (format === undefined) {
    const known = LINE_FORMATS.map(({ kind }) => kind).join(', ');
    const where = profile === undefined ? 'payload' : 'profile';
    return {
      kind: undefined,
      decoded: refused('unknown-topic', where, `a line of a format that Muster knows: ${known}`),
    };
  }
  const memory = memories.of(`${format.kind}:${lineDevice(frame)}`, format.startMemory);
  return { kind: format.kind, decoded: format.decode(frame, line, memory) };
};
