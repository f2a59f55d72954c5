import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sourceVerdict } from '../../../gateway/alarms/health.ts';
import { remindOfService } from '../../../gateway/alarms/out-of-service.ts';
import type { GatewayEvent } from '../../../gateway/events.ts';
import { canonicalLine } from '../../../gateway/flight/canonical.ts';
import { statePartOf } from '../../../gateway/flight/state-parts.ts';
import { whatIf } from '../../../gateway/flight/what-if.ts';
import { createOccurrence, stampOfArrival } from '../../../ingest/model/stamp.ts';
import { until } from '../../until.ts';
import { configOf, venueYaml } from '../fixture.ts';
import { pathsIn, replayed, START_MS, type Stand, stand, temporaryDirectory } from './fixture.ts';

const venue = (heat: string): string =>
  venueYaml(`
devices:
  hall-temp: { profile: climate, reports: { everySeconds: 10 } }
  bar-temp: { profile: climate, reports: { everySeconds: 10 } }
badges: { badge-1: { role: guard } }
clients: { phone: { secretSha256: ${'ab'.repeat(32)}, role: guard } }
rules:
  - { id: heat, kind: threshold, metric: temperatureCelsius, ${heat}, deadband: 1 }
  - { id: fallen, kind: tilt }
  - { id: help, kind: sos }
  - { id: quiet, kind: silent }
`);

const CONFIG = configOf(venue('above: { yellow: 35, orange: 40 }, holdSeconds: 30, clearSeconds: 20'));

const celsius = (v: number) => [{ n: 'temperature', u: 'Cel', v }];
const lying = [
  { n: 'acceleration/x', u: 'm/s2', v: 9.8 },
  { n: 'acceleration/y', u: 'm/s2', v: 0 },
  { n: 'acceleration/z', u: 'm/s2', v: 0 },
];

const linesOf = ({ hotPath }: Stand): string[] => {
  const lines: string[] = [];
  hotPath.events.listen((event: GatewayEvent) => lines.push(canonicalLine(event)));
  return lines;
};

const alarmOf = ({ hotPath }: Stand, rule: string): string =>
  hotPath.openAlarms().find((alarm) => alarm.rule === rule)?.id ?? '';

/** Every door of the hot path, and deadlines between. */
const live = (at: Stand): void => {
  const { hotPath, clock, send } = at;
  for (let seconds = 0; seconds <= 60; seconds += 10)
    send(seconds * 1000, 'hall-temp', celsius(seconds < 20 ? 24 : 37));
  send(62_000, 'badge-1', lying);
  send(64_000, 'badge-1', [
    { n: 'seq', v: 1 },
    { n: 'sos', vb: true },
  ]);
  clock.advance(clock.now() + 3000);
  hotPath.act({ type: 'acknowledge', alarm: alarmOf(at, 'help'), by: 'phone', comment: '我来了' });
  hotPath.act({ type: 'acknowledge', alarm: 'no-such-alarm', by: 'phone' });
  send(70_000, 'badge-1', lying);
  clock.advance(START_MS + 74_000);
  const nowMs = clock.now();
  hotPath.occur(
    createOccurrence('badge-1', 'cancel', undefined, stampOfArrival(nowMs), { arrivedMs: nowMs, retained: false }, {}),
  );
  send(80_000, 'badge-1', lying);
  send(81_000, 'hall-temp', celsius(45));
  clock.advance(START_MS + 130_000);
  hotPath.report(
    sourceVerdict({ id: 'mqtt', says: 'lost', seconds: 60, trouble: { zh: '拔出', en: 'unplugged' } }, clock.now()),
  );
  send(200_000, 'hall-temp', celsius(20));
  send(230_000, 'hall-temp', celsius(20));
};

