import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { InfluxState } from '../../../gateway/influx/ledger.ts';
import { until } from '../../until.ts';
import { logOf, START_MS, sampleOf, testLog } from './log.ts';
import { HANGS, inTurn, NO_CONTENT, says, scriptedServer } from './scripted-server.ts';
import { freePort } from './servers.ts';
import { secretFile, sinkAt, startWriter } from './writers.ts';

describe('the writer', () => {
  test('says who it is, and asks for microseconds as each version calls them', async () => {
    const server = await scriptedServer(NO_CONTENT);
    const tokenFile = secretFile('t0ken');
    await startWriter(sinkAt(`${server.url}/base/`, { org: 'o&o', tokenFile }), logOf(1)).allWritten();
    const entry = { version: 1, bucket: undefined, database: 'd b', retentionPolicy: 'raw' };
    await startWriter(sinkAt(server.url, { ...entry, username: 'u', password: 'p' }), logOf(100)).allWritten();
    const [two, one] = server.received;
    expect(two?.path).toBe('/base/api/v2/write?org=o%26o&bucket=venue&precision=us');
    expect(two?.headers.authorization).toBe('Token t0ken');
    expect(one?.path).toBe('/write?db=d+b&rp=raw&precision=u');
    expect(one?.headers).toMatchObject({ authorization: `Basic ${btoa('u:p')}`, 'content-encoding': 'gzip' });
  });

  test('holds a portion at most, however much the log grows while the server is away', async () => {
    const port = await freePort();
    const log = testLog();
    let read = 0;
    const counted = {
      ...log,
      after: (sequence: number | undefined) => {
        read += 1;
        return log.after(sequence);
      },
    };
    const writer = startWriter(sinkAt(`http://127.0.0.1:${port}`, { batchLines: 100 }), counted);
    for (let batchNumber = 0; batchNumber < 200; batchNumber += 1) {
      log.commit((batch) => {
        for (let index = 0; index < 50; index += 1)
          batch.sample(sampleOf('kitchen', { co2Ppm: 1 }, START_MS + batchNumber * 50 + index));
      });
      writer.wake();
    }
    await until(() => writer.status().retriedRequests > 3, 'it tries');
    expect(read).toBeLessThan(6);
  });

  test('rests after a request as long as it is told, and says how old waiting lines are; stopping ends the rest', async () => {
    const server = await scriptedServer(NO_CONTENT);
    const log = logOf(30);
    const writer = startWriter(sinkAt(server.url, { batchLines: 20 }), log, {}, () => 60_000);
    await until(() => writer.status().writtenLines > 0, 'a request is answered');
    expect(writer.status().writtenLines).toBeLessThan(30);
    expect(writer.status().lagSeconds).toBeGreaterThan(0);
    await writer.stop(10_000);
    expect(writer.status().writtenLines).toBe(30);
  });

  test('what the store gave up is counted; it goes on with what is left', async () => {
    const server = await scriptedServer(NO_CONTENT);
    const log = testLog();
    for (let second = 0; second < 10; second += 1)
      log.commit((batch) => batch.sample(sampleOf('kitchen', { co2Ppm: second }, START_MS + second * 1000)));
    log.forgetBefore(8);
    const writer = startWriter(sinkAt(server.url), log);
    writer.dropped(7);
    await writer.allWritten();
    expect(writer.status()).toMatchObject({ writtenLines: 3, droppedReadings: 7 });
    expect(server.received[0]?.lines[0]).toContain('co2Ppm=7');
  });

  test('facts go with the log, without it, and when it stops; they wait while the server is away', async () => {
    const server = await scriptedServer(inTurn(says(503, {}), NO_CONTENT));
    const log = logOf(30);
    const writer = startWriter(sinkAt(server.url, { batchLines: 20 }), log);
    for (let second = 0; second < 50; second += 1)
      writer.facts(
        [{ type: 'zone', zone: 'stage', fields: { persons: second, complete: 1 } }],
        START_MS + second * 1000,
      );
    await writer.allWritten();
    await until(() => writer.status().writtenLines === 80, 'all are written');
    writer.facts([{ type: 'rating', device: 'kitchen', channel: '', ratedAmps: 16 }], START_MS);
    await writer.stop(10_000);
    const lines = new Set(server.received.flatMap((request) => request.lines));
    expect([...lines].filter((line) => line.startsWith('crowd'))).toEqual(
      Array.from(
        { length: 50 },
        (_, second) => `crowd,venue=hall,zone=stage persons=${second},complete=1 ${START_MS + second * 1000}000`,
      ),
    );
    expect([...lines].at(-1)).toBe(`power,device=kitchen,venue=hall,zone=foyer ratedAmps=16 ${START_MS}000`);
    for (const request of server.received) expect(request.lines.length).toBeLessThanOrEqual(20);
    expect(writer.status()).toMatchObject({ writtenLines: 81, droppedFacts: 0 });
  });

  test('a damaged batch is passed over and counted', async () => {
    const server = await scriptedServer(NO_CONTENT);
    const log = logOf(1);
    log.append(new Uint8Array(100));
    const cut = testLog();
    cut.commit((batch) => batch.occurrence(JSON.parse('{"device":"x","kind":"nonsense"}')));
    const bytes = cut.after(0)?.bytes;
    if (bytes !== undefined) log.append(bytes);
    log.commit((batch) => batch.sample(sampleOf('kitchen', { co2Ppm: 2 }, START_MS + 9000)));
    const writer = startWriter(sinkAt(server.url), log);
    await writer.allWritten();
    expect(writer.status()).toMatchObject({ writtenLines: 2, damagedBatches: 2, lastTrouble: { code: 'log-damaged' } });
  });

  test('a fault of the store’s cursor does not end it', async () => {
    const server = await scriptedServer(NO_CONTENT);
    const log = logOf(5);
    let faults = 1;
    const shaky = {
      ...log,
      after: (sequence: number | undefined) => {
        if (faults-- > 0) throw new Error('disk I/O error');
        return log.after(sequence);
      },
    };
    const writer = startWriter(sinkAt(server.url), shaky);
    await until(() => log.settled === log.length, 'everything is settled');
    expect(writer.status()).toMatchObject({ state: 'writing', writtenLines: 5, lastTrouble: { code: 'internal' } });
  });

  test('stops at once in the middle of anything; what was not written is still in the log', async () => {
    const states: InfluxState[] = [];
    for (const script of [HANGS, says(500, {}), says(401, {}), NO_CONTENT]) {
      const server = await scriptedServer(script);
      const log = logOf(10);
      const writer = startWriter(sinkAt(server.url), log, {
        firstRetryMs: 60_000,
        maxRetryMs: 60_000,
        refusedRetryMs: 60_000,
      });
      await until(() => server.received.length > 0, 'it has asked');
      await writer.stop();
      states.push(writer.status().state);
      if (script !== NO_CONTENT) expect(log.settled).toBe(0);
    }
    expect(states).toEqual(['stopped', 'stopped', 'stopped', 'stopped']);
  });

  test('told to finish, it writes what is left before it stops, if it can', async () => {
    const server = await scriptedServer(NO_CONTENT);
    const log = logOf(10);
    const writer = startWriter(sinkAt(server.url, { batchLines: 10 }), log, { gatherMs: 60_000 });
    await until(() => server.received.length > 0, 'it has asked');
    for (let second = 0; second < 30; second += 1)
      log.commit((batch) => batch.sample(sampleOf('kitchen', { co2Ppm: second }, START_MS + second * 1000)));
    writer.count({ intake: { frames: 5 } }, START_MS);
    await writer.stop(10_000);
    expect(log.settled).toBe(log.length);
    expect(server.received.flatMap(({ lines }) => lines)).toContain(`gateway,venue=hall intakeFrames=5 ${START_MS}000`);

    const dead = await scriptedServer(HANGS);
    const patient = startWriter(sinkAt(dead.url), logOf(1));
    await until(() => dead.received.length > 0, 'it has asked');
    await patient.stop(50);
    expect(patient.status().state).toBe('stopped');
  });

  test('a password in a file is read when it is needed, never kept in what goes to the worker', async () => {
    const server = await scriptedServer(inTurn(says(401, { message: 'no' }), NO_CONTENT));
    const tokenFile = secretFile('first');
    const sink = sinkAt(server.url, { tokenFile });
    expect(JSON.stringify(sink)).not.toContain('first');
    const writer = startWriter(sink, logOf(1), { refusedRetryMs: 300 });
    await until(() => writer.status().state === 'refused', 'it is refused');
    writeFileSync(tokenFile, 'second');
    await writer.allWritten();
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual(['Token first', 'Token second']);
    expect(readFileSync(tokenFile, 'utf8')).toBe('second');
  });
});
