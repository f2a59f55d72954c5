import { isMetricName } from '../../../ingest/model/metrics.ts';
import type { Answer, HistoryQuery, Question } from '../protocol.ts';
import type { Keeper } from './keeper.ts';

const history = (keeper: Keeper, { device, channel, metric, ...range }: HistoryQuery): Generator<undefined, Answer> => {
  const number = isMetricName(metric) ? keeper.dictionary.metricNames.indexOf(metric) : -1;
  return keeper.history.query(keeper.dictionary.sourceNumber({ device, channel }), number, range);
};

/** Answers a question step by step, so that commits are not kept waiting by it. @throws StoreQueryError */
export function* answer(keeper: Keeper, question: Question): Generator<undefined, Answer> {
  switch (question.ask) {
    case 'history':
      return yield* history(keeper, question.query);
    case 'alarm-events':
      return keeper.alarms.events(question.query);
    case 'open-alarms':
      return keeper.alarms.open();
    case 'log':
      return keeper.log.after(question.after, question.rows);
    case 'snapshot':
      return keeper.snapshots.page(keeper.log.cursor('snapshot'), question.afterKey, question.limit);
  }
}

/** Memory that an answer can be handed over in, rather than copied. */
export const transferable = (given: Answer): readonly ArrayBuffer[] =>
  'columns' in given ? given.columns.map(({ buffer }) => buffer) : [];
