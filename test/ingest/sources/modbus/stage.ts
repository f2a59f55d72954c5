import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock } from '../../../../firmware-sim/clock.ts';
import {
  createModbusBus,
  createModbusSlave,
  type ModbusBus,
  type ModbusEmit,
  type ModbusSlave,
} from '../../../../firmware-sim/transports/modbus.ts';
import { createPort, type Port } from '../../../../firmware-sim/transports/ports.ts';
import { registersOf } from '../../../../firmware-sim/wire/modbus-devices.ts';
import { decodeFrame } from '../../../../ingest/decoders/decode-frame.ts';
import { createMemories } from '../../../../ingest/decoders/memories.ts';
import { createRouter } from '../../../../ingest/decoders/router.ts';
import type { Frame } from '../../../../ingest/model/frame.ts';
import type { Metrics } from '../../../../ingest/model/metrics.ts';
import type { Sample } from '../../../../ingest/model/sample.ts';
import type { UnitStatus } from '../../../../ingest/sources/modbus/unit-counts.ts';
import type { UnitOptions } from '../../../../ingest/sources/modbus/units.ts';
import { type ModbusSource, modbusRtuSource } from '../../../../ingest/sources/modbus-rtu.ts';

export const QUIET_LOG = { warn: () => undefined, info: () => undefined };

export const monotonicMs = (): number => performance.now();

export const nowMs = (): number => performance.timeOrigin + performance.now();

/** One simulated slave: what is given beats what it is by default, a thermometer that shows 21.5 °C and 40.2 %. */
export type SlaveOptions = Partial<ModbusEmit> & { readonly unit: number };

/** A serial port in a directory of its own, with simulated slaves at its other end. */
export interface BusStage {
  readonly path: string;
  readonly port: Port;
  readonly bus: ModbusBus;
  readonly slaves: readonly ModbusSlave[];
  end(): Promise<void>;
}

export const CLIMATE = registersOf(
  'xy-md02',
  [
    { n: 'temperature', v: 21.5 },
    { n: 'humidity', v: 40.2 },
  ],
  0,
);

export const raiseBus = async (...options: readonly SlaveOptions[]): Promise<BusStage> => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-bus-'));
  const path = join(directory, 'bus');
  const clock = realClock();
  const port = createPort({ link: path, clock, onProblem: (message) => process.stderr.write(`${message}\n`) });
  const bus = createModbusBus(port);
  const slaves = options.map((each) => {
    const slave = createModbusSlave(bus, { transport: 'modbus-rtu', port: 'bus', device: 'xy-md02', ...each }, clock);
    slave.measure(CLIMATE);
    return slave;
  });
  await port.plug();
  return {
    path,
    port,
    bus,
    slaves,
    end: async () => {
      await port.stop();
      rmSync(directory, { recursive: true });
    },
  };
};

/** Says when to answer what was just asked: in the order of the requests, every fifth `lateMs` later. */
export const latecomer = (lateMs: number): ((say: () => void) => void) => {
  let asked = 0;
  let lastMs = 0;
  return (say) => {
    asked += 1;
    lastMs = Math.max(lastMs, performance.now() + (asked % 5 === 0 ? lateMs : 2));
    setTimeout(say, lastMs - performance.now());
  };
};

/** Starts a source and notes every frame whose first register is not what `truth` says at its arrival. */
export const startChecked = async (source: ModbusSource, truth: () => number) => {
  const wrong: number[] = [];
  const seen = { frames: 0, wrong };
  await source.start(({ payload }) => {
    seen.frames += 1;
    const said = 0x100 * (payload[0] ?? 0) + (payload[1] ?? 0);
    if (said !== truth()) seen.wrong.push(said);
  });
  return seen;
};

/** A source under test, with everything that came of its frames. */
export interface Listening {
  readonly source: ModbusSource;
  readonly frames: Frame[];
  /** What the frames say, in the order in which they came. */
  samples(): readonly Sample[];
  /** Values of a unit. */
  valuesOf(unit: number): readonly Metrics[];
  unit(unit: number): UnitStatus;
}

const router = createRouter([]);

export const listenTo = async (source: ModbusSource): Promise<Listening> => {
  const frames: Frame[] = [];
  const memories = createMemories();
  const samples = (): readonly Sample[] =>
    frames.flatMap((frame) => decodeFrame(frame, router, memories).decoded.samples);
  await source.start((frame) => frames.push(frame));
  return {
    source,
    frames,
    samples,
    valuesOf: (unit) =>
      samples()
        .filter(({ device }) => device === `bus/${unit}`)
        .map(({ metrics }) => metrics),
    unit: (unit) => {
      const found = source.status().units.find((each) => each.unit === unit);
      if (found === undefined) throw new Error(`no unit ${unit}`);
      return found;
    },
  };
};

export const unitOf = (unit: number, options: Partial<UnitOptions> = {}): UnitOptions => ({
  unit,
  profile: 'xy-md02',
  everySeconds: 0.05,
  timeoutMs: 100,
  ...options,
});

export const rtuSource = (path: string, ...units: readonly UnitOptions[]): ModbusSource =>
  modbusRtuSource({
    id: 'bus',
    path,
    baudRate: 115_200,
    dataBits: 8,
    parity: 'none',
    stopBits: 1,
    units,
    silenceSeconds: 30,
    reconnect: { firstMs: 20, maxMs: 100 },
    log: QUIET_LOG,
    nowMs,
    monotonicMs,
  });
