import { distance } from 'fastest-levenshtein';

/** How many edits still count as a slip of the keyboard, by length of the word. */
const tolerance = (length: number): number => (length < 3 ? 0 : length < 6 ? 1 : length < 10 ? 2 : 3);

/** The valid spelling that a wrong one was most likely meant to be; undefined where none is close. */
export const nearest = (given: string, valid: Iterable<string>): string | undefined => {
  const wanted = given.toLowerCase();
  let best: string | undefined;
  let bestDistance = tolerance(given.length) + 1;
  for (const candidate of valid) {
    const spelled = candidate.toLowerCase();
    if (Math.abs(spelled.length - wanted.length) >= bestDistance) continue;
    const edits = distance(wanted, spelled);
    if (edits >= bestDistance) continue;
    best = candidate;
    bestDistance = edits;
  }
  return best;
};