describe('a replay', () => {
  test('of all that enters by any door says what was said, byte for byte, each time', async () => {
    const directory = temporaryDirectory();
    const at = stand(directory, CONFIG);
    const said = linesOf(at);
    live(at);
    await at.recorder.stop();
    const types = said.map((line): unknown => JSON.parse(line).type);
    expect(new Set(types)).toEqual(
      new Set([
        'raised',
        'escalated',
        'acknowledged',
        'pre-alarm',
        'pre-alarm-ended',
        'changed',
        'cleared',
        'closed',
        'unknown',
      ]),
    );
    const first = replayed(pathsIn(directory));
    expect(first.lines).toEqual(said);
    expect(first.result).toMatchObject({ runs: 1, skipped: 0, tornBytes: 0, lost: 0, recorded: said.length });
    expect(first.result.difference).toBeUndefined();
    expect(replayed(pathsIn(directory)).lines).toEqual(said);
  });

  test('tells where what was said then is not what is said now', async () => {
    const directory = temporaryDirectory();
    const at = stand(directory, CONFIG);
    at.send(0, 'hall-temp', celsius(50));
    // Something that does not enter by a door.
    at.recorder.event({ type: 'pre-alarm', atMs: 1, rule: 'r', kind: 'k', subject: 's', device: 'd', untilMs: 2 });
    at.send(31_000, 'hall-temp', celsius(50));
    await at.recorder.stop();
    const { difference } = replayed(pathsIn(directory)).result;
    expect(difference).toMatchObject({ index: 0, recorded: expect.stringContaining('pre-alarm'), replayed: undefined });
  });

  test('goes on over a restart from what the gateway began with, down time included', async () => {
    const directory = temporaryDirectory();
    const first = stand(directory, CONFIG);
    const said = linesOf(first);
    first.send(0, 'hall-temp', celsius(37));
    first.send(5000, 'bar-temp', celsius(37));
    first.send(6000, 'badge-1', lying);
    const capture = first.hotPath.engine.capture(true);
    const parts = capture?.next(Infinity) ?? [];
    const devices = parts.flatMap(([, part]) => (part !== undefined && 'subjects' in part ? [part.device] : []));
    const subjects = parts.flatMap(([, part]) => (part !== undefined && 'subjects' in part ? part.subjects : []));
    const snapshot = { version: 1, atMs: START_MS + 6000, listeningSinceMs: START_MS, devices, subjects } as const;
    // Killed: no mark of an end. What is due at 30 s has passed when it begins again.
    first.recorder.flush();
    await until(() => first.recorder.health().pendingBytes === 0, 'what was recorded is written');
    const second = stand(directory, CONFIG, START_MS + 60_000, { snapshot });
    const saidNow = linesOf(second);
    second.send(1000, 'bar-temp', celsius(37));
    second.clock.advance(START_MS + 60_000 + 15_000);
    second.send(20_000, 'badge-1', lying);
    await second.recorder.stop();
    await first.recorder.stop();
    expect(saidNow.filter((line) => line.includes('not observed')).length).toBeGreaterThanOrEqual(2);
    const { lines, result } = replayed(pathsIn(directory));
    expect(lines).toEqual([...said, ...saidNow]);
    expect(result).toMatchObject({ runs: 2, difference: undefined });
  });
});

test('a rule that comes back into service, and what the gateway has to say of that, are judged again in that order', async () => {
  const directory = temporaryDirectory();
  const at = stand(directory, CONFIG);
  const { hotPath, clock } = at;
  const said = linesOf(at);
  hotPath.events.listen(remindOfService(hotPath.report));
  for (let seconds = 0; seconds <= 60; seconds += 10) at.send(seconds * 1000, 'hall-temp', celsius(37));
  for (const untilMs of [undefined, START_MS + 90_000]) {
    hotPath.act({ type: 'remove-from-service', rule: 'heat', by: 'li', why: 'new sensor', untilMs });
    if (untilMs === undefined) hotPath.act({ type: 'return-to-service', rule: 'heat', by: 'li' });
    await Promise.resolve();
  }
  clock.advance(START_MS + 91_000);
  await Promise.resolve();
  at.send(95_000, 'hall-temp', celsius(37));
  await at.recorder.stop();
  expect(said.filter((line) => line.includes('"type":"returned"'))).toHaveLength(2);
  const { lines, result } = replayed(pathsIn(directory));
  expect(lines).toEqual(said);
  expect(result).toMatchObject({ runs: 1, difference: undefined });
});

