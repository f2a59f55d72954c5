/** Longest piece of a value that an error repeats, characters. */
const SHOWN_MAX = 80;

const SECRET = /secret|passw|token|credential|private|api.?key|^key$|keyhex|bind.?key/i;

/** Names of keys whose values are never repeated, in errors or anywhere else. */
export const namesSecret = (key: string): boolean => SECRET.test(key);

const hidesSecret = (path: readonly PropertyKey[]): boolean => path.some((part) => namesSecret(String(part)));

/** User name and password of a URL. */
const USER_INFO = /([a-z][a-z0-9+.-]*:\/\/)[^\s/]*@/gi;

/** True where a URL carries a user name or password. */
export const hasUserInfo = (value: string): boolean => value.search(USER_INFO) !== -1;

export const cut = (text: string): string => (text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX - 1)}…`);

/** A value as an error shows it: short, on one line, and never a secret. */
export const shown = (path: readonly PropertyKey[], value: unknown): string => {
  if (hidesSecret(path)) return '***';
  if (typeof value === 'string') return cut(JSON.stringify(value.replace(USER_INFO, '$1***@')));
  if (Array.isArray(value)) return '[…]';
  if (typeof value === 'object' && value !== null) return '{…}';
  return cut(String(value));
};
