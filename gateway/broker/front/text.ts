/**
 * UTF-8 strings as MQTT 3.1.1 section 1.5.3 allows them, checked on the bytes: decoding first would turn ill-formed
 * bytes into U+FFFD and hide them. Refused: ill-formed sequences and surrogates [MQTT-1.5.3-1], U+0000
 * [MQTT-1.5.3-2], and what a receiver MAY refuse: control characters and non-characters.
 */
export const isText = (bytes: Uint8Array, from: number, to: number): boolean => {
  for (let at = from; at < to; ) {
    const size = characterSize(bytes, at, to);
    if (size === 0) return false;
    at += size;
  }
  return true;
};

/** A topic name: text, not empty, no wildcards [MQTT-3.3.2-2], [MQTT-4.7.3-1]. */
export const isTopicName = (bytes: Uint8Array, from: number, to: number): boolean => {
  if (from >= to) return false;
  for (let at = from; at < to; ) {
    const byte = bytes[at] ?? 0;
    if (byte === PLUS || byte === HASH) return false;
    const size = characterSize(bytes, at, to);
    if (size === 0) return false;
    at += size;
  }
  return true;
};

/** A topic filter: `#` only alone in the last level, `+` only alone in a level [MQTT-4.7.1-2], [MQTT-4.7.1-3]. */
export const isTopicFilter = (bytes: Uint8Array, from: number, to: number): boolean => {
  if (from >= to || !isText(bytes, from, to)) return false;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at];
    if (byte !== PLUS && byte !== HASH) continue;
    if (at > from && bytes[at - 1] !== SLASH) return false;
    if (byte === HASH ? at + 1 !== to : at + 1 !== to && bytes[at + 1] !== SLASH) return false;
  }
  return true;
};

const PLUS = 0x2b;
const HASH = 0x23;
const SLASH = 0x2f;

/** Length of the well-formed, allowed character at `at`, or 0. */
const characterSize = (bytes: Uint8Array, at: number, to: number): number => {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return lead < 0x20 || lead === 0x7f ? 0 : 1;
  const size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  // C0, C1 and anything over F4 can only begin an overlong form or a code point beyond U+10FFFF.
  if (lead < 0xc2 || lead > 0xf4 || at + size > to) return 0;
  let point = lead & (0x7f >> size);
  for (let index = at + 1; index < at + size; index += 1) {
    const byte = bytes[index] ?? 0;
    if ((byte & 0xc0) !== 0x80) return 0;
    point = (point << 6) | (byte & 0x3f);
  }
  return isAllowed(point, size) ? size : 0;
};

const isAllowed = (point: number, size: number): boolean => {
  if (size === 2) return point >= 0xa0;
  if (size === 3 && (point < 0x800 || (point >= 0xd800 && point <= 0xdfff))) return false;
  if (size === 4 && (point < 0x10000 || point > 0x10ffff)) return false;
  return !(point >= 0xfdd0 && point <= 0xfdef) && (point & 0xfffe) !== 0xfffe;
};
