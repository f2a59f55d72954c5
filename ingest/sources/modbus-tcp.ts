import { createBus } from './modbus/bus.ts';
import { keepConnected } from './modbus/kept-socket.ts';
import { tcpLine } from './modbus/tcp-line.ts';
import { scheduledUnit, type UnitOptions } from './modbus/units.ts';
import type { ModbusSource } from './modbus-rtu.ts';

export interface ModbusTcpOptions {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly units: readonly UnitOptions[];
  /** With no answer at all for so long the connection is made anew. */
  readonly silenceSeconds: number;
  readonly reconnect?: { readonly firstMs: number; readonly maxMs: number };
  /** How much faster than real time `nowMs` runs. Default 1. */
  readonly speed?: number;
  readonly log: { warn(fields: object, message: string): void };
  /** The gateway's clock, Unix milliseconds. */
  nowMs(): number;
  /** Real milliseconds since some moment. */
  monotonicMs(): number;
}

/** Devices behind a network: Modbus TCP, or a converter to an RS-485 bus. One request at a time, as such a bus wants. */
export const modbusTcpSource = (options: ModbusTcpOptions): ModbusSource => {
  const { id, host, port, speed = 1, log, nowMs, monotonicMs } = options;
  const bus = createBus({
    id,
    units: options.units.map((unit) => scheduledUnit(unit, speed)),
    wireMs: () => 0,
    gapMs: 0,
    isShared: false,
    silenceSeconds: options.silenceSeconds,
    reopen: (trouble) => socket.reopen(trouble),
    log,
    nowMs,
    monotonicMs,
  });
  const socket = keepConnected({
    host,
    port,
    reconnect: options.reconnect,
    onOpen: (opened) => {
      tcpLine(opened, port).then(
        (line) => (opened.destroyed ? line.release() : bus.attach(line)),
        () => opened.destroy(),
      );
    },
    onLost: bus.detach,
    nowMs,
  });
  return {
    id,
    status: bus.status,
    start: async (accept) => {
      bus.start(accept);
      socket.start();
    },
    stop: async () => {
      bus.stop();
      socket.stop();
    },
  };
};
