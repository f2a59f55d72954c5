import type { StoreFigures } from '../store/figures.ts';
import type { RecorderHealth } from './recorder.ts';

/** What the gateway says of its flight recorder, as part and name. */
export const recorderFigures = (health: RecorderHealth | undefined): StoreFigures => {
  if (health === undefined) return { counters: {}, levels: {}, problems: [] };
  const { isFailing, lost, lostBlocks, writtenBytes, removedFiles, pendingBytes, keptBytes } = health;
  return {
    counters: { recorder: { writtenBytes, lostInputs: lost, lostBlocks, removedFiles } },
    levels: { recorder: { pendingBytes, keptBytes } },
    problems: [...(isFailing ? ['recorder-failing'] : []), ...(lost + lostBlocks > 0 ? ['recorder-dropping'] : [])],
  };
};
