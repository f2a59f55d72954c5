import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Controller,
  type ControllerOptions,
  createController,
} from '../../../../firmware-sim/bluetooth/controller.ts';
import { realClock } from '../../../../firmware-sim/clock.ts';
import { createPort, type Port } from '../../../../firmware-sim/transports/ports.ts';

/** Waits for what only the system can bring about; fails when it does not come. */
export const until = async (what: string, isSo: () => boolean): Promise<void> => {
  for (let waitedMs = 0; waitedMs < 15_000; waitedMs += 10) {
    if (isSo()) return;
    await new Promise<void>((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`never came: ${what}`);
};

export interface Dongle {
  readonly path: string;
  readonly port: Port;
  readonly controller: Controller;
  stop(): Promise<void>;
}

/** A controller of the simulator on a terminal of its own. */
export const dongle = async (options: Partial<ControllerOptions> = {}): Promise<Dongle> => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-ble-'));
  const path = join(directory, 'hci');
  const port = createPort({ link: path, clock: realClock(), onProblem: () => undefined });
  const controller = createController({
    address: '00:1A:7D:00:00:01',
    isExtended: true,
    write: (bytes) => void port.write(bytes),
    reach: () => undefined,
    ...options,
  });
  port.listen(controller.receive);
  await port.plug();
  return {
    path,
    port,
    controller,
    stop: async () => {
      await port.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};
