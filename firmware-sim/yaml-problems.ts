import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';

export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export const problemText = ({ file, line, column, message }: Problem): string =>
  `${file}:${line}:${column}: ${message}`;

export interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly atKey?: boolean;
}

interface YamlText {
  readonly value: unknown;
  /** The problem at the node of this path (or at its key), or at its nearest ancestor that the text has. */
  problemAt(issue: Issue): Problem;
}

/** Parses YAML and remembers where everything stands. Aliases are bounded against expansion attacks. */
export const readYaml = (text: string, file: string): YamlText | { readonly problems: readonly Problem[] } => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number, message: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col), message };
  };
  if (document.errors.length > 0) {
    return { problems: document.errors.map((error) => place(error.pos[0], error.message)) };
  }
  return {
    value: document.toJS({ maxAliasCount: 100 }),
    problemAt: ({ path, message, atKey = false }) => {
      const where = path.map(String).join('.');
      const parent = atKey && path.length > 0 ? document.getIn(path.slice(0, -1), true) : undefined;
      const pair = isMap(parent)
        ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
        : undefined;
      if (isScalar(pair?.key) && pair.key.range) return place(pair.key.range[0], `${where}: ${message}`);
      for (let length = path.length; length >= 0; length -= 1) {
        const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
        if (isNode(node) && node.range) return place(node.range[0], where === '' ? message : `${where}: ${message}`);
      }
      return place(0, message);
    },
  };
};

/** zod's issues; an unknown key is reported at the key itself. */
export const issuesOf = (error: z.ZodError): readonly Issue[] =>
  error.issues.flatMap((issue): Issue[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...issue.path, key], message: 'no such field here', atKey: true }))
      : [{ path: issue.path, message: issue.message }],
  );
