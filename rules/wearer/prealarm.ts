/** Commands of a pre-alarm carry this prefix in their id, by which a confirmation is known as an answer to it. */
export const buzzPrefix = (rule: string, subject: string): string => `buzz.${rule}.${subject}.`;

/** Id of the buzz command of one pre-alarm: the same inputs give the same id. */
export const buzzId = (rule: string, subject: string, untilMs: number): string =>
  buzzPrefix(rule, subject) + Math.round(untilMs).toString(36);
