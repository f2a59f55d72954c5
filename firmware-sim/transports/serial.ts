import { z } from 'zod';
import { frameSerial, serialFraming } from '../wire/framing.ts';
import { createLines, lineFormat } from '../wire/lines.ts';
import { type Port, portName } from './ports.ts';
import type { Transport, TransportOptions } from './transport.ts';

/** Lines on a serial port of its own, that nobody answers. */
export const serialEmit = z.strictObject({
  transport: z.literal('serial'),
  port: portName.describe('name of the port; `path` of a source in venue.yaml ends with it'),
  format: lineFormat,
  framing: serialFraming,
});

export interface SerialTransportOptions extends TransportOptions {
  readonly port: Port;
  readonly emit: z.output<typeof serialEmit>;
}

/** Whoever waits for a port looks for it about twice a second. */
const NOTICED_WITHIN_MS = 750;

export const serialTransport = ({ port, emit, clock, onReady, onProblem }: SerialTransportOptions): Transport => {
  const lines = createLines(emit.format);
  let alive = true;
  let dropped = 0;
  const ready = (): void => void clock.after(NOTICED_WITHIN_MS, onReady);
  return {
    open: () => {
      alive = true;
      port.plug().then(ready, (error: unknown) => onProblem(error instanceof Error ? error.message : String(error)));
    },
    send: (pack) => {
      if (!alive) return;
      const texts = lines(pack);
      // A press has no words in these formats: a tracker on a wire cannot call for help.
      if (texts.length === 0) dropped += 1;
      for (const text of texts) if (!port.write(frameSerial(Buffer.from(text, 'latin1'), emit.framing))) dropped += 1;
    },
    cut: () => {
      alive = false;
    },
    close: () => {
      alive = false;
      return Promise.resolve();
    },
    get dropped() {
      return dropped;
    },
  };
};
