import type { Severity } from '../../rules/rule.ts';

const RESET = '\x1b[0m';

/** Escape sequences of the four colours and of plain emphasis (ECMA-48 SGR; 256-colour palette for orange). */
const STYLES = {
  blue: '\x1b[34m',
  yellow: '\x1b[33m',
  orange: '\x1b[38;5;208m',
  red: '\x1b[1;31m',
  green: '\x1b[32m',
  dim: '\x1b[2m',
  bold: '\x1b[1m',
} as const;

export type Style = keyof typeof STYLES | Severity;

export type Paint = (style: Style, text: string) => string;

/** Colours a text, or leaves it plain where nobody would see colours. */
export const painter =
  (colours: boolean): Paint =>
  (style, text) =>
    colours ? `${STYLES[style]}${text}${RESET}` : text;
