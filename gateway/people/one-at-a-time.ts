/** Lets tasks run one after the other; undefined where too many wait already. */
export type OneAtATime = <T>(task: () => Promise<T>) => Promise<T> | undefined;

export const oneAtATime = (waitingMax: number): OneAtATime => {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    if (waiting >= waitingMax) return undefined;
    waiting += 1;
    const run = last.then(task).finally(() => {
      waiting -= 1;
    });
    last = run.catch(() => undefined);
    return run;
  };
};
