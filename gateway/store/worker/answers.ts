import { isMetricName } from '../../../ingest/model/metrics.ts';
import type { Columns } from '../history/query.ts';
import type { Answer, HistoryQuery, Question } from '../protocol.ts';
import type { Keeper } from './keeper.ts';

const history = (
  keeper: Keeper,
  { device, channel, metric, ...range }: HistoryQuery,
): Generator<undefined, Columns> => {
  const number = isMetricName(metric) ? keeper.dictionary.metricNames.indexOf(metric) : -1;
  return keeper.history.query(keeper.dictionary.sourceNumber({ device, channel }), number, range);
};

/** Answers a question step by step, so that commits are not kept waiting by it. @throws StoreQueryError */
export function* answer(keeper: Keeper, question: Question): Generator<undefined, Answer> {
  const { ask } = question;
  switch (ask) {
    case 'history':
      return { ask, ...(yield* history(keeper, question.query)) };
    case 'alarm-events':
      return { ask, ...keeper.alarms.events(question.query) };
    case 'open-alarms':
      return { ask, alarms: keeper.alarms.open() };
    case 'out-of-service':
      return { ask, entries: keeper.alarms.outOfService() };
    case 'closed-alarms':
      return { ask, ...keeper.alarms.closed(question.limit, question.before) };
    case 'outbox':
      return { ask, kept: keeper.outbox.kept() };
    case 'attempts':
      return { ask, ...keeper.outbox.attempts(question.query) };
    case 'response':
      return { ask, kept: keeper.responses.kept() };
    case 'decisions':
      return { ask, ...keeper.responses.decisions(question.query) };
    case 'log':
      return { ask, rows: keeper.log.after(question.after, question.rows) };
    case 'snapshot':
      return { ask, parts: keeper.snapshots.page(keeper.log.cursor('snapshot'), question.afterKey, question.limit) };
  }
}

/** Memory that an answer can be handed over in, rather than copied. */
export const transferable = (given: Answer): readonly ArrayBuffer[] =>
  given.ask === 'history' ? given.columns.map(({ buffer }) => buffer) : [];
