import { cpuUsage } from 'node:process';
import modbus from 'modbus-serial';
import { afterEach, describe, expect, test } from 'vitest';
import { exceptionReply, readReply } from '../../../firmware-sim/wire/modbus.ts';
import type { UnitOptions } from '../../../ingest/sources/modbus/units.ts';
import { requireProgram } from '../../system-programs.ts';
import { until } from '../../until.ts';
import type { Listening } from './modbus/stage.ts';
import {
  type BusStage,
  latecomer,
  listenTo,
  raiseBus,
  rtuSource,
  type SlaveOptions,
  startChecked,
  unitOf,
} from './modbus/stage.ts';

const hasSocat = requireProgram('socat', 'socat');

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const raise = async (...slaves: readonly SlaveOptions[]): Promise<BusStage> => {
  const stage = await raiseBus(...slaves);
  endings.push(stage.end);
  return stage;
};

const listen = async (path: string, ...units: readonly UnitOptions[]): Promise<Listening> => {
  const source = rtuSource(path, ...units);
  endings.push(source.stop);
  return listenTo(source);
};

const TRUTH = { temperatureCelsius: 21.5, humidityPercent: 40.2 };

/** What a thermometer may say: all of it, or its first half where it had to be asked for less. */
const isTrue = (metrics: object): boolean =>
  JSON.stringify(metrics) === JSON.stringify(TRUTH) || JSON.stringify(metrics) === '{"temperatureCelsius":21.5}';

