import { expect, test } from 'vitest';
import type { VenueConfig } from '../../../gateway/config/schema.ts';
import { createLog } from '../../../gateway/log.ts';
import { readAnew } from '../../../gateway/reload/read-anew.ts';
import { configHash, createReloader, type ReloadMark } from '../../../gateway/reload/reload.ts';
import { configOf, venueYaml } from '../fixture.ts';

const START = `
zones: { hall: { areaM2: 100 } }
rules: [{ id: heat, kind: threshold, metric: temperatureCelsius, above: { red: 60 } }]`;
const SMALLER = START.replace('areaM2: 100', 'areaM2: 90');

/** A reloader on a file that is text here. */
const reloader = () => {
  let reads = 0;
  let text = venueYaml(START);
  let applied: readonly VenueConfig[] = [];
  const marks: ReloadMark[] = [];
  const lines: string[] = [];
  const made = createReloader({
    config: configOf(venueYaml(START)),
    read: async () => {
      reads += 1;
      return readAnew('venue.yaml', () => text);
    },
    apply: (next) => {
      applied = [...applied, next];
    },
    onReload: (mark) => marks.push(mark),
    nowMs: () => 5,
    log: createLog({ write: (line) => lines.push(line) }),
  });
  return {
    marks,
    lines,
    problems: made.problems,
    applied: () => applied,
    reads: () => reads,
    write: (yaml: string) => {
      text = venueYaml(yaml);
    },
    reload: (dryRun = false) => made.reload({ by: 'li', dryRun }),
  };
};

test('what has changed is applied, told in the log in both languages, and marked with its hash', async () => {
  const run = reloader();
  run.write(SMALLER);
  expect(await run.reload()).toMatchObject({ ok: true, applied: true, changes: [{ section: 'zones', id: 'hall' }] });
  expect(run.applied()).toEqual([configOf(venueYaml(SMALLER))]);
  expect(run.lines.map((line) => JSON.parse(line))).toMatchObject([
    { by: 'li', changes: 1, deferred: 0, msg: 'the venue file was read again' },
    { msg: 'zone hall changed (areaM2)', zh: '区域 hall 更改（areaM2）' },
  ]);
  const configHashNow = configHash(configOf(venueYaml(SMALLER)));
  expect(run.marks).toMatchObject([{ by: 'li', atMs: 5, configHash: configHashNow }]);
  expect(configHashNow).not.toBe(configHash(configOf(venueYaml(START))));
});

test('an invalid file changes nothing: every error is in the log, and health says so until one is taken', async () => {
  const run = reloader();
  run.write(`${START.replace('red: 60', 'red: hot')}\nzons: {}`);
  expect(await run.reload()).toMatchObject({ ok: false, why: 'invalid', problems: [{ line: 7 }, { line: 8 }] });
  expect(run.lines).toHaveLength(3);
  expect(run.lines[2]).toContain('venue.yaml:8:1');
  expect([run.applied(), run.marks, run.problems()]).toEqual([[], [], ['venue-file-refused']]);
  run.write(START);
  expect(await run.reload()).toMatchObject({ ok: true, changes: [] });
  expect(run.problems()).toEqual([]);
});

test('a key file that cannot be read is an error of the venue file', async () => {
  const run = reloader();
  run.write(`${START}\nbadges: { b1: { role: guard, bindKeyFile: /nowhere/key } }`);
  expect(await run.reload()).toMatchObject({ ok: false, problems: [{ message: { en: /bindKeyFile of b1/ } }] });
  expect(run.applied()).toEqual([]);
});

test('what needs a restart is said by name as long as it is so, and the rest counts', async () => {
  const run = reloader();
  run.write(`${SMALLER}\ndata: { commitEveryMs: 7 }`);
  expect(await run.reload()).toMatchObject({ changes: [{ id: 'hall' }], deferred: [{ section: 'data' }] });
  expect(run.applied()[0]?.data.commitEveryMs).toBe(50);
  expect(run.problems()).toEqual(['restart-needed']);
  expect(await run.reload()).toMatchObject({ changes: [], deferred: [{ section: 'data' }] });
  run.write(SMALLER);
  expect(await run.reload()).toMatchObject({ changes: [], deferred: [] });
  expect(run.problems()).toEqual([]);
});

test('a file by which the gateway would not start is refused', async () => {
  const run = reloader();
  run.write(START.replace('kind: threshold, metric: temperatureCelsius, above: { red: 60 }', 'kind: sos'));
  expect(await run.reload()).toMatchObject({ ok: false, why: 'refused', findings: [{ code: 'kind-changed' }] });
  expect([run.applied(), run.problems()]).toEqual([[], ['venue-file-refused']]);
});

test('looked at only, nothing is done, and nothing is said of it', async () => {
  const run = reloader();
  run.write(SMALLER);
  expect(await run.reload(true)).toMatchObject({ ok: true, applied: false, changes: [{ id: 'hall' }] });
  run.write('rules: 5');
  expect(await run.reload(true)).toMatchObject({ ok: false });
  expect([run.applied(), run.problems(), run.marks, run.lines]).toEqual([[], [], [], []]);
});

test('asked again while it is at it, it is done one after the other', async () => {
  const run = reloader();
  run.write(SMALLER);
  const first = run.reload();
  await Promise.resolve();
  const outcomes = await Promise.all([first, run.reload()]);
  expect(outcomes.map((outcome) => (outcome.ok ? outcome.changes.length : outcome.why))).toEqual([1, 0]);
});

test('whoever asks while one waits gets its answer: however many ask, the file is read once more', async () => {
  const run = reloader();
  const first = run.reload();
  // Its turn has come.
  await Promise.resolve();
  run.write(SMALLER);
  const others = Array.from({ length: 50 }, () => run.reload());
  const dry = Array.from({ length: 50 }, () => run.reload(true));
  await first;
  const outcomes = await Promise.all(others);
  expect(new Set(outcomes).size).toBe(1);
  expect(outcomes[0]).toMatchObject({ ok: true, applied: true });
  expect(await Promise.all(dry)).toHaveLength(50);
  expect(run.reads()).toBe(3);
  expect(run.applied().at(-1)).toEqual(configOf(venueYaml(SMALLER)));
  expect(await run.reload()).toMatchObject({ ok: true, changes: [] });
});
