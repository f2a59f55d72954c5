/** Counted from 1, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where a node of the file stands, as offsets into its text. */
export interface Mark {
  readonly keyOffset: number | undefined;
  readonly valueOffset: number;
  readonly children: Map<string, Mark>;
}

/** The mark of a path, or of the nearest part of it that is in the file. */
const markAt = (root: Mark, path: readonly PropertyKey[]): { mark: Mark; whole: boolean } => {
  let mark = root;
  for (const part of path) {
    const child = mark.children.get(String(part));
    if (child === undefined) return { mark, whole: false };
    mark = child;
  }
  return { mark, whole: true };
};

/** Offset to show for a problem at a path: a key that is missing is shown at the mapping that lacks it. */
export const offsetAt = (root: Mark, path: readonly PropertyKey[], at: 'key' | 'value'): number => {
  const { mark, whole } = markAt(root, path);
  return whole && at === 'value' ? mark.valueOffset : (mark.keyOffset ?? mark.valueOffset);
};
