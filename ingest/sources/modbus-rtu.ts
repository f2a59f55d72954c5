import { type BusStatus, createBus } from './modbus/bus.ts';
import { rtuLine } from './modbus/rtu-line.ts';
import { scheduledUnit, type UnitOptions } from './modbus/units.ts';
import { frameGapMs, type SerialFormat, wireMs } from './modbus/wire-time.ts';
import { keepOpen } from './serial/port.ts';
import type { Source } from './source.ts';

export interface ModbusRtuOptions extends SerialFormat {
  readonly id: string;
  /** Of the serial port. */
  readonly path: string;
  readonly rtscts?: boolean;
  readonly units: readonly UnitOptions[];
  /** With no answer at all for so long the port is opened anew. */
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

export interface ModbusSource extends Source {
  status(): BusStatus;
}

/** Devices on an RS-485 bus, or one on a serial line: Modbus RTU. */
export const modbusRtuSource = (options: ModbusRtuOptions): ModbusSource => {
  const { id, speed = 1, log, nowMs, monotonicMs } = options;
  const bus = createBus({
    id,
    units: options.units.map((unit) => scheduledUnit(unit, speed)),
    wireMs: (count) => wireMs(options, count),
    gapMs: frameGapMs(options),
    isShared: true,
    silenceSeconds: options.silenceSeconds,
    reopen: (trouble) => port.reopen(trouble),
    log,
    nowMs,
    monotonicMs,
  });
  const port = keepOpen({
    ...options,
    onOpen: (opened) => {
      opened.once('data', () => port.proveLife());
      bus.attach(rtuLine(opened, bus));
    },
    onLost: bus.detach,
  });
  return {
    id,
    status: bus.status,
    start: async (accept) => {
      bus.start(accept);
      port.start();
    },
    stop: async () => {
      bus.stop();
      await port.stop();
    },
  };
};
