import type { Measures } from './measures.ts';

type Figures = Readonly<Record<string, number>>;

/** What health and metrics say of commands and follow-ups. */
export const figuresOf = ({
  orders,
  followUps,
}: Pick<Measures, 'orders' | 'followUps'>): { counters(): Figures; levels(): Figures } => ({
  counters: () => {
    const { issued, sent, confirmed, overdue, strayConfirmations, dropped } = orders.counters;
    return {
      commandsIssued: issued,
      commandsSent: sent,
      commandsConfirmed: confirmed,
      commandsOverdue: overdue,
      strayConfirmations,
      commandsDropped: dropped,
      followUpsDropped: followUps.counters.dropped,
    };
  },
  levels: () => ({
    commandsWaiting: orders.all().filter(({ phase }) => phase === 'sent').length,
    commandsUnconfirmed: orders.all().filter(({ phase }) => phase === 'overdue').length,
    followUpsOpen: followUps.all().filter(({ done }) => done === undefined).length,
  }),
});