describe('a reload within a run', () => {
  const OTHER = configOf(venue('above: { yellow: 30, orange: 38 }, holdSeconds: 10, clearSeconds: 20'));
  const heated = (at: Stand): void => {
    at.send(0, 'hall-temp', celsius(36));
    at.send(5000, 'badge-1', lying);
    at.send(20_000, 'bar-temp', celsius(32));
    at.clock.advance(START_MS + 25_000);
    at.reload(OTHER);
    at.send(31_000, 'hall-temp', celsius(36));
    at.send(40_000, 'bar-temp', celsius(32));
    at.clock.advance(START_MS + 120_000);
  };

  test('is judged again with it', async () => {
    const directory = temporaryDirectory();
    const at = stand(directory, CONFIG);
    const said = linesOf(at);
    heated(at);
    await at.recorder.stop();
    // By the limits of before, the bar is not too hot.
    const raised = said.map((line) => JSON.parse(line)).filter(({ type }) => type === 'raised');
    expect(raised.map(({ alarm }) => `${alarm.rule} ${alarm.subject}`)).toContain('heat bar-temp');
    const { lines, result } = replayed(pathsIn(directory));
    expect(lines).toEqual(said);
    expect(result).toMatchObject({ runs: 1, difference: undefined });
  });

  test('is judged again to the millisecond, though the clock goes on meanwhile', async () => {
    const directory = temporaryDirectory();
    const at = stand(directory, CONFIG, START_MS, {}, { isTicking: true });
    const said = linesOf(at);
    heated(at);
    await at.recorder.stop();
    const { lines, result } = replayed(pathsIn(directory));
    expect(lines).toEqual(said);
    expect(result).toMatchObject({ runs: 1, difference: undefined });
  });

  test('and a start with other settings than before carries over then and now alike', async () => {
    const directory = temporaryDirectory();
    const first = stand(directory, CONFIG);
    const said = linesOf(first);
    first.send(0, 'hall-temp', celsius(36));
    const parts = first.hotPath.engine.capture(true)?.next(Infinity) ?? [];
    await first.recorder.stop();
    const { snapshot: header, devices = [], subjects = [] } = statePartOf(parts);
    if (header === undefined) throw new Error('nothing was captured');
    const snapshot = { ...header, devices, subjects };
    const second = stand(directory, OTHER, START_MS + 5000, { snapshot });
    const saidNow = linesOf(second);
    // What was pending for 30 s by the old limit is not pending any more.
    second.clock.advance(START_MS + 45_000);
    second.send(41_000, 'hall-temp', celsius(36));
    second.clock.advance(START_MS + 60_000);
    await second.recorder.stop();
    const { lines, result } = replayed(pathsIn(directory));
    expect(lines).toEqual([...said, ...saidNow]);
    expect(saidNow.some((line) => line.includes('raised'))).toBe(true);
    expect(result).toMatchObject({ runs: 2, difference: undefined });
  });

  test('is known to a file that begins after it', async () => {
    const directory = temporaryDirectory();
    const at = stand(directory, CONFIG, START_MS, {}, { bytesMax: 16 * 1000 });
    const { recorder, hotPath } = at;
    recorder.expectKeyframes();
    heated(at);
    for (let seconds = 121; seconds <= 160; seconds += 1) at.send(seconds * 1000, 'hall-temp', celsius(37));
    recorder.flush();
    await until(() => recorder.health().pendingBytes === 0, 'what was recorded is written');
    const keyframe = recorder.keyframe({ alarms: hotPath.openAlarms(), outOfService: [] });
    const capture = hotPath.engine.capture(true);
    for (let parts = capture?.next(2); parts !== undefined; parts = capture?.next(2)) keyframe?.put(parts);
    keyframe?.complete();
    const said = linesOf(at);
    at.send(170_000, 'hall-temp', celsius(39));
    at.clock.advance(START_MS + 200_000);
    await recorder.stop();
    expect(said.some((line) => line.includes('escalated'))).toBe(true);
    const { lines, result } = replayed(pathsIn(directory).slice(-1));
    expect(lines).toEqual(said);
    expect(result.difference).toBeUndefined();
  });
});

describe('a recording', () => {
  test('holds no secrets, but enough to be replayed', async () => {
    const directory = temporaryDirectory();
    const text = venue('above: { yellow: 35 }').replace(
      'role: guard }',
      `role: guard, bindKey: ${'0123456789abcdef'.repeat(2)} }`,
    );
    const at = stand(directory, configOf(text));
    await at.recorder.stop();
    const [path = ''] = pathsIn(directory);
    const { readFlightFile } = await import('../../../gateway/flight/reader.ts');
    const read = JSON.stringify([...readFlightFile(path)].flat());
    expect(read).toContain('hall-temp');
    expect(read).not.toContain('0123456789abcdef');
    expect(read).not.toContain('abababab');
    expect(readdirSync(directory)).toHaveLength(1);
    expect(readFileSync(join(path)).includes('0123456789abcdef')).toBe(false);
  });

  test('says what a disk that is too slow has cost', async () => {
    const directory = temporaryDirectory();
    const at = stand(directory, CONFIG, START_MS, {}, { pendingBytesMax: 1_000_000 });
    const big = [{ n: 'x'.repeat(20_000), v: 1 }];
    // Nothing is written within one turn: some of it finds no room.
    for (let index = 0; index < 200; index += 1) at.send(index, 'hall-temp', big);
    const { lost } = at.recorder.health();
    expect(lost).toBeGreaterThan(50);
    await until(() => at.recorder.health().pendingBytes === 0, 'what was recorded is written');
    at.send(1000, 'hall-temp', celsius(20));
    await at.recorder.stop();
    expect(replayed(pathsIn(directory)).result).toMatchObject({ lost, frames: 201 - lost });
  });
});

