import type { Timers } from '../timers.ts';

/** What the controller said to a command, or why nothing came. */
export type Answer =
  | { readonly ok: true; readonly result: Uint8Array }
  | { readonly ok: false; readonly why: 'refused'; readonly opcode: number; readonly status: number }
  | { readonly ok: false; readonly why: 'mute'; readonly opcode: number }
  /** Called off by this side. */
  | { readonly ok: false; readonly why: 'ended'; readonly opcode: number };

/** Commands one at a time, as every controller takes them (Core Specification 5.4, vol 4, part E, section 4.4). */
export interface Exchange {
  /** Never rejects. A command while another waits ends that one. */
  ask(command: Uint8Array): Promise<Answer>;
  /** False: nobody asked. */
  answer(opcode: number, status: number, result: Uint8Array): boolean;
  end(): void;
}

export interface ExchangeOptions {
  write(command: Uint8Array): void;
  readonly timeoutMs: number;
  readonly timers: Timers;
}

interface Waiting {
  readonly opcode: number;
  settle(answer: Answer): void;
}

export const createExchange = ({ write, timeoutMs, timers }: ExchangeOptions): Exchange => {
  let waiting: Waiting | undefined;
  let ended = false;

  const give = (why: 'mute' | 'ended'): void => waiting?.settle({ ok: false, why, opcode: waiting.opcode });

  return {
    ask: (command) => {
      give('ended');
      const opcode = (command[1] ?? 0) | ((command[2] ?? 0) << 8);
      if (ended) return Promise.resolve({ ok: false, why: 'ended', opcode });
      return new Promise((resolve) => {
        const cancel = timers.after(timeoutMs, () => give('mute'));
        waiting = {
          opcode,
          settle: (answer) => {
            cancel();
            waiting = undefined;
            resolve(answer);
          },
        };
        write(command);
      });
    },
    answer: (opcode, status, result) => {
      if (waiting?.opcode !== opcode) return false;
      waiting.settle(status === 0 ? { ok: true, result } : { ok: false, why: 'refused', opcode, status });
      return true;
    },
    end: () => {
      ended = true;
      give('ended');
    },
  };
};
