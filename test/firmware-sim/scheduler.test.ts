import { describe, expect, it } from 'vitest';
import { createScheduler } from '../../firmware-sim/scheduler.ts';
import { fakeClock } from './stage/fake-clock.ts';

const started = (speed = 1, maxPending?: number) => {
  const clock = fakeClock();
  const late: number[] = [];
  const scheduler = createScheduler({
    clock,
    pace: { startAtMs: 0, speed },
    ...(maxPending === undefined ? {} : { maxPending }),
    onLateness: (lateMs) => late.push(lateMs),
  });
  return { clock, scheduler, late };
};

describe('scheduler', () => {
  it('runs in order of time, and in order of arrival within a second', async () => {
    const { clock, scheduler } = started();
    const ran: string[] = [];
    const times = [9, 3, 7, 3, 1, 8, 3, 2, 6, 5, 4];
    times.forEach((at, index) => {
      scheduler.at(at, () => ran.push(`${at}#${index}`));
    });
    await clock.run();
    const expected = times
      .map((at, index) => ({ at, index }))
      .sort((a, b) => a.at - b.at || a.index - b.index)
      .map(({ at, index }) => `${at}#${index}`);
    expect(ran).toEqual(expected);
  });

  it('keeps order over thousands of actions that come while others run', async () => {
    const { clock, scheduler } = started();
    const ran: number[] = [];
    for (let index = 0; index < 3000; index += 1) {
      const at = (index * 7919) % 1000;
      scheduler.at(at, (atSeconds) => {
        ran.push(atSeconds);
        if (index % 3 === 0) scheduler.at(atSeconds + 0.5, (later) => ran.push(later));
      });
    }
    await clock.run();
    expect(ran).toHaveLength(4000);
    expect(ran).toEqual([...ran].sort((a, b) => a - b));
  });

  it('scales scenario seconds by speed', async () => {
    const { clock, scheduler } = started(60);
    let atMs = 0;
    scheduler.at(120, () => {
      atMs = clock.nowMs();
    });
    await clock.run();
    expect(atMs).toBe(2000);
  });

  it('refuses and counts what does not fit, and says how late it ran', async () => {
    const { clock, scheduler, late } = started(1, 2);
    await clock.run(0);
    expect([1, 2, 3].map((at) => scheduler.at(at, () => {}))).toEqual([true, true, false]);
    expect(scheduler.refused).toBe(1);
    await clock.run();
    scheduler.at(0.5, () => {});
    await clock.run();
    expect(late).toEqual([0, 0, 1500]);
  });

  it('runs nothing after it was stopped', async () => {
    const { clock, scheduler } = started();
    let ran = 0;
    scheduler.at(1, () => {
      ran += 1;
      scheduler.stop();
    });
    scheduler.at(1, () => {
      ran += 1;
    });
    await clock.run();
    expect(ran).toBe(1);
    expect(scheduler.at(2, () => {})).toBe(false);
  });
});
