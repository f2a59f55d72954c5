import type { Log } from '../log.ts';
import type { Word } from './messenger.ts';
import { createProgress, type Figures, type Stillness } from './progress.ts';

/** With messages coming in and every one of them lost for so long, judging does not come back by itself. */
const HOT_PATH_STILL_MS = 15_000;
/** Longer than any commit takes on a disk that works: a store that fails or starts anew tries every 5 s. */
const WRITER_STILL_MS = 60_000;
/** A write of one byte that takes longer was no answer of a disk that is well. */
const PROMPT_MS = 1000;
/** Prompt answers of the disk, one after the other, before a silent writer is held to be hung. */
const PROMPT_ANSWERS = 3;

export interface WatchdogOptions {
  /** How far the gateway has come. */
  figures(): Figures;
  /** Whether the disk takes a write; never settles while it does not answer. */
  probe(): Promise<boolean>;
  tell(word: Word): void;
  readonly clock: { now(): number; after(ms: number, task: () => void): () => void };
  readonly everyMs: number;
  readonly log: Log;
}

/** What a look found. `disk`: the writer waits for a disk that does not answer or refuses; a new process would too. */
type Finding = 'well' | 'disk' | 'hot-path' | 'writer';

/** What `systemctl status` shows. */
const STATUS: Readonly<Record<Finding, string>> = {
  well: '正在判断 · judging',
  disk: '正在判断，但磁盘无法写入 · judging, but the disk does not take what is to be kept',
  'hot-path': '判断已停止，等待重启 · judging has stopped, waits to be started anew',
  writer: '存储线程无响应，等待重启 · the store hangs, waits to be started anew',
};

const SAID: Readonly<Record<Exclude<Finding, 'well'>, string>> = {
  disk: 'the disk does not take what is to be kept; judging and alarms go on',
  'hot-path': 'nothing is judged any more: the service manager is to start the gateway anew',
  writer: 'the store’s worker hangs though the disk answers: the service manager is to start the gateway anew',
};

/** Asks the disk again and again, one question at a time, and counts prompt answers in a row. */
const diskAsker = ({ probe, clock }: WatchdogOptions) => {
  let isAsking = false;
  let promptAnswers = 0;
  const answered = (isWell: boolean, startMs: number): void => {
    isAsking = false;
    promptAnswers = isWell && clock.now() - startMs <= PROMPT_MS ? promptAnswers + 1 : 0;
  };
  return {
    ask: (): void => {
      if (isAsking) {
        promptAnswers = 0;
        return;
      }
      isAsking = true;
      const startMs = clock.now();
      void probe().then((isWell) => answered(isWell, startMs));
    },
    forget: (): void => {
      promptAnswers = 0;
    },
    get isWell() {
      return promptAnswers >= PROMPT_ANSWERS;
    },
  };
};

/**
 * Tells the service manager that the gateway is alive, every `everyMs`, as long as a new process would mend nothing: see
 * decision 0012. That the timer comes at all proves that the event loop turns. Answers how to end it.
 */
export const keepWatch = (options: WatchdogOptions): (() => void) => {
  const { figures, tell, clock, everyMs, log } = options;
  const progress = createProgress(figures(), clock.now());
  const disk = diskAsker(options);
  let last: Finding = 'well';
  tell(`STATUS=${STATUS[last]}`);

  const findingOf = ({ hotPathMs, writerMs }: Stillness): Finding => {
    if (writerMs < WRITER_STILL_MS / 2) disk.forget();
    else disk.ask();
    if (hotPathMs >= HOT_PATH_STILL_MS) return 'hot-path';
    if (writerMs < WRITER_STILL_MS) return 'well';
    return disk.isWell ? 'writer' : 'disk';
  };

  const look = (): void => {
    const finding = findingOf(progress(figures(), clock.now()));
    if (finding !== last) {
      if (finding === 'well') log.info({}, 'judging and keeping go on again');
      else log.error({ finding }, SAID[finding]);
      tell(`STATUS=${STATUS[finding]}`);
    }
    last = finding;
    if (finding === 'well' || finding === 'disk') tell('WATCHDOG=1');
    cancel = clock.after(everyMs, look);
  };
  let cancel = clock.after(everyMs, look);
  return () => cancel();
};
