import { MODBUS_KIND, registerAddress } from '../../decoders/modbus/modbus-frame.ts';
import type { Frame } from '../../model/frame.ts';
import type { Accept, SourceStatus, SourceTrouble } from '../source.ts';
import type { Answer, Line, LineEvents } from './line.ts';
import { type BusSchedule, busSchedule, type Outcome, type Poll, type ScheduleOptions } from './schedule.ts';
import { silentTrouble, unitTrouble } from './trouble.ts';
import { countAnswer, startCounts, totals, type UnitStatus } from './unit-counts.ts';

export interface BusOptions extends ScheduleOptions {
  /** Of the source. */
  readonly id: string;
  /** With no answer at all for so long the line is opened anew. */
  readonly silenceSeconds: number;
  /** Opens the line anew. */
  reopen(trouble: SourceTrouble): void;
  readonly log: { warn(fields: object, message: string): void };
  /** The gateway's clock, Unix milliseconds; only for stamps. */
  nowMs(): number;
  /** Real milliseconds since some moment, which no step of the system's clock disturbs: what the schedule goes by. */
  monotonicMs(): number;
}

/** A status with every unit's counters. */
export interface BusStatus extends SourceStatus {
  readonly units: readonly UnitStatus[];
}

/** Polls the units of one bus over whatever line it has. */
export interface Bus extends LineEvents {
  start(accept: Accept): void;
  /** The line is open. */
  attach(line: Line): void;
  /** The line is gone, or could not be opened. */
  detach(trouble: SourceTrouble): void;
  status(): BusStatus;
  stop(): void;
}

/** So many requests in a row without an answer are no accident. */
const MISSES_TOLD = 3;

const LONGEST_PAUSE_MS = 60_000;

const outcomeOf = ({ type }: Answer): Outcome => {
  switch (type) {
    case 'registers':
      return 'answered';
    case 'exception':
      return 'exception';
    case 'corrupt':
      return 'garbled';
    default:
      return 'unanswered';
  }
};

export const createBus = (options: BusOptions): Bus => {
  const { id, units, log, nowMs, monotonicMs } = options;
  const schedule: BusSchedule = busSchedule(options);
  const counts = new Map(units.map((unit) => [unit.unit, startCounts(unit)]));
  const silenceMs = Math.max(options.silenceSeconds * 1000, 3 * Math.min(...units.map(({ everyMs }) => everyMs)));
  const own = { frames: 0, bytes: 0, failures: 0, opens: 0, losses: 0, strayBytes: 0 };
  let accept: Accept = () => undefined;
  let line: Line | undefined;
  let running: { readonly poll: Poll; hadOther: boolean } | undefined;
  let state: SourceStatus['state'] = 'stopped';
  let heardMs = 0;
  let lastTrouble: SourceTrouble | undefined;
  let timer: NodeJS.Timeout | undefined;
  let resume = (): void => undefined;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      resume = () => {
        clearTimeout(timer);
        resolve();
      };
      timer = setTimeout(resolve, Math.max(1, Math.min(LONGEST_PAUSE_MS, ms)));
    });

  const trouble = (found: SourceTrouble): void => {
    lastTrouble = found;
    log.warn({ source: id, code: found.code }, found.en);
  };

  const deliver = ({ unit, map, start }: Poll, bytes: Uint8Array): void => {
    own.frames += 1;
    own.bytes += bytes.length;
    const address = registerAddress(id, unit, start);
    const arrived = { payload: bytes, arrivedMs: nowMs(), retained: false };
    const frame: Frame = { source: id, transport: MODBUS_KIND, address, profile: map.names[0], ...arrived };
    try {
      accept(frame);
    } catch (error) {
      own.failures += 1;
      log.warn({ source: id, address: frame.address, err: error }, 'Modbus registers failed in their handler');
    }
  };

  const conclude = (poll: Poll, answer: Answer, tookMs: number): void => {
    const count = counts.get(poll.unit);
    if (count === undefined) return;
    countAnswer(count, answer, poll.isProbe);
    schedule.finished(outcomeOf(answer), monotonicMs());
    if (answer.type !== 'registers' && answer.type !== 'exception') {
      if (count.missesInARow === MISSES_TOLD) trouble(unitTrouble(id, poll.unit, answer.type, nowMs()));
      return;
    }
    heardMs = monotonicMs();
    if (state !== 'stopped') state = 'open';
    count.lastAnswerMs = nowMs();
    count.lastPollMs = tookMs;
    if (answer.type === 'registers' && !poll.isProbe) deliver(poll, answer.bytes);
  };

  const ask = async (on: Line, poll: Poll): Promise<void> => {
    const asked = { poll, hadOther: false };
    running = asked;
    const startMs = monotonicMs();
    const answer = await on.read(poll);
    if (line !== on) return;
    running = undefined;
    const isOther = asked.hadOther && (answer.type === 'timeout' || answer.type === 'fragments');
    conclude(poll, isOther ? { type: 'wrong-length' } : answer, monotonicMs() - startMs);
  };

  const isSilent = (): boolean => monotonicMs() - heardMs > silenceMs;

  const run = async (on: Line): Promise<void> => {
    while (line === on) {
      if (isSilent()) {
        const seconds = Math.round(silenceMs / 1000);
        if (state !== 'silent') trouble(silentTrouble(id, seconds, nowMs()));
        state = 'silent';
        options.reopen(silentTrouble(id, seconds, nowMs()));
        return;
      }
      const turn = schedule.next(monotonicMs());
      if (turn.type === 'poll') await ask(on, turn.poll);
      else await pause(turn.untilMs - monotonicMs());
    }
  };

  const drop = (): void => {
    own.strayBytes += line?.strayBytes ?? 0;
    line?.release();
    line = undefined;
    running = undefined;
    resume();
  };

  return {
    start: (to) => {
      accept = to;
      state = 'opening';
    },
    attach: (opened) => {
      drop();
      own.opens += 1;
      if (state !== 'silent') state = 'open';
      line = opened;
      heardMs = monotonicMs();
      schedule.opened(monotonicMs());
      void run(opened);
    },
    detach: (found) => {
      if (line !== undefined) own.losses += 1;
      drop();
      if (state === 'stopped' || state === 'silent') return;
      if (state !== 'lost') trouble(found);
      state = 'lost';
    },
    onLate: (unit, functionCode, count) => {
      const owed = schedule.receivedLate(unit, functionCode, count, monotonicMs());
      const counted = counts.get(unit);
      if (owed && counted !== undefined) counted.lateReplies += 1;
      else if (running?.poll.unit === unit) running.hadOther = true;
      if (running === undefined) resume();
    },
    status: () => {
      const all = [...counts.values()];
      const sum = totals(all);
      const missed = sum.timeouts + sum.crcErrors + sum.exceptions + sum.wrongLengths;
      const strayBytes = own.strayBytes + (line?.strayBytes ?? 0);
      const counters = { ...own, strayBytes, failures: own.failures + missed, ...sum };
      return { state, counters, lastTrouble, units: all.map((unit) => ({ ...unit })) };
    },
    stop: () => {
      state = 'stopped';
      drop();
    },
  };
};
