/**
 * The bytes of a batch: what the hot path judged, in order, as it is posted to the store's worker and kept in the log.
 * Little endian.
 *
 * Header, HEADER_BYTES: u32 magic · u8 version · 3 x 0 · u32 length in bytes, header included · u32 records (of all
 * kinds) · u32 samples · u32 readings · f64 base, Unix ms. Then records, each a u8 of its kind and:
 *
 * | kind | rest |
 * |---|---|
 * | source | u32 number · u16, u16 lengths of device and channel, bytes · both as UTF-8. Comes before its first sample |
 * | sample | u8 flags · u8 metrics · u32 source · arrival · [f64 own time] · [f64 judged time] · [f64 stored time, µs] · [f64 sequence] · metrics x (u8 metric, f64 value) |
 * | occurrence, event, acknowledgement, outbox, response | u32 length, bytes · JSON as UTF-8 |
 *
 * Arrival is a u32 of milliseconds since the header's base, or an f64 of Unix ms where that does not hold it (WIDE).
 * Own time is left out where it is the arrival, judged time too, stored time where it is the judged (of historical
 * samples the own) time.
 */
export const MAGIC = 0x4253_554d;
export const VERSION = 1;
export const HEADER_BYTES = 32;

export const AT_VERSION = 4;
export const AT_LENGTH = 8;
export const AT_RECORDS = 12;
export const AT_SAMPLES = 16;
export const AT_READINGS = 20;
export const AT_BASE = 24;

/** The kinds of records. Numbers are on disk: never given twice. */
export const RECORD = {
  source: 1,
  sample: 2,
  occurrence: 3,
  event: 4,
  acknowledgement: 5,
  outbox: 6,
  response: 7,
  /** Not written any more, and passed over: a moment in which the gateway ran. */
  ran: 8,
} as const;

/** Flags of a sample. */
export const FROM_DEVICE = 1;
export const HISTORICAL = 2;
export const HAS_SEQUENCE = 4;
export const OWN_TIME = 8;
export const OWN_JUDGED = 16;
export const OWN_STORED = 32;
export const WIDE = 64;

/** The longest sample: kind, flags, count, source, five numbers, 255 metrics. */
export const SAMPLE_BYTES_MAX = 7 + 5 * 8 + 255 * 9;

export const METRICS_MAX = 255;
