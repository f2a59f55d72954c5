import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import modbus from 'modbus-serial';
import { afterEach, describe, expect, test } from 'vitest';
import type { ModbusSource } from '../../../ingest/sources/modbus-rtu.ts';
import { modbusTcpSource } from '../../../ingest/sources/modbus-tcp.ts';
import { until } from '../../until.ts';
import {
  type Listening,
  latecomer,
  listenTo,
  monotonicMs,
  nowMs,
  QUIET_LOG,
  startChecked,
  unitOf,
} from './modbus/stage.ts';

const endings: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

interface Asked {
  readonly transaction: number;
  readonly unit: number;
  readonly functionCode: number;
  readonly start: number;
  readonly count: number;
}

/** MBAP header and answer (Modbus Messaging on TCP/IP V1.0b, 3.1.3). */
const answerTo = ({ unit, functionCode, start, count }: Asked, transaction: number, number?: number): Buffer => {
  const registers = [0, number ?? 215, number ?? 402];
  const isKnown = functionCode === 4 && start >= 1 && start + count <= 3;
  const words = registers.slice(start, start + count).flatMap((word) => [word >> 8, word & 0xff]);
  const body = isKnown ? [unit, functionCode, words.length, ...words] : [unit, functionCode | 0x80, 2];
  const header = Buffer.alloc(6);
  header.writeUInt16BE(transaction, 0);
  header.writeUInt16BE(body.length, 4);
  return Buffer.concat([header, Buffer.from(body)]);
};

interface Converter {
  readonly port: number;
  readonly sockets: Set<Socket>;
  readonly server: Server;
}

/** A server on a free port; `serve` is told of every request, and of the socket's last transaction. */
const serve = async (answer: (asked: Asked, socket: Socket, last: () => number) => void): Promise<Converter> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let transaction = 0;
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', (bytes: Buffer) => {
      transaction = bytes.readUInt16BE(0);
      const [unit, functionCode] = [bytes.readUInt8(6), bytes.readUInt8(7)];
      const asked = { transaction, unit, functionCode, start: bytes.readUInt16BE(8), count: bytes.readUInt16BE(10) };
      answer(asked, socket, () => transaction);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endings.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, sockets, server };
};

/**
 * A converter whose bus has slow devices: every fifth answer comes so late that the next request is on its way (here
 * after a time limit and a pause of 100 ms each), and carries the number of the transaction that is then under way.
 */
const mixingConverter = async (lateMs: number, numbered: boolean): Promise<Converter & { asked(): number }> => {
  let asked = 0;
  const soon = latecomer(lateMs);
  const converter = await serve((request, socket, last) => {
    asked += 1;
    const answer = answerTo(request, 0, numbered ? asked : undefined);
    soon(() => {
      answer.writeUInt16BE(last(), 0);
      socket.write(answer);
    });
  });
  return { ...converter, asked: () => asked };
};

const sourceOf = (port: number, silenceSeconds = 30): ModbusSource => {
  const source = modbusTcpSource({
    id: 'bus',
    host: '127.0.0.1',
    port,
    units: [unitOf(7)],
    silenceSeconds,
    reconnect: { firstMs: 10, maxMs: 50 },
    log: QUIET_LOG,
    nowMs,
    monotonicMs,
  });
  endings.push(source.stop);
  return source;
};

const listen = (port: number, silenceSeconds?: number): Promise<Listening> => listenTo(sourceOf(port, silenceSeconds));

const TRUE = ['{"temperatureCelsius":21.5,"humidityPercent":40.2}', '{"temperatureCelsius":21.5}'];

const untrue = (bus: Listening): readonly object[] =>
  bus.valuesOf(7).filter((metrics) => !TRUE.includes(JSON.stringify(metrics)));

describe('Modbus over TCP', () => {
  test('a converter that mixes answers up deceives the bare library, and not this source', async () => {
    const { port } = await mixingConverter(150, false);
    const bare = new modbus.default();
    bare.on('error', () => undefined);
    await bare.connectTCP('127.0.0.1', { port });
    bare.setID(7);
    bare.setTimeout(100);
    const wrong: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      const [register, truth] = round % 2 === 0 ? [1, 215] : [2, 402];
      const { data } = await bare.readInputRegisters(register, 1).catch(() => ({ data: [truth] }));
      if (data[0] !== undefined && data[0] !== truth) wrong.push(data[0]);
    }
    await new Promise<void>((resolve) => bare.close(() => resolve()));
    expect(wrong.length).toBeGreaterThan(0);

    const other = await mixingConverter(250, true);
    const source = sourceOf(other.port);
    const seen = await startChecked(source, other.asked);
    const mixed = (): number => source.status().counters.wrongLengths ?? 0;
    await until(() => seen.frames >= 8 && mixed() >= 2, 'late answers, and others', 15_000);
    expect(seen.wrong).toEqual([]);
  });

  test('a connection that breaks is made anew', async () => {
    const converter = await serve((asked, socket) => socket.write(answerTo(asked, asked.transaction)));
    const bus = await listen(converter.port);
    for (let round = 1; round <= 2; round += 1) {
      const values = bus.valuesOf(7).length;
      await until(() => bus.valuesOf(7).length > values + 3, 'values');
      for (const socket of converter.sockets) socket.resetAndDestroy();
      await until(() => bus.source.status().counters.losses === round, 'it is noticed');
    }
    const values = bus.valuesOf(7).length;
    await until(() => bus.valuesOf(7).length > values + 3, 'values again');
    expect(bus.source.status()).toMatchObject({ state: 'open', counters: { opens: 3 } });
    expect(bus.source.status().lastTrouble).toMatchObject({ code: 'no-connection' });
    expect(untrue(bus)).toEqual([]);
  });

  test('a stream out of step is given up: life is proved by answers, not by a connection', async () => {
    let connections = 0;
    const known = new Set<Socket>();
    const { port } = await serve((asked, socket) => {
      if (!known.has(socket)) connections += 1;
      known.add(socket);
      // A header that announces 65,535 bytes: everything after it is swallowed.
      if (connections === 1) socket.write(Buffer.from([0, 1, 0, 0, 0xff, 0xff, 1, 2, 3]));
      else socket.write(answerTo(asked, asked.transaction));
    });
    const bus = await listen(port, 0.4);
    await until(() => bus.valuesOf(7).length > 3, 'values', 15_000);
    expect(connections).toBeGreaterThan(1);
    expect(bus.source.status()).toMatchObject({ state: 'open', lastTrouble: { code: 'bus-silent' } });
  });

  test('an address that nobody listens on is told of, and tried again', async () => {
    const { port, server } = await serve(() => undefined);
    server.close();
    const bus = await listen(port);
    await until(() => bus.source.status().state === 'lost', 'it is told of');
    expect(bus.source.status().lastTrouble).toMatchObject({
      code: 'no-connection',
      en: expect.stringContaining(`127.0.0.1:${port}`),
    });
  });
});
