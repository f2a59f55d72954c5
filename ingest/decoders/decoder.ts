import type { Frame } from '../model/frame.ts';
import type { Decoded } from '../model/sample.ts';
import type { About } from './about.ts';
import type { Badges } from './ble/badges.ts';

/**
 * One message format. `decode` is deterministic and never throws: what it cannot use comes back as a failure, and the
 * rest of the frame stands.
 */
export interface Decoder<Memory = unknown> {
  /** Stable name: in `venue.yaml` a device is addressed `<kind>:<name that the format gives it>`. */
  readonly kind: string;
  /**
   * MQTT topic patterns. A segment `{name}` captures one level, `{name...}` (last) captures the rest, `+` matches one.
   * Captures come back in `context.params`.
   */
  readonly topics: readonly string[];
  /**
   * Topics of other decoders that this one reads, too, to learn from: only its memory changes. A format may rest on what
   * another announces.
   */
  readonly overhears?: readonly string[];
  /** For the device catalogue. */
  readonly about?: About;
  /** Narrows a pattern that is too wide: `false` leaves the topic to other decoders. */
  accepts?(params: Readonly<Record<string, string>>): boolean;
  /**
   * Which memory a frame uses (usually the device), or undefined for a format without memory.
   * The host keeps a bounded number of memories and persists them: plain JSON only.
   */
  memoryKey?(params: Readonly<Record<string, string>>): string;
  startMemory?(): Memory;
  /** What it passes on are adverts of badges, whose memory and keys it needs. */
  readonly passesAdverts?: true;
  decode(frame: Frame, context: DecodeContext<Memory>): Decoded;
}

export interface DecodeContext<Memory = unknown> {
  readonly params: Readonly<Record<string, string>>;
  /** The memory of this key; the decoder changes it in place. */
  readonly memory: Memory;
  /** Which adverts are of registered devices; absent: none. */
  readonly badges?: Badges;
}

/** Identity helper: the type of a decoder, checked where it is written. */
export const defineDecoder = <Memory>(decoder: Decoder<Memory>): Decoder<Memory> => decoder;
