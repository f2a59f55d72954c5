import type { Readable } from 'node:stream';
import { linesOf } from './lines.ts';

/** Where a password comes from: a terminal that does not echo it, or the first line of what is piped in. */
export type PasswordInput = Readable & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };

/** The person at the terminal gave up. */
export const GIVEN_UP = Symbol('Ctrl-C or Ctrl-D');

const CHARACTERS_MAX = 2_048;

const ENTER = new Set(['\r', '\n']);
const GIVES_UP = new Set(['\u0003', '\u0004']);
const ERASES = new Set(['\u007f', '\b']);
/** Ctrl-U, as in a shell. */
const ERASES_ALL = '\u0015';

type Typed = string | typeof GIVEN_UP;

/** A line as it is being typed. */
interface Line {
  /** Takes a character; true: the line is complete. */
  take(character: string): boolean;
  typed(): Typed;
}

const emptyLine = (): Line => {
  let characters: string[] = [];
  let givenUp = false;
  return {
    take: (character) => {
      if (GIVES_UP.has(character)) givenUp = true;
      else if (ERASES.has(character)) characters.pop();
      else if (character === ERASES_ALL) characters = [];
      else if (character >= ' ' && characters.length < CHARACTERS_MAX) characters.push(character);
      return givenUp || ENTER.has(character);
    },
    typed: () => (givenUp ? GIVEN_UP : characters.join('')),
  };
};

/** Takes what is typed until Enter; what follows in the same chunk belongs to the next question. */
const readLine = (input: PasswordInput): Promise<Typed> =>
  new Promise((resolve) => {
    const line = emptyLine();
    const finish = (typed: Typed): void => {
      input.off('data', take);
      input.off('end', end);
      input.setRawMode?.(false);
      input.pause();
      resolve(typed);
    };
    const end = (): void => finish(GIVEN_UP);
    const take = (chunk: string): void => {
      const characters = [...chunk];
      const last = characters.findIndex((character) => line.take(character));
      if (last === -1) return;
      finish(line.typed());
      const rest = characters.slice(last + 1).join('');
      if (rest !== '') input.unshift(rest);
    };
    input.setRawMode?.(true);
    input.setEncoding('utf8');
    input.on('data', take);
    input.on('end', end);
    // Paused by the question before, it would stay so.
    input.resume();
  });

/** Asks at the terminal, without echo. */
export const askPassword = async (
  input: PasswordInput,
  write: (text: string) => void,
  question: string,
): Promise<Typed> => {
  write(question);
  const typed = await readLine(input);
  write('\n');
  return typed;
};

/** The first line that is piped in; undefined where there is none, or it is far too long. */
export const pipedPassword = async (input: Readable): Promise<string | undefined> => {
  for await (const line of linesOf(input, CHARACTERS_MAX)) return typeof line === 'string' ? line : undefined;
  return undefined;
};
