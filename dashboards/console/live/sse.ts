/** One event of a `text/event-stream` (WHATWG HTML, section 9.2.6). */
export interface SseEvent {
  readonly type: string;
  readonly id: string;
  readonly data: string;
}

/** A line longer than this is no event of ours: the stream is given up. */
const LINE_MAX_CHARACTERS = 8_000_000;

export interface SseParser {
  /** Takes the next piece of text, whole lines or not; answers the events it completed. Throws on an endless line. */
  take(text: string): readonly SseEvent[];
}

const field = (line: string): readonly [name: string, value: string] => {
  const colon = line.indexOf(':');
  if (colon === -1) return [line, ''];
  const value = line.slice(colon + 1);
  return [line.slice(0, colon), value.startsWith(' ') ? value.slice(1) : value];
};

export const sseParser = (): SseParser => {
  let rest = '';
  let type = '';
  let id = '';
  let data: string[] = [];

  const takeLine = (line: string): SseEvent | undefined => {
    if (line === '') {
      const event = { type: type || 'message', id, data: data.join('\n') };
      const complete = data.length > 0;
      type = '';
      data = [];
      return complete ? event : undefined;
    }
    // A line that begins with a colon is a comment: a sign of life and nothing else.
    const [name, value] = field(line);
    if (name === 'event') type = value;
    else if (name === 'data') data.push(value);
    else if (name === 'id' && !value.includes('\0')) id = value;
    return undefined;
  };

  return {
    take: (text) => {
      const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      if (rest.length > LINE_MAX_CHARACTERS) throw new Error('a line of the stream does not end');
      return lines.map(takeLine).filter((event) => event !== undefined);
    },
  };
};
