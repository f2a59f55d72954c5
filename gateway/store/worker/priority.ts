import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Nice value of the thread; 0 is that of the others. */
const NICE = 5;

/**
 * Where the machine is short of time, judging comes before keeping. On Linux a priority is a thread's own (setpriority(2),
 * notes), and a link tells its number (proc(5)); elsewhere all threads stay equal.
 */
export const yieldToJudging = (): void => {
  try {
    const [pid, , thread] = readlinkSync('/proc/thread-self').split('/');
    if (Number(pid) === process.pid) setPriority(Number(thread), NICE);
  } catch {
    // No such link, or not allowed: it goes on as it is.
  }
};
