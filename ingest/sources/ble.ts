import type { Duplex } from 'node:stream';
import type { ScanRhythm } from './ble/hci/commands.ts';
import type { Advert } from './ble/hci/reports.ts';
import { createScanner, newScannerCounters, type Refusal, type ScanMode, type Scanner } from './ble/hci/scanner.ts';
import type { KeepLine } from './ble/line.ts';
import { watchSilence } from './ble/silence.ts';
import type { Timers } from './ble/timers.ts';
import { bleTrouble, refusalTrouble } from './ble/trouble.ts';
import type { Accept, Source, SourceStatus, SourceTrouble } from './source.ts';

export interface BleOptions {
  readonly id: string;
  /** The adapter or port, as people know it. */
  readonly where: string;
  readonly line: KeepLine;
  readonly rhythm: ScanRhythm;
  /** Without an advert for so long the controller is reset; for as long again, the line is opened anew. */
  readonly silenceSeconds: number;
  readonly timers: Timers;
  readonly log: { warn(fields: object, message: string): void; info(fields: object, message: string): void };
  /** The gateway's clock, Unix milliseconds. */
  nowMs(): number;
}

const isRefusal = (mode: ScanMode | Refusal): mode is Refusal => typeof mode !== 'string';

/** Adverts of Bluetooth LE, each as it was heard: nothing is merged, and nothing kept of whoever sent it. */
export const bleSource = (options: BleOptions): Source => {
  const { id, where, log, timers, nowMs } = options;
  const heard = newScannerCounters();
  const own = { opened: 0, lost: 0, controllerResets: 0, silences: 0, handlerFailures: 0 };
  let state: SourceStatus['state'] = 'stopped';
  let lastTrouble: SourceTrouble | undefined;
  /** Told once until adverts come again: a radio that stays dead must not fill the log. */
  const told = new Set<string>();
  let accept: Accept = () => undefined;
  let scanner: Scanner | undefined;
  /** What it had heard when it was last begun: a controller that only ever begins is a dead one. */
  let heardAtBegin = -1;
  let silent = false;
  /** The controller was reset against the silence that lasts. */
  let resetTried = false;

  const tell = (trouble: SourceTrouble): void => {
    lastTrouble = trouble;
    if (told.has(trouble.code)) return;
    told.add(trouble.code);
    log.warn({ source: id, code: trouble.code, zh: trouble.zh }, trouble.en);
  };

  const proveLife = (): void => {
    if (silent || told.size > 0) log.info({ source: id }, `the Bluetooth receiver ${where} hears adverts`);
    state = 'open';
    silent = false;
    resetTried = false;
    told.clear();
    line.proveLife();
  };

  const onAdvert = ({ address, data, rssiDbm }: Advert, arrivedMs: number): void => {
    if (state !== 'open' || silent) proveLife();
    try {
      accept(
        rssiDbm === undefined
          ? { source: id, transport: 'ble', address, payload: data, arrivedMs, retained: false }
          : { source: id, transport: 'ble', address, payload: data, arrivedMs, retained: false, rssiDbm },
      );
    } catch (error) {
      own.handlerFailures += 1;
      if (own.handlerFailures === 1) log.warn({ source: id, address, err: error }, 'an advert failed in its handler');
    }
  };

  const begin = async (on: Scanner): Promise<void> => {
    silence.stop();
    heardAtBegin = heard.adverts;
    const mode = await on.begin();
    if (on !== scanner) return;
    if (isRefusal(mode)) {
      const trouble = refusalTrouble(mode, where, nowMs());
      if (trouble !== undefined) line.reopen(trouble);
      return;
    }
    if (state !== 'open') state = silent ? 'silent' : 'opening';
    silence.start();
  };

  const beginAnew = (trouble: SourceTrouble): void => {
    if (scanner === undefined) return;
    own.controllerResets += 1;
    tell(trouble);
    void begin(scanner);
  };

  const onRestarted = (why: 'reset' | 'hardware-error'): void => {
    const trouble = bleTrouble(why === 'reset' ? 'controller-reset' : 'hardware-error', where, nowMs());
    // Without a pause in between, one that does nothing else would be all that this process attends to.
    if (heard.adverts === heardAtBegin) line.reopen(trouble);
    else beginAnew(trouble);
  };

  const silence = watchSilence({
    silenceMs: options.silenceSeconds * 1000,
    timers,
    count: () => heard.adverts,
    onSilence: () => {
      own.silences += 1;
      silent = true;
      state = 'silent';
      const again = resetTried;
      resetTried = !again;
      const code = again ? 'radio-still-silent' : 'radio-silent';
      const trouble = bleTrouble(code, where, nowMs(), `${options.silenceSeconds}`);
      if (again) line.reopen(trouble);
      else beginAnew(trouble);
    },
  });

  const onOpen = (stream: Duplex): void => {
    own.opened += 1;
    const opened = createScanner({
      stream,
      rhythm: options.rhythm,
      timers,
      counters: heard,
      nowMs,
      onAdvert,
      onRestarted,
    });
    scanner = opened;
    void begin(opened);
  };

  const letGo = (): void => {
    silence.stop();
    scanner?.release();
    scanner = undefined;
  };

  const onLost = (trouble: SourceTrouble): void => {
    own.lost += 1;
    letGo();
    state = 'lost';
    tell(trouble);
  };

  const line = options.line({ onOpen, onLost });

  return {
    id,
    start: async (take) => {
      accept = take;
      state = 'opening';
      line.start();
    },
    stop: async () => {
      state = 'stopped';
      letGo();
      await line.stop();
    },
    status: () => {
      const { adverts, malformedEvents, ...rest } = heard;
      const failures = malformedEvents + own.handlerFailures;
      return { state, lastTrouble, counters: { ...rest, ...own, malformedEvents, frames: adverts, failures } };
    },
  };
};
