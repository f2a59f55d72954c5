import type { Broker } from '../broker/broker.ts';
import type { HotPath } from '../hot-path.ts';
import type { Store } from '../store/store.ts';
import type { Figures } from './progress.ts';

interface Parts {
  readonly hotPath: Pick<HotPath, 'isJudging'>;
  readonly brokers: readonly Pick<Broker, 'counters'>[];
  /** Undefined: nothing is kept. */
  readonly store: Pick<Store, 'health'> | undefined;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export const figuresOf = ({ hotPath, brokers, store }: Parts): Figures => {
  const { pendingBatches = 0, workerRestarts = 0, gauges = {} } = store?.health() ?? {};
  const { commits = 0, failedCommits = 0 } = gauges;
  return {
    isJudging: hotPath.isJudging,
    arrived: sum(brokers.map(({ counters }) => counters.published)),
    lost: sum(brokers.map(({ counters }) => counters.tapFailures)),
    pendingBatches,
    writerSteps: commits + failedCommits + workerRestarts,
  };
};
