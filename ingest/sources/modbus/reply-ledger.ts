/**
 * Answers that a unit may still give. A Modbus answer does not say which registers it carries, only how many and under
 * which function: one that comes late looks like the answer to the next request for as many. But a unit answers in the
 * order in which it was asked. So after an unanswered request it is asked for a number of registers that no unanswered
 * request had: the answer of that length is the right one, and proves that nothing older is on its way. Where no such
 * number is left, a request under the other function is a probe: whatever answers that one, even a refusal, came after
 * all that was asked before.
 */
export interface ReplyLedger {
  /** Whether an answer of this kind could be an older one. */
  isOwed(kind: AnswerKind, nowMs: number): boolean;
  /** A request was given up. */
  owe(kind: AnswerKind, nowMs: number): void;
  /** An answer of this kind came, to the oldest such request or a younger one: what was owed before that never comes. */
  received(kind: AnswerKind, nowMs: number): boolean;
  /** The answer to the last request came: none can be older. */
  clear(): void;
  /** When everything owed is too old to be still on its way. */
  forgottenAtMs(): number;
}

/** A number of registers under the unit's own function, or PROBE. */
export type AnswerKind = number;

/** Anything under the other function. */
export const PROBE: AnswerKind = 0;

interface Debt {
  readonly kind: AnswerKind;
  readonly sinceMs: number;
}

/** No device and no converter keeps an answer longer than this. */
const KEPT_MS = 30_000;

export const replyLedger = (): ReplyLedger => {
  // Bounded: no number that is owed is asked for, and probes come ever more rarely.
  let debts: readonly Debt[] = [];
  const current = (nowMs: number): readonly Debt[] => {
    if (debts.length > 0) debts = debts.filter(({ sinceMs }) => nowMs - sinceMs < KEPT_MS);
    return debts;
  };
  return {
    isOwed: (kind, nowMs) => current(nowMs).some((debt) => debt.kind === kind),
    owe: (kind, nowMs) => {
      debts = [...current(nowMs), { kind, sinceMs: nowMs }];
    },
    received: (kind, nowMs) => {
      const index = current(nowMs).findIndex((debt) => debt.kind === kind);
      debts = debts.slice(index + 1);
      return index >= 0;
    },
    clear: () => {
      debts = [];
    },
    forgottenAtMs: () => (debts.at(-1)?.sinceMs ?? Number.NEGATIVE_INFINITY) + KEPT_MS,
  };
};
