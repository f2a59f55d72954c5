import type { Frame } from '../model/frame.ts';
import { createFramer, type Framing, type FramingFault } from './serial/framer.ts';
import { type KeptPort, keepOpen, type LineSettings } from './serial/port.ts';
import { portTrouble } from './serial/trouble.ts';
import type { Accept, Source, SourceStatus, SourceTrouble } from './source.ts';

export interface SerialLinesOptions extends LineSettings {
  readonly id: string;
  readonly framing: Framing;
  /** What the lines look like; `auto`: each line says it itself. */
  readonly format: string;
  readonly maxFrameBytes: number;
  /** Nothing heard for so long: the port is closed and opened anew. Absent: silence is normal. */
  readonly silenceSeconds?: number | undefined;
  readonly reconnect?: { readonly firstMs: number; readonly maxMs: number } | undefined;
  readonly log: { warn(fields: object, message: string): void; info(fields: object, message: string): void };
  /** The gateway's clock, Unix milliseconds. */
  nowMs(): number;
}

export interface SerialLinesSource extends Source {
  status(): SourceStatus;
}

/** A sender of frames that say their length does not pause within one; bytes that wait so long are the rest of a broken one. */
const PAUSE_MS = 1_000;

type State = SourceStatus['state'];

/** Lines, or frames of another kind, from a device on a serial port, which may come and go. */
export const serialLinesSource = (options: SerialLinesOptions): SerialLinesSource => {
  const { id, path, log, nowMs, silenceSeconds } = options;
  const profile = options.format === 'auto' ? {} : { profile: options.format };
  const counters = {
    frames: 0,
    bytes: 0,
    failures: 0,
    tooLong: 0,
    malformed: 0,
    opens: 0,
    losses: 0,
    silences: 0,
    handlerFailures: 0,
  };
  let state: State = 'stopped';
  let lastTrouble: SourceTrouble | undefined;
  /** Said once while it lasts: a port that is missing for a week is tried a hundred thousand times. */
  let said: string | undefined;
  let accept: Accept = () => undefined;
  let silence: NodeJS.Timeout | undefined;
  let pause: NodeJS.Timeout | undefined;

  const trouble = (what: SourceTrouble): void => {
    lastTrouble = what;
    if (what.code !== said) log.warn({ source: id, path, code: what.code }, what.en);
    said = what.code;
  };

  const onFrame = (payload: Uint8Array): void => {
    counters.frames += 1;
    state = 'open';
    said = undefined;
    silence?.refresh();
    const frame: Frame = {
      source: id,
      transport: 'serial',
      address: id,
      payload,
      arrivedMs: nowMs(),
      retained: false,
      ...profile,
    };
    try {
      accept(frame);
    } catch (error) {
      counters.handlerFailures += 1;
      log.warn({ source: id, err: error }, 'serial frame failed in its handler');
    }
  };

  const onFault = (fault: FramingFault): void => {
    counters.failures += 1;
    if (fault === 'too-long') counters.tooLong += 1;
    else counters.malformed += 1;
  };

  const framer = createFramer(options.framing, { maxFrameBytes: options.maxFrameBytes, onFrame, onFault });

  const breakOff = (): void => {
    if (framer.isWithinFrame) onFault('malformed');
    framer.reset();
  };

  const onBytes = (port: KeptPort, chunk: Uint8Array): void => {
    counters.bytes += chunk.length;
    port.proveLife();
    clearTimeout(pause);
    framer.push(chunk);
    if (options.framing.kind === 'length-prefixed' && framer.isWithinFrame) pause = setTimeout(breakOff, PAUSE_MS);
  };

  const stopTimers = (): void => {
    clearTimeout(silence);
    clearTimeout(pause);
  };

  const awaitFrames = (): void => {
    if (silenceSeconds === undefined) return;
    silence = setTimeout(() => {
      counters.silences += 1;
      state = 'silent';
      port.reopen(portTrouble('port-silent', path, nowMs(), String(silenceSeconds)));
    }, silenceSeconds * 1000);
  };

  const port = keepOpen({
    ...options,
    onOpen: (opened) => {
      counters.opens += 1;
      // A port that opens proves nothing of the device behind it.
      if (state !== 'silent') {
        state = 'open';
        said = undefined;
      }
      log.info({ source: id, path }, 'serial port is open');
      framer.reset();
      opened.on('data', (chunk: Buffer) => onBytes(port, chunk));
      awaitFrames();
    },
    onLost: (what) => {
      stopTimers();
      trouble(what);
      if (what.code === 'port-lost') counters.losses += 1;
      if (what.code !== 'port-silent') state = 'lost';
    },
  });

  return {
    id,
    start: async (to) => {
      accept = to;
      state = 'opening';
      port.start();
    },
    stop: async () => {
      state = 'stopped';
      stopTimers();
      await port.stop();
    },
    status: () => ({ state, counters: { ...counters }, lastTrouble }),
  };
};
