/** Commands of a pre-alarm carry this prefix in their id, by which a confirmation is known as an answer to it. */
const buzzPrefix = (rule: string, subject: string): string => `buzz.${rule}.${subject}.`;

/** Id of the buzz command of one pre-alarm: the same inputs give the same id. */
export const buzzId = (rule: string, subject: string, untilMs: number): string =>
  buzzPrefix(rule, subject) + Math.round(untilMs).toString(36);

const UNTIL = /^[0-9a-z]{1,10}$/;

/** Until when the pre-alarm ran whose buzz this is the id of; undefined: it is of no pre-alarm of this rule and subject. */
export const buzzUntilMs = (id: string, rule: string, subject: string): number | undefined => {
  const prefix = buzzPrefix(rule, subject);
  const until = id.slice(prefix.length);
  return id.startsWith(prefix) && UNTIL.test(until) ? Number.parseInt(until, 36) : undefined;
};
