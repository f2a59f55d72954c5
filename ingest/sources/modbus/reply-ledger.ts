/**
 * Answers that a unit may still give. A Modbus answer does not say which registers it carries, only how many: one that
 * comes late looks like the answer to the next request for as many. But a unit answers in the order in which it was
 * asked. So after an unanswered request it is asked for a number of registers that no unanswered request had: the answer
 * of that length is the right one, and proves that nothing older is on its way.
 */
export interface ReplyLedger {
  /** Whether an answer of so many registers could be an older one. */
  isOwed(count: number, nowMs: number): boolean;
  /** A request for so many registers was given up. */
  owe(count: number, nowMs: number): void;
  /** An answer of this length came too late: it was the oldest of its kind, and with it go the ones before. */
  receivedLate(count: number, nowMs: number): boolean;
  /** The answer to the last request came: none can be older. */
  clear(): void;
  /** When everything owed is too old to be still on its way. */
  forgottenAtMs(): number;
}

interface Debt {
  readonly count: number;
  readonly sinceMs: number;
}

/** No device and no converter keeps an answer longer than this. */
const KEPT_MS = 30_000;

export const replyLedger = (): ReplyLedger => {
  // Never more than there are lengths: nobody is asked for a number that is owed.
  let debts: readonly Debt[] = [];
  const current = (nowMs: number): readonly Debt[] => {
    if (debts.length > 0) debts = debts.filter(({ sinceMs }) => nowMs - sinceMs < KEPT_MS);
    return debts;
  };
  return {
    isOwed: (count, nowMs) => current(nowMs).some((debt) => debt.count === count),
    owe: (count, nowMs) => {
      debts = [...current(nowMs), { count, sinceMs: nowMs }];
    },
    receivedLate: (count, nowMs) => {
      const index = current(nowMs).findIndex((debt) => debt.count === count);
      debts = debts.slice(index + 1);
      return index >= 0;
    },
    clear: () => {
      debts = [];
    },
    forgottenAtMs: () => (debts.at(-1)?.sinceMs ?? Number.NEGATIVE_INFINITY) + KEPT_MS,
  };
};
