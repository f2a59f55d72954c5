import type { Metrics } from './metrics.ts';

/**
 * One device, one channel, one moment, one or more metrics: what flows through the system.
 *
 * A decoder fills `device` with the name that the format itself gives (a topic segment, a MAC address); the intake
 * replaces it by the id of the registered device and sets `nowMs` and `historical` by how the source is trusted.
 */
export interface Sample {
  readonly type: 'sample';
  device: string;
  /** Its device's place in the registry, from 0; -1: not known. Makes look-ups cheap; the id says who it is. */
  seat: number;
  /** `''` by default; `a`, `b`, `c`, `n`, `total`, `ct1`, `line1`, … */
  readonly channel: string;
  /** The device's own stamp where it sent one, else arrival; Unix milliseconds. */
  readonly timeMs: number;
  readonly timeFrom: 'device' | 'arrival';
  readonly arrivedMs: number;
  /** Judged time: arrival on the gateway's clock, or the own stamp of a source that backfills. */
  nowMs: number;
  /** Too late to be judged: kept under its own time, never satisfies a duration and never clears. */
  historical: boolean;
  /** The sender's own sequence or packet id; undefined where it has none. */
  readonly sequence: number | undefined;
  readonly metrics: Metrics;
}

/** Something discrete with attributes and, where the sender gives one, an identity. */
export interface Occurrence {
  readonly type: 'occurrence';
  device: string;
  readonly kind: OccurrenceKind;
  /** Sequence or packet id of the sender: a repetition carries the same one. */
  readonly id: string | undefined;
  readonly timeMs: number;
  readonly timeFrom: 'device' | 'arrival';
  readonly arrivedMs: number;
  /** True where another broker replayed it from its store: it happened at an unknown time before. */
  readonly retained: boolean;
  nowMs: number;
  historical: boolean;
  readonly attributes: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * `sos`, `cancel`, `checkin`, `fall`: from a wearer. `done`: a command was carried out (attribute `id`). `button`: a
 * press that is not a call for help. `online`, `offline`: the device or its bridge says so. `transition`: a region was
 * entered or left. `detection`: a camera tracked, updated or lost an object. `presence`: a badge is in another zone,
 * by the receivers that hear it (`zone`, `receiver`, `rssiDbm`). `count`: a person has counted a zone (`zone`, `persons`,
 * `errorPersons`, `by`), in the name of a device that counts there. `access`: a record was read (attributes `address`,
 * `account`, `recordId`). `log`: anything else worth keeping.
 */
export type OccurrenceKind =
  | 'sos'
  | 'cancel'
  | 'checkin'
  | 'fall'
  | 'done'
  | 'button'
  | 'online'
  | 'offline'
  | 'transition'
  | 'detection'
  | 'access'
  | 'presence'
  | 'count'
  | 'log';

/**
 * What a decoder could not use. Codes are stable and listed in `failure-codes.ts`.
 * `where` points into the frame (`[3].v`, `ENERGY.Current`), `expected` says what would have been right.
 */
export interface DecodeFailure {
  readonly code: FailureCode;
  readonly where: string;
  readonly expected: string;
}

/** A receiver heard a device: what places a badge that several radios hear. Also of an advert that said nothing new. */
export interface Hearing {
  /** The name that the format gives, as in a sample. */
  readonly device: string;
  /** `<source id>` of a radio of our own; `<format>:<name>` of one that speaks over MQTT. */
  readonly receiver: string;
  /** Undefined: it did not say. */
  readonly rssiDbm: number | undefined;
  /** When it was heard, Unix milliseconds of the gateway's clock. */
  readonly arrivedMs: number;
}

/** A message that a format asks to be sent back, by the source that the frame came from. It may be left unsent. */
export interface Request {
  readonly topic: string;
  readonly payload: Uint8Array;
}

export interface Decoded {
  readonly samples: readonly Sample[];
  readonly occurrences: readonly Occurrence[];
  /** Absent where the format has no radio to tell of. */
  readonly hearings?: readonly Hearing[];
  /** Absent where nothing is asked of the sender. */
  readonly requests?: readonly Request[];
  readonly failures: readonly DecodeFailure[];
}

export type FailureCode = keyof typeof FAILURE_CODES;

/** The stable codes of decode failures, with what each means. */
export const FAILURE_CODES = {
  'not-json': 'the payload is not JSON, or nests deeper than allowed',
  'not-cbor': 'the payload is not CBOR, or nests deeper than allowed',
  'not-protobuf': 'the payload is not Protocol Buffers',
  'not-text': 'the payload is not the plain text or number that this topic carries',
  'wrong-shape': 'the payload is JSON or CBOR, but not of the shape the format prescribes',
  'wrong-type': 'a field has another type than the format prescribes',
  'wrong-unit': 'a field has a unit that does not fit its name',
  'not-a-number': 'NaN or an infinity',
  'out-of-range': 'a number that the sensor cannot physically report',
  'unknown-name': 'a field or record name that the format does not define here',
  'unknown-version': 'a version of the format that this decoder does not know',
  'wrong-device': 'the payload names another device than the address it came from',
  'wrong-length': 'too few or too many bytes',
  'wrong-time': 'a time stamp that cannot be read, or that lies before 2000 or more than a day ahead',
  'before-birth': 'data that only a birth certificate explains, and none was heard',
  'sequence-gap': 'messages before this one were lost',
  'too-large': 'more bytes or records than allowed',
  'unknown-topic': 'no decoder takes this topic',
  'retained-action': 'an action replayed from a broker’s store: it happened at an unknown time before',
  'wrong-checksum': 'the checksum does not fit the bytes, or is missing where the format prescribes one',
  'bad-signature': 'the message could not be authenticated or decrypted',
  unencrypted: 'a plain message from a device that has a key: it could be anybody’s',
  replayed: 'the counter of an encrypted message is behind the last one: somebody may be sending what he recorded',
} as const;
