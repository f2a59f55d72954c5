/** Stands for what line protocol cannot carry: U+FFFD, the replacement character. */
const LOST = '\ufffd';

/**
 * Control characters end or break a line. A backslash is itself in front of an ordinary character only: in front of
 * another one, of a character that is escaped, or at the end, InfluxDB 1, 2, 3 and VictoriaMetrics each read it in
 * their own way.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const UNWRITABLE = /[\u0000-\u001f\u007f]|\\(?=[\\,= ]|$)/g;

const SPECIAL = /[,= ]/g;

/** A tag's value as the server will keep it: the same text but for what line protocol cannot carry. */
export const storedTagValue = (value: string): string => value.replace(UNWRITABLE, LOST);

/**
 * `,name=value` of line protocol; nothing for an empty value, which it does not know.
 * https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/#special-characters
 */
export const tag = (name: string, value: string | undefined): string =>
  value === undefined || value === '' ? '' : `,${name}=${storedTagValue(value).replace(SPECIAL, '\\$&')}`;
