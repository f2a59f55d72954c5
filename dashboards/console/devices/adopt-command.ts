/** Characters that a shell takes as they are. */
const PLAIN = /^[\w.:@%+,/-]+$/;

/** A word for a POSIX shell: whoever names a device must not write commands for whoever copies them. */
const shellWord = (word: string): string => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** What registers a device that reports; in capitals stands what only people know. */
export const adoptCommand = (address: string): string =>
  `muster devices adopt ${shellWord(address)} --id ID --zone ZONE --profile PROFILE`;
