import type { ChannelStatus } from './ledger.ts';

type Figures = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface NotifierFigures {
  readonly counters: Figures;
  readonly levels: Figures;
  readonly problems: readonly string[];
}

/** What health and metrics say of notifiers, as part and name. */
export const notifierFigures = (
  channels: readonly ChannelStatus[],
  links: Readonly<Record<string, number>>,
): NotifierFigures => {
  const some = (is: (status: ChannelStatus) => boolean, problem: string): readonly string[] =>
    channels.some(is) ? [problem] : [];
  const each = (figures: (status: ChannelStatus) => Readonly<Record<string, number>>): Figures =>
    Object.fromEntries(channels.map((status) => [`notifier_${status.id}`, figures(status)]));
  return {
    counters: {
      ...each(({ attempts, delivered, failedAttempts, givenUp, dropped }) => ({
        attempts,
        delivered,
        failedAttempts,
        givenUp,
        dropped,
      })),
      ...(channels.length === 0 ? {} : { acknowledgeLinks: links }),
    },
    levels: each(({ waiting, oldestSeconds }) => ({ waiting, oldestSeconds })),
    problems: [
      ...some(({ state }) => state === 'retrying', 'notifier-behind'),
      ...some(({ state }) => state === 'refused', 'notifier-refused'),
      ...some(({ givenUp, dropped }) => givenUp + dropped > 0, 'notifier-dropping'),
    ],
  };
};
