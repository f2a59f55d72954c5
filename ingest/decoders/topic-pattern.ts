/** A compiled MQTT topic pattern; see `Decoder.topics` for what it may contain. */
export interface TopicPattern {
  readonly text: string;
  /** The captures, or undefined where the topic does not match. */
  match(segments: readonly string[]): Readonly<Record<string, string>> | undefined;
}

type Part =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'one' | 'rest'; readonly name: string };

const partOf = (segment: string): Part => {
  if (segment === '+') return { kind: 'any' };
  const capture = /^\{([A-Za-z]+)(\.\.\.)?\}$/.exec(segment);
  if (capture?.[1] === undefined) return { kind: 'literal', text: segment };
  return { kind: capture[2] === undefined ? 'one' : 'rest', name: capture[1] };
};

/**
 * @param fixed values that a capture must have, by its name (`{venue}` is one fixed level once the venue is known)
 * @throws Error for a `{rest...}` that is not last: a pattern is ours or comes from checked configuration
 */
export const compilePattern = (text: string, fixed: Readonly<Record<string, string>> = {}): TopicPattern => {
  const parts = text.split('/').map(partOf);
  const last = parts.at(-1);
  const open = last?.kind === 'rest';
  if (parts.slice(0, -1).some((part) => part.kind === 'rest')) throw new Error(`${text}: {name...} must come last`);
  const match = (segments: readonly string[]): Readonly<Record<string, string>> | undefined => {
    if (open ? segments.length < parts.length : segments.length !== parts.length) return undefined;
    // MQTT 3.1.1 section 4.7.2: a wildcard does not match a first level that begins with $.
    if (parts[0]?.kind !== 'literal' && segments[0]?.startsWith('$')) return undefined;
    const params: Record<string, string> = {};
    for (let at = 0; at < parts.length; at += 1) {
      const part = parts[at];
      const segment = segments[at];
      if (part === undefined || segment === undefined) return undefined;
      if (part.kind === 'literal') {
        if (part.text !== segment) return undefined;
      } else if (part.kind === 'one') {
        const expected = fixed[part.name];
        if (segment === '' || (expected !== undefined && expected !== segment)) return undefined;
        params[part.name] = segment;
      } else if (part.kind === 'rest') params[part.name] = segments.slice(at).join('/');
    }
    return params;
  };
  return { text, match };
};
