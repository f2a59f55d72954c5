import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { admissions } from '../../../gateway/broker/admissions.ts';
import { newCounters } from '../../../gateway/broker/counters.ts';
import { Turns } from '../../../gateway/broker/front/turns.ts';
import { DEFAULT_LIMITS } from '../../../gateway/broker/limits.ts';
import { until } from '../../until.ts';

const stage = () => {
  let tasks: (() => void)[] = [];
  const timers = new Set<() => void>();
  const clock = {
    now: () => 0,
    soon: (task: () => void) => void tasks.push(task),
    after: (_ms: number, task: () => void) => {
      timers.add(task);
      return () => void timers.delete(task);
    },
  };
  const warnings: string[] = [];
  const turns = new Turns(clock, 20, 500);
  const warn = (_key: string, _fields: object, message: string) => void warnings.push(message);
  const context = { clock, turns, limits: DEFAULT_LIMITS, counters: newCounters(), warn };
  const entered: PassThrough[] = [];
  const admit = admissions(context, ({ socket }) => {
    if (socket instanceof PassThrough) entered.push(socket);
  });
  const come = (): PassThrough => {
    const socket = new PassThrough();
    admit({ socket, address: '10.0.0.1', local: false });
    return socket;
  };
  /** Lets it speak, until it is heard. */
  const speak = async (socket: PassThrough): Promise<void> => {
    socket.write('x');
    await until(() => socket.listenerCount('readable') === 0, 'readable');
  };
  const phase = (): void => {
    const due = tasks;
    tasks = [];
    for (const task of due) task();
  };
  return { entered, come, speak, phase, timers, warnings, pending: () => tasks.length };
};

test('who has said nothing does not enter, and is closed when its time is over', () => {
  const { entered, come, phase, pending, timers, warnings } = stage();
  const socket = come();
  expect(pending()).toBe(0);
  for (const timer of timers) timer();
  phase();
  expect(socket.destroyed).toBe(true);
  expect(warnings).toEqual(['MQTT connection closed']);
  expect(entered).toEqual([]);
});

test('a storm enters in the order it spoke, a few a turn, with all that was said', async () => {
  const { entered, come, speak, phase, pending, timers } = stage();
  const storm = Array.from({ length: 10 }, come).reverse();
  for (const socket of storm) await speak(socket);
  expect(timers.size).toBe(0);
  expect(entered).toEqual([]);
  const sizes: number[] = [];
  while (pending() > 0) {
    phase();
    sizes.push(entered.length);
  }
  expect(sizes.slice(0, 3)).toEqual([4, 8, 10]);
  expect(entered).toEqual(storm);
  expect(entered.map((socket) => socket.read()?.toString())).toEqual(storm.map(() => 'x'));
});

test('one that breaks while it waits does not enter, and leaves no timer', async () => {
  const { entered, come, speak, phase, pending, timers } = stage();
  const silent = come();
  const spoken = come();
  await speak(spoken);
  silent.destroy(new Error('gone'));
  spoken.destroy(new Error('gone'));
  await until(() => timers.size === 0, 'no timers');
  while (pending() > 0) phase();
  expect(entered).toEqual([]);
});
