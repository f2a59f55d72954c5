import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { admissions } from '../../../gateway/broker/admissions.ts';
import type { Clock } from '../../../gateway/broker/clock.ts';

const stage = () => {
  const turns: (() => void)[] = [];
  const clock: Clock = { now: () => 0, soon: (task) => void turns.push(task), after: () => () => undefined };
  const entered: PassThrough[] = [];
  const admit = admissions(clock, ({ socket }) => {
    if (socket instanceof PassThrough) entered.push(socket);
  });
  const come = (): PassThrough => {
    const socket = new PassThrough();
    admit({ socket, address: '10.0.0.1', local: false });
    return socket;
  };
  return { entered, come, turn: () => turns.shift()?.(), pending: () => turns.length };
};

test('a storm comes in a few a turn, in order, and nobody is left outside', () => {
  const { entered, come, turn, pending } = stage();
  const storm = Array.from({ length: 55 }, come);
  expect(entered).toEqual([]);
  const sizes: number[] = [];
  while (pending() > 0) {
    turn();
    sizes.push(entered.length);
  }
  expect(sizes).toEqual([20, 40, 55]);
  expect(entered).toEqual(storm);
  const late = come();
  turn();
  expect(entered.at(-1)).toBe(late);
});

test('one that comes while others wait is let in after them; one that breaks meanwhile is not', () => {
  const { entered, come, turn, pending } = stage();
  const storm = Array.from({ length: 25 }, come);
  turn();
  const late = come();
  storm[22]?.destroy(new Error('gone'));
  while (pending() > 0) turn();
  expect(entered).toEqual([...storm.slice(0, 22), ...storm.slice(23), late]);
});
