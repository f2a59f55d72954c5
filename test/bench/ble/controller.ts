import { z } from 'zod';
import { type Controller, createController } from '../../../firmware-sim/bluetooth/controller.ts';
import { realClock } from '../../../firmware-sim/clock.ts';
import { openPty, type Pty } from '../../../firmware-sim/pty.ts';
import { answerQuestions } from '../child.ts';
import { reportChunks } from './adverts.ts';

const questionSchema = z.object({ path: z.string() });

/** Sends adverts as fast as the terminal takes them, for as long as a host scans. */
const flood = (pty: Pty, chunks: readonly Buffer[]): (() => void) => {
  let at = 0;
  let waits = false;
  const send = (controller: Controller): void => {
    while (controller.isScanning && !waits) {
      const chunk = chunks[at % chunks.length] ?? Buffer.alloc(0);
      at += 1;
      waits = !pty.stream.write(chunk);
    }
  };
  const controller: Controller = createController({
    address: '00:1A:7D:00:00:01',
    // What noble does fastest.
    isExtended: false,
    write: (bytes) => void pty.stream.write(bytes),
    reach: () => undefined,
    onScanning: (isScanning) => {
      if (isScanning) setImmediate(() => send(controller));
    },
  });
  pty.stream.on('data', controller.receive);
  pty.stream.on('drain', () => {
    waits = false;
    send(controller);
  });
  return controller.powerCycle;
};

let opened: { readonly pty: Pty; readonly quiet: () => void } | undefined;

answerQuestions(async (question) => {
  const { path } = questionSchema.parse(question);
  opened?.quiet();
  await opened?.pty.close();
  const pty = await openPty(path, realClock());
  opened = { pty, quiet: flood(pty, reportChunks()) };
  return {};
});

// At the end of the process, whatever ends it: socat would outlive it.
process.on('exit', () => void opened?.pty.close());
