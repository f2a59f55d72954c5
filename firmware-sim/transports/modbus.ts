import { z } from 'zod';
import type { Clock } from '../clock.ts';
import {
  exceptionReply,
  ILLEGAL_ADDRESS,
  ILLEGAL_FUNCTION,
  ILLEGAL_VALUE,
  type ReadRequest,
  readReply,
  requestReader,
} from '../wire/modbus.ts';
import {
  type ModbusDevice,
  modbusDevice,
  type Registers,
  registersOf,
  spaceOf,
  wattsIn,
} from '../wire/modbus-devices.ts';
import { type Port, portName } from './ports.ts';
import type { Transport, TransportOptions } from './transport.ts';

const everyNth = z.int().min(1).max(1_000_000).default(1).describe('of its answers, this many-th is so');

/** What is wrong with a slave. */
export const modbusFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('dead') }),
  z.strictObject({ kind: z.literal('slow'), delayMs: z.number().min(0).max(60_000), everyNth }),
  z.strictObject({ kind: z.literal('corrupt'), everyNth }),
  z.strictObject({ kind: z.literal('exception'), code: z.int().min(1).max(11).default(4), everyNth }),
  z.strictObject({ kind: z.literal('short'), everyNth }),
]);

export type ModbusFault = z.output<typeof modbusFault>;

/** A slave on a bus, which speaks when it is asked: Modbus RTU. */
export const modbusEmit = z.strictObject({
  transport: z.literal('modbus-rtu'),
  port: portName.describe('name of the bus; `path` of a source in venue.yaml ends with it'),
  unit: z.int().min(1).max(247).describe('its number on the bus'),
  device: modbusDevice,
  fault: modbusFault.optional(),
});

export type ModbusEmit = z.output<typeof modbusEmit>;

/** How long a healthy device thinks, ms. */
const TURNAROUND_MS = 4;

/** Devices on one port: each hears all requests, and answers its own. */
export interface ModbusBus {
  readonly port: Port;
  join(unit: number, onRequest: (request: ReadRequest) => void): void;
}

export const createModbusBus = (port: Port): ModbusBus => {
  const slaves = new Map<number, (request: ReadRequest) => void>();
  port.listen(requestReader((request) => slaves.get(request.unit)?.(request)));
  return {
    port,
    join: (unit, onRequest) => {
      slaves.set(unit, onRequest);
    },
  };
};

/** What a sound device answers. */
const replyOf = (device: ModbusDevice, registers: Registers, request: ReadRequest): Buffer => {
  const { functionCodes, first, last, most, pairs } = spaceOf(device);
  const { functionCode, start, count } = request;
  if (!functionCodes.includes(functionCode)) return exceptionReply(request, ILLEGAL_FUNCTION);
  if (count < 1 || count > most) return exceptionReply(request, ILLEGAL_VALUE);
  if (pairs && (start % 2 !== 0 || count % 2 !== 0)) return exceptionReply(request, ILLEGAL_ADDRESS);
  if (start < first || start + count - 1 > last) return exceptionReply(request, ILLEGAL_ADDRESS);
  return readReply(
    request,
    Array.from({ length: count }, (_, index) => registers.get(start + index) ?? 0),
  );
};

const broken = (reply: Buffer): Buffer => {
  const bytes = Buffer.from(reply);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 3) ^ 0x10, bytes.length - 3);
  return bytes;
};

/** What the bus hears instead; undefined: nothing. */
const faulty = (reply: Buffer, request: ReadRequest, fault: ModbusFault | undefined): Buffer | undefined => {
  switch (fault?.kind) {
    case 'dead':
      return undefined;
    case 'corrupt':
      return broken(reply);
    case 'exception':
      return exceptionReply(request, fault.code);
    case 'short':
      return readReply(request, [0]);
    default:
      return reply;
  }
};

export interface ModbusSlave {
  /** From now on its registers say this. */
  measure(registers: Registers): void;
  /** Switched off: it hears nothing, and what it was about to say is not said. */
  cut(): void;
  open(): void;
}

/** One device: it answers in the order in which it was asked, however long that takes. */
export const createModbusSlave = (bus: ModbusBus, { unit, device, fault }: ModbusEmit, clock: Clock): ModbusSlave => {
  let registers: Registers = new Map();
  let asked = 0;
  let alive = true;
  let life = 0;
  let speaksMs = 0;
  bus.join(unit, (request) => {
    if (!alive) return;
    asked += 1;
    const isOff = fault !== undefined && (fault.kind === 'dead' || asked % fault.everyNth === 0);
    const reply = replyOf(device, registers, request);
    const said = isOff ? faulty(reply, request, fault) : reply;
    const delayMs = isOff && fault.kind === 'slow' ? fault.delayMs : TURNAROUND_MS;
    const own = life;
    speaksMs = Math.max(speaksMs, clock.nowMs() + delayMs);
    clock.after(speaksMs - clock.nowMs(), () => {
      if (said !== undefined && own === life) bus.port.write(said);
    });
  });
  return {
    measure: (measured) => {
      registers = measured;
    },
    cut: () => {
      alive = false;
      life += 1;
    },
    open: () => {
      alive = true;
    },
  };
};

export interface ModbusTransportOptions extends TransportOptions {
  readonly bus: ModbusBus;
  readonly emit: ModbusEmit;
}

const HOUR_MS = 3_600_000;

/** A pack becomes the registers that the next request reads. A press has no register: nobody would ask in time. */
export const modbusTransport = ({ bus, emit, clock, onReady, onProblem }: ModbusTransportOptions): Transport => {
  const slave = createModbusSlave(bus, emit, clock);
  let wattHours = 0;
  let lastMs: number | undefined;
  let dropped = 0;
  return {
    open: () => {
      slave.open();
      bus.port
        .plug()
        .then(onReady, (error: unknown) => onProblem(error instanceof Error ? error.message : String(error)));
    },
    send: ({ records, stampMs }, urgent) => {
      if (urgent) {
        dropped += 1;
        return;
      }
      wattHours += (wattsIn(records) * Math.max(0, stampMs - (lastMs ?? stampMs))) / HOUR_MS;
      lastMs = stampMs;
      slave.measure(registersOf(emit.device, records, wattHours));
    },
    cut: slave.cut,
    close: async () => slave.cut(),
    get dropped() {
      return dropped;
    },
  };
};
