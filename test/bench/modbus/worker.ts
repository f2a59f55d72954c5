import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import modbus from 'modbus-serial';
import { z } from 'zod';
import { realClock } from '../../../firmware-sim/clock.ts';
import { openPty } from '../../../firmware-sim/pty.ts';
import { readReply, requestReader } from '../../../firmware-sim/wire/modbus.ts';
import { modbusRtuSource } from '../../../ingest/sources/modbus-rtu.ts';
import { answerQuestions } from '../child.ts';
import { median, sleep } from '../measure.ts';

const questionSchema = z.object({ rounds: z.number(), polls: z.number() });

/** What a PZEM-004T is read with: nine registers from 0. */
const UNIT = 1;
const COUNT = 9;

/** Modbus over Serial Line V1.02, 2.5.1.1: silence between two frames. The library leaves it to its user. */
const GAP_MS = 1.75;

const bareMs = async (path: string, polls: number): Promise<number> => {
  const client = new modbus.default();
  client.on('error', () => undefined);
  await client.connectRTUBuffered(path, { baudRate: 115_200 });
  client.setID(UNIT);
  client.setTimeout(1_000);
  const tookMs: number[] = [];
  for (let poll = 0; poll < polls; poll += 1) {
    const startMs = performance.now();
    await client.readInputRegisters(0, COUNT);
    tookMs.push(performance.now() - startMs);
    await sleep(GAP_MS);
  }
  await new Promise<void>((resolve) => client.close(() => resolve()));
  return median(tookMs);
};

const oursMs = async (path: string, polls: number): Promise<number> => {
  const tookMs: number[] = [];
  let done = (): void => undefined;
  const enough = new Promise<void>((resolve) => {
    done = resolve;
  });
  const source = modbusRtuSource({
    id: 'bus',
    path,
    ...{ baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
    units: [{ unit: UNIT, profile: 'pzem-004t-v3', everySeconds: 0.001, timeoutMs: 1_000 }],
    silenceSeconds: 30,
    log: { warn: () => undefined },
    nowMs: () => performance.timeOrigin + performance.now(),
    monotonicMs: () => performance.now(),
  });
  await source.start(() => {
    tookMs.push(source.status().units[0]?.lastPollMs ?? Number.NaN);
    if (tookMs.length === polls) done();
  });
  await enough;
  await source.stop();
  return median(tookMs);
};

answerQuestions(async (question) => {
  const { rounds, polls } = questionSchema.parse(question);
  const directory = mkdtempSync(join(tmpdir(), 'muster-bench-'));
  const path = join(directory, 'bus');
  const pty = await openPty(path, realClock());
  const words = Array.from({ length: COUNT }, (_, register) => 1000 + register);
  pty.stream.on(
    'data',
    requestReader((request) => pty.stream.write(readReply(request, words))),
  );
  try {
    const ours: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await oursMs(path, polls));
      bare.push(await bareMs(path, polls));
    }
    return { ours, bare };
  } finally {
    await pty.close();
    rmSync(directory, { recursive: true });
  }
});
