import type { Socket } from 'node:net';
import type { ReadRequest } from '../wire/modbus.ts';
import { createHost, type Host } from './hosts.ts';
import type { ModbusBus } from './modbus.ts';

/** Modbus Messaging on TCP/IP V1.0b, 3.1.3: transaction, protocol 0, length of what follows, unit. */
const HEADER_BYTES = 7;
const LENGTH_AT = 4;
const UNIT_AT = 6;
/** Function code, start and count (Modbus Application Protocol V1.1b3, 6.3 and 6.4). */
const READ_BYTES = 5;
const CHECKSUM_BYTES = 2;

interface Asked {
  readonly socket: Socket;
  readonly transaction: number;
}

/** The frames in what a master sent so far, and what is left of it. */
const framesIn = (bytes: Buffer): { readonly frames: readonly Buffer[]; readonly rest: Buffer } => {
  const frames: Buffer[] = [];
  let at = 0;
  while (bytes.length - at >= HEADER_BYTES) {
    const end = at + UNIT_AT + bytes.readUInt16BE(at + LENGTH_AT);
    if (end > bytes.length) break;
    frames.push(bytes.subarray(at, end));
    at = end;
  }
  return { frames, rest: Buffer.from(bytes.subarray(at)) };
};

const requestIn = (frame: Buffer): ReadRequest | undefined =>
  frame.length < HEADER_BYTES + READ_BYTES
    ? undefined
    : {
        unit: frame.readUInt8(UNIT_AT),
        functionCode: frame.readUInt8(HEADER_BYTES),
        start: frame.readUInt16BE(HEADER_BYTES + 1),
        count: frame.readUInt16BE(HEADER_BYTES + 3),
      };

/** Devices behind one address: a bus, as the slaves see it. */
export const createModbusHost = (
  port: number,
  onProblem: (message: string) => void,
): { readonly bus: ModbusBus; readonly host: Host } => {
  const slaves = new Map<number, (request: ReadRequest) => void>();
  const asked = new WeakMap<ReadRequest, Asked>();
  let connected = (): void => undefined;
  const first = new Promise<void>((resolve) => {
    connected = resolve;
  });
  const host = createHost({
    port,
    onProblem,
    onConnection: (socket) => {
      connected();
      let waiting: Buffer = Buffer.alloc(0);
      socket.on('data', (bytes: Buffer) => {
        const { frames, rest } = framesIn(Buffer.concat([waiting, bytes]));
        waiting = rest;
        for (const frame of frames) {
          const request = requestIn(frame);
          if (request === undefined) continue;
          asked.set(request, { socket, transaction: frame.readUInt16BE(0) });
          slaves.get(request.unit)?.(request);
        }
      });
    },
  });
  const bus: ModbusBus = {
    // Ready when the gateway is there: what it misses at the start would be silence to its rules.
    plug: () => host.plug().then(() => first),
    join: (unit, onRequest) => {
      slaves.set(unit, onRequest);
    },
    answer: (request, reply) => {
      const to = asked.get(request);
      const body = reply.subarray(0, reply.length - CHECKSUM_BYTES);
      const header = Buffer.alloc(UNIT_AT);
      header.writeUInt16BE(to?.transaction ?? 0, 0);
      header.writeUInt16BE(body.length, LENGTH_AT);
      to?.socket.write(Buffer.concat([header, body]));
    },
  };
  return { bus, host };
};
