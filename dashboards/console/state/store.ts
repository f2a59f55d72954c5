import { type Action, reduce } from './reduce.ts';
import type { State } from './state.ts';

export interface Store {
  readonly state: State;
  dispatch(action: Action): void;
  /** Told of every change at once; who draws coalesces. */
  listen(listener: (state: State, before: State) => void): void;
}

export const createStore = (start: State): Store => {
  let state = start;
  const listeners: ((state: State, before: State) => void)[] = [];
  return {
    get state() {
      return state;
    },
    dispatch: (action) => {
      const before = state;
      state = reduce(state, action);
      if (state !== before) for (const listener of listeners) listener(state, before);
    },
    listen: (listener) => void listeners.push(listener),
  };
};