describe('a file that is full', () => {
  test('is followed by one that is understood without it', async () => {
    const directory = temporaryDirectory();
    const at = stand(directory, CONFIG, START_MS, {}, { bytesMax: 16 * 1000 });
    const { recorder, hotPath } = at;
    recorder.expectKeyframes();
    expect(recorder.keyframe({ alarms: [], outOfService: [] })).toBeUndefined();
    const said = linesOf(at);
    for (let seconds = 0; seconds <= 40; seconds += 1) at.send(seconds * 1000, 'hall-temp', celsius(37));
    at.send(41_000, 'bar-temp', celsius(37));
    recorder.flush();
    await until(() => recorder.health().pendingBytes === 0, 'what was recorded is written');
    const before = said.length;
    const keyframe = recorder.keyframe({ alarms: hotPath.openAlarms(), outOfService: [] });
    const capture = hotPath.engine.capture(true);
    // Something comes in while it is written.
    at.send(42_000, 'bar-temp', celsius(38));
    for (let parts = capture?.next(2); parts !== undefined; parts = capture?.next(2)) keyframe?.put(parts);
    keyframe?.complete();
    at.send(60_000, 'hall-temp', celsius(41));
    at.clock.advance(START_MS + 120_000);
    at.send(130_000, 'hall-temp', celsius(20));
    await recorder.stop();
    const paths = pathsIn(directory);
    expect(paths).toHaveLength(2);
    expect(replayed(paths)).toMatchObject({ lines: said, result: { isWhole: true, difference: undefined } });
    const rest = replayed(paths.slice(1));
    expect(rest).toMatchObject({
      lines: said.slice(before),
      result: { isWhole: false, runs: 1, difference: undefined },
    });
    expect(said.length - before).toBeGreaterThan(3);
  });
});

describe('would we have caught it?', () => {
  const judged = async (heat: string, rest = (text: string): string => text) => {
    const directory = temporaryDirectory();
    const at = stand(directory, CONFIG);
    live(at);
    await at.recorder.stop();
    return whatIf({ paths: pathsIn(directory), config: configOf(rest(venue(heat))) }).diff;
  };

  test('the same rules: the same alarms', async () => {
    const diff = await judged('above: { yellow: 35, orange: 40 }, holdSeconds: 30, clearSeconds: 20');
    expect(diff).toMatchObject({ onlyRecorded: [], onlyReplayed: [], changed: [] });
    expect(diff.same).toBeGreaterThan(3);
  });

  test('a shorter hold: raised earlier, and no less grave', async () => {
    const { changed, onlyRecorded, onlyReplayed } = await judged(
      'above: { yellow: 35, orange: 40 }, holdSeconds: 12, clearSeconds: 20',
    );
    expect([onlyRecorded, onlyReplayed]).toEqual([[], []]);
    expect(changed).toMatchObject([{ recorded: { rule: 'heat', severity: 'orange' }, laterSeconds: -18 }]);
  });

  test('a limit that is never reached: not raised; a rule more: raised too', async () => {
    const { onlyRecorded, onlyReplayed } = await judged('above: { yellow: 90 }', (text) =>
      text.replace(
        'rules:',
        'rules:\n  - { id: warm, kind: threshold, metric: temperatureCelsius, above: { yellow: 30 } }',
      ),
    );
    expect(onlyRecorded).toMatchObject([{ rule: 'heat', subject: 'hall-temp', severity: 'orange' }]);
    expect(onlyReplayed).toMatchObject([{ rule: 'warm', subject: 'hall-temp', severity: 'yellow' }]);
  });
});
