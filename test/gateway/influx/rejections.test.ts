import { describe, expect, test } from 'vitest';
import { logOf, START_MS, sampleOf } from './log.ts';
import { NO_CONTENT, type Script, says, scriptedServer } from './scripted-server.ts';
import { sinkAt, startWriter } from './writers.ts';

describe('lines that the server will not have', () => {
  const reject =
    (bad: (line: string) => boolean, script: Script): Script =>
    (request, response, number) => {
      const chosen = request.lines.some(bad) ? script : NO_CONTENT;
      chosen(request, response, number);
    };
  const endsIn =
    (suffix: string) =>
    (line: string): boolean =>
      line.split(' ')[1]?.endsWith(suffix) ?? false;

  test.each<[string, Script]>([
    ['InfluxDB 2 refuses all for one', says(400, { code: 'invalid', message: "unable to parse 'climate …': bad" })],
    [
      'InfluxDB 2 names a conflict',
      says(422, { code: 'unprocessable entity', message: 'partial write: field type conflict dropped=1' }),
    ],
    ['InfluxDB 3 writes some', says(201, { error: 'partial write of line protocol occurred' })],
    ['one line alone is too large', says(413, { error: 'Request Entity Too Large' })],
  ])('%s: the bad ones are found, the good ones written', async (_, script) => {
    const server = await scriptedServer(reject(endsIn('=77'), script));
    const writer = startWriter(sinkAt(server.url), logOf(200));
    await writer.allWritten();
    expect(writer.status()).toMatchObject({ writtenLines: 199, rejectedLines: 1 });
    expect(writer.quarantined()).toMatchObject([{ lines: 1, line: expect.stringContaining('temperatureCelsius=77 ') }]);
    const taken = server.received.filter(({ lines }) => !lines.some(endsIn('=77'))).flatMap(({ lines }) => lines);
    expect(new Set(taken).size).toBe(199);
    expect(taken.length).toBe(199);
  });

  test('too many lines: halved, and remembered', async () => {
    const server = await scriptedServer((request, response, number) => {
      const script = request.lines.length <= 300 ? NO_CONTENT : says(413, { error: 'Request Entity Too Large' });
      script(request, response, number);
    });
    const log = logOf(1000);
    const writer = startWriter(sinkAt(server.url), log);
    await writer.allWritten();
    expect(writer.status()).toMatchObject({ writtenLines: 1000, rejectedLines: 0 });
    const before = server.received.length;
    log.commit((batch) => {
      for (let index = 0; index < 1000; index += 1)
        batch.sample(sampleOf('kitchen', { temperatureCelsius: 1 }, START_MS + 5000 + index));
    });
    await writer.allWritten();
    expect(server.received.slice(before).every(({ lines }) => lines.length <= 250)).toBe(true);
  });

  test('the reasons are kept, not without end', async () => {
    const server = await scriptedServer(reject(() => true, says(400, { error: 'unable to parse' })));
    const writer = startWriter(sinkAt(server.url), logOf(500));
    await writer.allWritten();
    expect(writer.status()).toMatchObject({ writtenLines: 0, rejectedLines: 500 });
    expect(writer.quarantined().length).toBeLessThanOrEqual(100);
    expect(writer.status().requests).toBeLessThan(300);
  });
});
