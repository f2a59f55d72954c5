/** Nesting that no SenML pack reaches: array, map, decimal fraction. */
const MAX_DEPTH = 8;
const MAX_ITEMS = 100_000;
/** RFC 8428 section 6: numbers may be decimal fractions (tag 4); bigfloats (5) are their binary sister. */
const TAGS: ReadonlySet<number> = new Set([4, 5]);

interface Head {
  readonly major: number;
  /** The argument: a value, a length or a count; undefined for indefinite length. */
  readonly argument: number | undefined;
  readonly next: number;
}

const headAt = (payload: Uint8Array, view: DataView, at: number): Head | undefined => {
  const initial = payload[at];
  if (initial === undefined) return undefined;
  const major = initial >> 5;
  const short = initial & 0x1f;
  if (short < 24) return { major, argument: short, next: at + 1 };
  if (short === 31) return { major, argument: undefined, next: at + 1 };
  if (short > 27) return undefined;
  const bytes = 2 ** (short - 24);
  if (at + 1 + bytes > payload.length) return undefined;
  const from = at + 1;
  const argument =
    bytes === 1
      ? view.getUint8(from)
      : bytes === 2
        ? view.getUint16(from)
        : bytes === 4
          ? view.getUint32(from)
          : Number(view.getBigUint64(from));
  return { major, argument, next: from + bytes };
};

const BREAK = 0xff;
/** Stands for the unknown number of items of an indefinite-length array or map, until its break. */
const INDEFINITE = Number.POSITIVE_INFINITY;

/** Items that follow inside of this one; undefined for what is not allowed. */
const itemsInside = ({ major, argument }: Head): number | undefined => {
  if (major === 4 || major === 5) return argument === undefined ? INDEFINITE : argument * (major - 3);
  if (argument === undefined) return undefined;
  if (major === 6) return TAGS.has(argument) ? 1 : undefined;
  return 0;
};

/**
 * True for exactly one well-formed CBOR item (RFC 8949) and nothing behind it, nested at most 8 deep, without chunked
 * strings and without tags other than decimal fractions. A general decoder is then safe to run on it: cbor-x by
 * itself takes announced lengths on trust and knows extensions that a sensor has no business with.
 */
export const isPlainCbor = (payload: Uint8Array): boolean => {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  /** Items still expected on each level. */
  const open: number[] = [1];
  let at = 0;
  for (let items = 0; items < MAX_ITEMS; items += 1) {
    while (open.at(-1) === 0) open.pop();
    if (open.length === 0) return at === payload.length;
    if (payload[at] === BREAK && open.at(-1) === INDEFINITE) {
      open.pop();
      at += 1;
      continue;
    }
    const head = headAt(payload, view, at);
    const inside = head === undefined ? undefined : itemsInside(head);
    if (head === undefined || inside === undefined) return false;
    open.push((open.pop() ?? 0) - 1);
    at = head.next;
    if (head.major === 2 || head.major === 3) at += head.argument ?? 0;
    if (inside > 0) open.push(inside);
    // Each item takes at least one byte: a count beyond what is left is a lie.
    if (at > payload.length || open.length > MAX_DEPTH + 1) return false;
    if (inside !== INDEFINITE && inside > payload.length - at) return false;
  }
  return false;
};
