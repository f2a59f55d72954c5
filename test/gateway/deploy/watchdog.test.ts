import { describe, expect, onTestFinished, test } from 'vitest';
import type { Log } from '../../../gateway/log.ts';
import type { Figures } from '../../../gateway/service-manager/progress.ts';
import { serviceSettingsOf } from '../../../gateway/service-manager/settings.ts';
import { keepWatch } from '../../../gateway/service-manager/watchdog.ts';

const EVERY_MS = 5_000;

type Disk = 'answers' | 'refuses' | 'is silent' | 'is slow';

/** A gateway whose figures the test sets, and a clock that it turns. */
const stage = () => {
  let figures: Figures = { isJudging: true, arrived: 0, lost: 0, pendingBatches: 0, writerSteps: 0 };
  let disk: Disk = 'answers';
  let nowMs = 0;
  let task: (() => void) | undefined;
  const words: string[] = [];
  const errors: string[] = [];
  const log: Log = { info: () => undefined, warn: () => undefined, error: (_fields, message) => errors.push(message) };
  const probe = async (): Promise<boolean> => {
    if (disk === 'is silent') return new Promise(() => undefined);
    if (disk === 'is slow') nowMs += 2_000;
    return disk !== 'refuses';
  };
  const clock = {
    now: () => nowMs,
    after: (ms: number, work: () => void) => {
      expect(ms).toBe(EVERY_MS);
      task = work;
      return () => {
        task = undefined;
      };
    },
  };
  const stop = keepWatch({
    figures: () => figures,
    probe,
    tell: (word) => words.push(word),
    clock,
    everyMs: EVERY_MS,
    log,
  });
  onTestFinished(stop);
  return {
    stop,
    words,
    errors,
    set: (change: Partial<Figures>, of: Disk = disk): void => {
      figures = { ...figures, ...change };
      disk = of;
    },
    /** Lets so many seconds pass, `each` before every look; answers how many signs of life there were. */
    pass: async (seconds: number, each: (figures: Figures) => Partial<Figures> = () => ({})): Promise<number> => {
      const before = words.length;
      for (let passedMs = 0; passedMs < seconds * 1000; passedMs += EVERY_MS) {
        nowMs += EVERY_MS;
        figures = { ...figures, ...each(figures) };
        task?.();
        // A probe that answers has answered by the next look.
        await Promise.resolve().then(() => undefined);
      }
      return words.slice(before).filter((word) => word === 'WATCHDOG=1').length;
    },
  };
};

describe('signs of life', () => {
  test('come while nothing happens, and while all goes well', async () => {
    const { pass, set, words } = stage();
    expect(await pass(300)).toBe(60);
    set({ pendingBatches: 3 });
    expect(
      await pass(300, ({ arrived, writerSteps }) => ({ arrived: arrived + 9, writerSteps: writerSteps + 1 })),
    ).toBe(60);
    expect(words.filter((word) => word.startsWith('STATUS='))).toEqual(['STATUS=正在判断 · judging']);
  });

  test('end with the watch', async () => {
    const { pass, stop } = stage();
    stop();
    expect(await pass(60)).toBe(0);
  });

  test('stop a minute after the worker has come to a stop on a disk that answers, and come again when it goes on', async () => {
    const { pass, set, errors, words } = stage();
    set({ pendingBatches: 1, writerSteps: 7 });
    await pass(5, () => ({ writerSteps: 8 }));
    expect(await pass(55)).toBe(11);
    expect(errors).toEqual([]);
    expect(await pass(300)).toBe(0);
    expect(errors).toEqual([expect.stringContaining('hangs though the disk answers')]);
    expect(words.at(-1)).toMatch(/^STATUS=存储线程无响应.*the store hangs/);
    set({ writerSteps: 9 });
    expect(await pass(10)).toBe(2);
    expect(words.at(-3)).toMatch(/judging$/);
  });

  test.each(['refuses', 'is silent', 'is slow'] as const)(
    'go on while the disk %s: a new process would mend nothing',
    async (disk) => {
      const { pass, set, errors } = stage();
      set({ pendingBatches: 40 }, disk);
      expect(await pass(3600)).toBe(720);
      expect(errors).toEqual([expect.stringContaining('the disk does not take')]);
    },
  );

  test('go on while commits fail or the worker is started again and again: the store is at it', async () => {
    const { pass, set, errors } = stage();
    set({ pendingBatches: 40 });
    expect(await pass(3600, ({ writerSteps }) => ({ writerSteps: writerSteps + 1 }))).toBe(720);
    expect(errors).toEqual([]);
  });

  test('go on after a disk that was silent comes back, and the worker with it', async () => {
    const { pass, set } = stage();
    set({ pendingBatches: 40 }, 'is silent');
    await pass(600);
    set({ writerSteps: 1, pendingBatches: 0 }, 'answers');
    expect(await pass(600)).toBe(120);
  });

  test('stop when every message has been lost for 15 s, whatever the disk does', async () => {
    const { pass, errors } = stage();
    const losing = ({ arrived, lost }: Figures) => ({ arrived: arrived + 4, lost: lost + 4 });
    expect(await pass(10, losing)).toBe(2);
    expect(await pass(60, losing)).toBe(0);
    expect(errors).toEqual([expect.stringContaining('nothing is judged any more')]);
    expect(await pass(5, ({ arrived, lost }) => ({ arrived: arrived + 4, lost: lost + 3 }))).toBe(1);
  });

  test('go on after one lost message with silence behind it', async () => {
    const { pass } = stage();
    await pass(5, () => ({ arrived: 1, lost: 1 }));
    expect(await pass(600)).toBe(120);
  });

  test('stop at once when the engine’s stream has ended', async () => {
    const { pass, set } = stage();
    set({ isJudging: false });
    expect(await pass(60)).toBe(0);
  });
});

describe('what systemd says in the environment', () => {
  test.each([
    [{}, undefined],
    [{ NOTIFY_SOCKET: '' }, undefined],
    [{ WATCHDOG_USEC: '15000000' }, undefined],
    [{ NOTIFY_SOCKET: '/run/notify' }, {}],
    [{ NOTIFY_SOCKET: '/run/notify', WATCHDOG_USEC: '15000000' }, { watchdogMs: 15_000 }],
    [{ NOTIFY_SOCKET: '/run/notify', WATCHDOG_USEC: '15000000', WATCHDOG_PID: '42' }, { watchdogMs: 15_000 }],
    [{ NOTIFY_SOCKET: '/run/notify', WATCHDOG_USEC: '15000000', WATCHDOG_PID: '43' }, {}],
    [{ NOTIFY_SOCKET: '/run/notify', WATCHDOG_USEC: 'soon' }, {}],
  ])('%o', (environment, settings) => {
    expect(serviceSettingsOf(environment, 42)).toEqual(settings);
  });
});
