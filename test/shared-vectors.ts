import { existsSync, readFileSync } from 'node:fs';

/** A case of the public vectors: a JSON object whose fields depend on the file. */
export type Case = Readonly<Record<string, unknown>>;

/** The cases of a file of public vectors, which lie beside the project; undefined where they are absent. */
export const vectors = (file: string): Case[] | undefined => {
  const path = new URL(`../../shared/vectors/${file}`, import.meta.url);
  if (!existsSync(path)) return undefined;
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): Case => JSON.parse(line));
};
