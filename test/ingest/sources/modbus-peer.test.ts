import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from 'vitest';
import { modbusTcpSource } from '../../../ingest/sources/modbus-tcp.ts';
import { requireProgram } from '../../system-programs.ts';
import { until } from '../../until.ts';
import { listenTo, monotonicMs, nowMs, QUIET_LOG, rtuSource, unitOf } from './modbus/stage.ts';

/** Debian's, whatever other Python comes first in the path. */
const PYTHON = '/usr/bin/python3';

const hasPeer = (): boolean => {
  try {
    execFileSync(PYTHON, ['-c', 'import pymodbus, serial_asyncio'], { stdio: 'ignore' });
    return true;
  } catch {
    const message = 'pymodbus is not installed: apt-get install python3-pymodbus python3-serial-asyncio';
    if (process.env.CI === 'true') throw new Error(message);
    process.stderr.write(`skipped: ${message}\n`);
    return false;
  }
};

const isReady = requireProgram('socat', 'socat') && hasPeer();

const endings: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const endWith = (child: ChildProcess): void => {
  endings.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
};

/** Big-endian floats as words, high word first: not by any code of ours. */
const floats = (values: Readonly<Record<number, number>>): Record<number, number> => {
  const words: Record<number, number> = {};
  for (const [address, value] of Object.entries(values)) {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatBE(value);
    words[Number(address)] = bytes.readUInt16BE(0);
    words[Number(address) + 1] = bytes.readUInt16BE(2);
  }
  return words;
};

/** What the peer's devices measure: a PZEM of 225.7 V and 71.108 A, a thermometer, a meter of each kind. */
const UNITS = {
  1: { 0: 2257, 1: 0x15c4, 2: 1, 3: 0x72d3, 4: 2, 5: 38, 6: 0, 7: 500, 8: 97, 9: 0 },
  2: { 1: 0x10000 - 105, 2: 546 },
  3: floats({ 0: 230.25, 6: 4.5, 12: 1000.5, 18: 1036.125, 24: -269.25, 30: 0.965, 70: 50.01, 72: 12.5 }),
  4: floats({
    ...{ 0: 230.5, 2: 231.5, 4: 229.5, 6: 10.5, 8: 20.25, 10: 30.75, 12: 2400, 14: -4600, 16: 7000 },
    ...{ 30: 0.99, 32: -0.98, 34: 0.97, 48: 61.5, 52: 4800, 62: 0.5, 70: 49.98, 72: 1234.5, 224: 17.5 },
  }),
} as const;

const PROFILES = [
  unitOf(1, { profile: 'pzem-004t-v3', timeoutMs: 1000 }),
  unitOf(2, { profile: 'xy-md02', timeoutMs: 1000 }),
  unitOf(3, { profile: 'sdm120', timeoutMs: 1000 }),
  unitOf(4, { profile: 'sdm630', timeoutMs: 1000 }),
];

const peer = async (...args: readonly string[]): Promise<string> => {
  const script = new URL('modbus/peer.py', import.meta.url).pathname;
  const child = spawn(PYTHON, [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  endWith(child);
  child.stdin.write(`${JSON.stringify(UNITS)}\n`);
  const [line] = await once(createInterface(child.stdout), 'line');
  return String(line);
};

const wires = async (): Promise<readonly [string, string]> => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-peer-'));
  endings.push(() => rmSync(directory, { recursive: true }));
  const ends = [join(directory, 'a'), join(directory, 'b')] as const;
  endWith(
    spawn(
      'socat',
      ends.map((link) => `pty,raw,echo=0,link=${link}`),
      { stdio: 'ignore' },
    ),
  );
  await until(() => ends.every((link) => existsSync(link)), 'a pair of terminals');
  return ends;
};

/** All that came of each unit, by channel. */
const valuesIn = (bus: Awaited<ReturnType<typeof listenTo>>): object => {
  const all: Record<string, Record<string, object>> = {};
  for (const { device, channel, metrics } of bus.samples()) {
    const unit = all[device] ?? {};
    all[device] = unit;
    unit[channel] = { ...unit[channel], ...metrics };
  }
  return all;
};

const near = (value: number): unknown => expect.closeTo(value, 4);

const EXPECTED = {
  'bus/1': {
    '': {
      ...{ voltageVolts: 225.7, currentAmps: 71.108, powerWatts: 16046.7, energyWattHours: 38 },
      ...{ frequencyHertz: 50, powerFactor: 0.97 },
    },
  },
  'bus/2': { '': { temperatureCelsius: -10.5, humidityPercent: 54.6 } },
  'bus/3': {
    '': {
      ...{ voltageVolts: 230.25, currentAmps: 4.5, powerWatts: 1000.5, apparentPowerVoltAmps: 1036.125 },
      ...{ reactivePowerVars: -269.25, powerFactor: near(0.965), frequencyHertz: near(50.01), energyWattHours: 12_500 },
    },
  },
  'bus/4': {
    a: { voltageVolts: 230.5, currentAmps: 10.5, powerWatts: 2400, powerFactor: near(0.99) },
    b: { voltageVolts: 231.5, currentAmps: 20.25, powerWatts: -4600, powerFactor: near(-0.98) },
    c: { voltageVolts: 229.5, currentAmps: 30.75, powerWatts: 7000, powerFactor: near(0.97) },
    n: { currentAmps: 17.5 },
    total: {
      currentAmps: 61.5,
      powerWatts: 4800,
      powerFactor: 0.5,
      frequencyHertz: near(49.98),
      energyWattHours: 1_234_500,
    },
  },
};

describe.skipIf(!isReady)('an independent Modbus server gives the same values', () => {
  const expectSame = async (bus: Awaited<ReturnType<typeof listenTo>>): Promise<void> => {
    endings.push(bus.source.stop);
    await until(() => PROFILES.every(({ unit }) => bus.unit(unit).answers >= 9), 'nine answers of each', 15_000);
    expect(valuesIn(bus)).toMatchObject(EXPECTED);
    expect(bus.source.status().counters).toMatchObject({ timeouts: 0, crcErrors: 0, exceptions: 0, wrongLengths: 0 });
  };

  test('over a serial port', async () => {
    const [ours, theirs] = await wires();
    await peer('rtu', theirs);
    await expectSame(await listenTo(rtuSource(ours, ...PROFILES)));
  });

  test('over TCP', async () => {
    const port = Number(await peer('tcp'));
    const bus = { id: 'bus', host: '127.0.0.1', port, units: PROFILES, silenceSeconds: 30 };
    const options = { ...bus, log: QUIET_LOG, nowMs, monotonicMs };
    await expectSame(await listenTo(modbusTcpSource(options)));
  });
});