describe.skipIf(!hasSocat)('a Modbus RTU bus on a serial port', () => {
  test('reads its units in turn, each by its map', async () => {
    const { path } = await raise({ unit: 1 }, { unit: 2 }, { unit: 247 });
    const bus = await listen(path, ...[1, 2, 247].map((unit) => unitOf(unit, { timeoutMs: 2_000 })));
    await until(() => [1, 2, 247].every((unit) => bus.valuesOf(unit).length >= 5), 'five values each');
    for (const unit of [1, 2, 247]) for (const metrics of bus.valuesOf(unit)) expect(metrics).toEqual(TRUTH);
    expect(bus.frames[0]).toMatchObject({ source: 'bus', transport: 'modbus', address: 'bus/1/1', profile: 'xy-md02' });
    expect(bus.source.status()).toMatchObject({
      state: 'open',
      counters: { failures: 0, timeouts: 0, lateReplies: 0 },
    });
  });

  test('the bare library takes a late answer for the next one', async () => {
    // Every second answer comes 150 ms late, with a time limit of 100 ms.
    const late = { kind: 'slow', delayMs: 150, everyNth: 2 } as const;
    const { path } = await raise({ unit: 1, fault: late });
    const bare = new modbus.default();
    bare.on('error', () => undefined);
    await bare.connectRTUBuffered(path, { baudRate: 115_200 });
    bare.setID(1);
    bare.setTimeout(100);
    const wrong: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      for (const [register, truth] of [
        [1, 215],
        [2, 402],
      ] as const) {
        const value = await bare.readInputRegisters(register, 1).then(
          ({ data }) => data[0],
          () => undefined,
        );
        if (value !== undefined && value !== truth) wrong.push(value);
      }
    }
    await new Promise<void>((resolve) => bare.close(() => resolve()));
    expect(wrong.length).toBeGreaterThan(0);
  });

  test('no late answer becomes a value: each is the one to the last request', async () => {
    const { path, bus } = await raise();
    // When the next request, after a time limit of 100 ms, as much quiet and a pause of 100 ms, is on its way.
    const soon = latecomer(350);
    let asked = 0;
    bus.join(1, (request) => {
      asked += 1;
      const number = asked;
      const words = Array.from({ length: request.count }, () => number);
      soon(() => bus.port.write(request.functionCode === 4 ? readReply(request, words) : exceptionReply(request, 1)));
    });
    const source = rtuSource(path, unitOf(1));
    endings.push(source.stop);
    const seen = await startChecked(source, () => asked);
    const late = (): number => source.status().counters.lateReplies ?? 0;
    await until(() => late() >= 6 && seen.frames >= 12, 'late answers, and others', 15_000);
    expect(seen.wrong).toEqual([]);
  });

  test('a broken check sum, an exception and a wrong length are counted for their unit, and are no values', async () => {
    const { path } = await raise(
      { unit: 1 },
      { unit: 2, fault: { kind: 'corrupt', everyNth: 3 } },
      { unit: 3, fault: { kind: 'exception', code: 6, everyNth: 1 } },
      { unit: 4, fault: { kind: 'short', everyNth: 1 } },
      { unit: 5, fault: { kind: 'dead' } },
    );
    const sound = unitOf(1, { timeoutMs: 2_000 });
    const bus = await listen(path, sound, unitOf(2), unitOf(3), unitOf(4), unitOf(5));
    const enough = (): boolean =>
      bus.unit(1).answers >= 20 &&
      bus.unit(2).crcErrors >= 2 &&
      bus.unit(3).exceptions >= 2 &&
      bus.unit(4).wrongLengths >= 2 &&
      bus.unit(5).timeouts >= 2;
    await until(enough, 'every fault twice', 15_000);
    for (const unit of [1, 2]) for (const metrics of bus.valuesOf(unit)) expect(isTrue(metrics)).toBe(true);
    for (const unit of [3, 5]) expect(bus.valuesOf(unit)).toEqual([]);
    expect(bus.unit(1)).toMatchObject({ crcErrors: 0, exceptions: 0, wrongLengths: 0, timeouts: 0 });
    expect(bus.unit(3)).toMatchObject({ lastException: 6, answers: 0 });
    expect(bus.unit(5)).toMatchObject({ answers: 0, lastAnswerMs: undefined });
    // A length of one is right once in a while, where one was asked for: nothing else is.
    expect(bus.frames.filter(({ address, payload }) => address.startsWith('bus/4/') && payload.length !== 2)).toEqual(
      [],
    );
  });

  test('a unit that is switched off is told of, and is read again when it is back', async () => {
    const { path, slaves } = await raise({ unit: 1 }, { unit: 2 });
    const bus = await listen(path, unitOf(1), unitOf(2));
    await until(() => bus.valuesOf(2).length > 0, 'a first value');
    slaves[1]?.cut();
    await until(() => bus.unit(2).missesInARow >= 3, 'three misses', 15_000);
    expect(bus.source.status()).toMatchObject({ state: 'open', lastTrouble: { code: 'unit-timeout' } });
    const before = bus.valuesOf(1).length;
    await until(() => bus.valuesOf(1).length > before + 10, 'the other one goes on');
    const values = bus.valuesOf(2).length;
    slaves[1]?.open();
    await until(() => bus.valuesOf(2).length > values + 3, 'it is back', 15_000);
    expect(bus.unit(2).missesInARow).toBe(0);
  });

  test('the cable is pulled and put back: it recovers, and burns no processor meanwhile', async () => {
    const { path, port } = await raise({ unit: 1 });
    const bus = await listen(path, unitOf(1));
    for (let round = 1; round <= 2; round += 1) {
      const values = bus.valuesOf(1).length;
      await until(() => bus.valuesOf(1).length > values + 2, 'values');
      port.happen({ do: 'unplug' });
      await until(() => bus.source.status().state === 'lost', 'it is noticed');
      const cpu = cpuUsage();
      const startMs = performance.now();
      await until(() => performance.now() - startMs > 700, 'a while');
      const { user, system } = cpuUsage(cpu);
      expect((user + system) / 1000 / (performance.now() - startMs)).toBeLessThan(0.5);
      port.happen({ do: 'replug' });
      await until(() => bus.valuesOf(1).length > values + 10, 'values again');
      expect(bus.source.status()).toMatchObject({ state: 'open', counters: { losses: round, opens: round + 1 } });
    }
    for (const metrics of bus.valuesOf(1)) expect(isTrue(metrics)).toBe(true);
  });

  test('a port that is not there yet is taken when it comes', async () => {
    const { path, port } = await raise({ unit: 1 });
    await port.stop();
    const bus = await listen(path, unitOf(1));
    await until(() => bus.source.status().state === 'lost', 'it is missed');
    expect(bus.source.status().lastTrouble).toMatchObject({ code: 'port-absent', en: expect.stringContaining(path) });
    await port.plug();
    await until(() => bus.valuesOf(1).length > 0, 'values');
  });

  test('stops at once, also in the middle of a request', async () => {
    const { path } = await raise({ unit: 1, fault: { kind: 'dead' } });
    const bus = await listen(path, unitOf(1, { timeoutMs: 10_000 }));
    await until(() => bus.source.status().state === 'open', 'open');
    await bus.source.stop();
    expect(bus.source.status().state).toBe('stopped');
    expect(bus.frames).toEqual([]);
  });
});
