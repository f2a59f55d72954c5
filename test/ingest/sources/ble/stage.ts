import { type Duplex, duplexPair } from 'node:stream';
import {
  type Controller,
  type ControllerOptions,
  createController,
} from '../../../../firmware-sim/bluetooth/controller.ts';
import type { Heard } from '../../../../firmware-sim/bluetooth/events.ts';
import type { Frame } from '../../../../ingest/model/frame.ts';
import type { KeepLine, LineEvents } from '../../../../ingest/sources/ble/line.ts';
import { bleSource } from '../../../../ingest/sources/ble.ts';
import type { Accept, SourceTrouble } from '../../../../ingest/sources/source.ts';
import { fakeClock } from '../../../firmware-sim/stage/fake-clock.ts';

export const REOPEN_MS = 500;

/** What streams hand on within the turns of the event loop. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 40; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
};

export interface StageOptions extends Partial<Pick<ControllerOptions, 'isExtended'>> {
  readonly silenceSeconds?: number;
  readonly accept?: Accept;
  /** Puts its own hand between the host and the controller: answers whether it took the bytes. */
  readonly intercept?: (bytes: Buffer, answer: (bytes: Uint8Array) => void) => boolean;
}

export const advert = (index: number, data: Uint8Array = Buffer.of(2, 1, 6)): Heard => ({
  address: `C0:00:00:00:00:${index.toString(16).toUpperCase().padStart(2, '0')}`,
  addressType: 'random',
  isConnectable: false,
  data,
  rssiDbm: -60,
});

/** The source on a pair of streams, with a controller of the simulator at the other end, in time that the test gives. */
export const stage = ({ isExtended = true, silenceSeconds = 10, intercept, ...options }: StageOptions = {}) => {
  const clock = fakeClock();
  const frames: Frame[] = [];
  const warnings: unknown[] = [];
  const lost: SourceTrouble[] = [];
  let far: Duplex | undefined;
  const hostBytes: Buffer[] = [];
  const controller: Controller = createController({
    address: '00:1A:7D:00:00:01',
    isExtended,
    write: (bytes) => void far?.write(bytes),
    reach: () => undefined,
  });

  const line: KeepLine = (events: LineEvents) => {
    let stopped = false;
    const open = (): void => {
      if (stopped) return;
      const [near, other] = duplexPair();
      far = other;
      controller.powerCycle();
      other.on('data', (bytes: Buffer) => {
        hostBytes.push(bytes);
        if (intercept?.(bytes, (answer) => void other.write(answer)) !== true) controller.receive(bytes);
      });
      events.onOpen(near);
    };
    return {
      start: open,
      reopen: (trouble) => {
        lost.push(trouble);
        far = undefined;
        clock.after(REOPEN_MS, open);
        events.onLost(trouble);
      },
      proveLife: () => undefined,
      stop: async () => {
        stopped = true;
      },
    };
  };

  const source = bleSource({
    id: 'hall',
    where: 'hci0',
    line,
    rhythm: { intervalMs: 100, windowMs: 50 },
    silenceSeconds,
    timers: clock,
    log: { warn: (fields) => warnings.push(fields), info: () => undefined },
    nowMs: clock.nowMs,
  });
  return {
    source,
    controller,
    clock,
    frames,
    warnings,
    lost,
    hostBytes,
    wire: (bytes: Uint8Array): void => void far?.write(bytes),
    start: async (): Promise<void> => {
      await source.start(options.accept ?? ((frame) => frames.push(frame)));
      await settle();
    },
    /** Lets time pass, in steps within which the streams may speak. */
    pass: async (ms: number): Promise<void> => {
      const untilMs = clock.nowMs() + ms;
      for (let stepMs = clock.nowMs() + 250; stepMs <= untilMs; stepMs += 250) {
        clock.after(stepMs - clock.nowMs(), () => undefined);
        await clock.run(stepMs);
        await settle();
      }
    },
    status: () => source.status?.(),
  };
};
