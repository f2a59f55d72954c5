import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FREE_SUBJECTS_MAX } from '../../../rules/judge/free-subjects.ts';
import { ruleSchema } from '../../../rules/kinds/index.ts';
import { GATEWAY_DEVICE } from '../../../rules/rule.ts';
import { conditionsOf, device, EPOCH, occurrenceOf, rule, type Stage, stage, venueOf } from '../stage.ts';

const venue = venueOf([
  device('records', { role: undefined, profile: 'access-log', reports: undefined }),
  device('doors', { role: undefined, profile: 'door', reports: undefined }),
]);
const burst = (extra: object = {}) =>
  rule({ id: 'burst', kind: 'access-burst', moreThan: { orange: 5 }, windowSeconds: 60, ...extra }, venue);
const scene = (extra: object = {}): Stage => stage({ venue, rules: [burst(extra)] });
interface Who {
  readonly address?: string;
  readonly account?: string;
  readonly reader?: string;
}
const read = (s: Stage, at: number, record: string, from: Who = {}): Stage => {
  const { address = '10.0.0.7', account = 'li', reader = 'records' } = from;
  return s.at(at).occur(reader, 'access', { id: record, attributes: { address, account, recordId: record } });
};
/** Different records, one every `every` seconds. */
const readMany = (s: Stage, from: number, count: number, every = 1, who: Who = {}): Stage => {
  for (let index = 0; index < count; index += 1) read(s, from + index * every, `R-${from}-${index}`, who);
  return s;
};
const commandsOf = (s: Stage) => conditionsOf(s.verdicts).flatMap(({ condition }) => condition.commands ?? []);

describe('access-burst', () => {
  test('the sixth different record within the window raises orange at that moment, and locks the account', () => {
    const s = readMany(scene(), 0, 5);
    expect(s.story()).toEqual([]);
    read(s, 5, 'one more');
    expect(s.story()).toEqual([[5, 'raised', '10.0.0.7', 'orange']]);
    expect(s.open()[0]).toMatchObject({
      value: 6,
      unit: 'records',
      limit: 5,
      reason: {
        code: 'access-burst',
        zh: '60 秒内从 10.0.0.7 读取了超过 5 条不同记录（账号 li），已要求锁定账号',
        en: 'more than 5 different records read from 10.0.0.7 within 60 s (accounts li): they are to be locked',
      },
    });
    const id = `lock.burst.10.0.0.7.${(EPOCH + 5000).toString(36)}.li`;
    expect(commandsOf(s)).toEqual([{ id, device: 'records', do: 'lock', with: { account: 'li' } }]);
  });

  test('the window slides: one millisecond less and the first still counts', () => {
    const late = (at: number): Stage => read(readMany(scene(), 0, 5, 10), at, 'one more');
    expect(late(59.999).story()).toHaveLength(1);
    expect(late(60).story()).toEqual([]);
  });

  test('the same record again is no other one, but counts from then on', () => {
    const s = scene();
    for (let at = 0; at < 50; at += 1) read(s, at, 'R-1');
    expect(s.story()).toEqual([]);
    readMany(s, 50, 4);
    // R-1 was last read at 49 s, so that it is within the window until 109 s.
    expect(read(s, 108.999, 'R-2').story()).toHaveLength(1);
  });

  test('records of two systems are two, addresses are apart, an account may be excepted', () => {
    const two = scene();
    for (const reader of ['records', 'doors']) for (const record of ['1', '2', '3']) read(two, 1, record, { reader });
    expect(two.story()).toHaveLength(1);
    const apart = scene();
    for (let index = 0; index < 20; index += 1) read(apart, index, `${index}`, { address: `10.0.0.${index % 4}` });
    expect(apart.story()).toEqual([]);
    expect(readMany(scene({ exceptAccounts: ['backup'] }), 0, 50, 1, { account: 'backup' }).story()).toEqual([]);
  });

  test('everybody who read from there is locked, in the system they read from, each once', () => {
    const s = scene();
    read(s, 0, 'a', { account: 'li', reader: 'records' });
    read(s, 1, 'b', { account: 'wu', reader: 'doors' });
    readMany(s, 2, 10, 1, { account: 'li' });
    read(s, 20, 'z', { account: 'he', reader: 'records' });
    read(s, 21, 'y', { account: 'he', reader: 'records' });
    expect(commandsOf(s).map(({ device: reader, with: { account } }) => [reader, account])).toEqual([
      ['records', 'li'],
      ['doors', 'wu'],
      ['records', 'he'],
    ]);
    expect(commandsOf(readMany(scene({ locks: false }), 0, 10))).toEqual([]);
  });

  test('the gateway itself is watched whatever devices the rule is for', () => {
    const s = readMany(scene({ for: { devices: ['doors'] } }), 0, 10, 1, { reader: GATEWAY_DEVICE, account: 'zhang' });
    expect(commandsOf(s)).toMatchObject([{ device: GATEWAY_DEVICE, do: 'lock', with: { account: 'zhang' } }]);
    expect(readMany(scene({ for: { devices: ['doors'] } }), 0, 10).story()).toEqual([]);
  });

  test('ends after the off-delay once so many fewer are within the window; latched until somebody looks', () => {
    const s = readMany(scene({ deadbandRecords: 2, clearSeconds: 30 }), 0, 6, 2);
    // Read at 0, 2, … 10 s; three are left when that of 4 s falls out, at 64 s.
    expect(s.at(93.999).open()[0]?.condition).toBe('active');
    expect(s.at(94).open()[0]?.condition).toBe('cleared');
    const [alarm] = s.open();
    if (alarm === undefined) throw new Error('it was to be latched');
    expect(s.at(95).acknowledge(alarm, 'chen').open()).toEqual([]);
  });

  test('several limits: the severity rises with the number', () => {
    const s = readMany(scene({ moreThan: { yellow: 2, orange: 5, red: 8 } }), 0, 12);
    expect(s.story().map(([at, type, , severity]) => [at, type, severity])).toEqual([
      [2, 'raised', 'yellow'],
      [5, 'escalated', 'orange'],
      [8, 'escalated', 'red'],
    ]);
    expect(commandsOf(s)).toHaveLength(1);
  });

  test('with a hold it is on its way first', () => {
    const s = readMany(scene({ holdSeconds: 20 }), 0, 6);
    expect(conditionsOf(s.verdicts).at(-1)?.condition).toMatchObject({ phase: 'pending', severity: 'orange' });
    expect(s.at(24.999).story()).toEqual([]);
    expect(s.at(25).story()).toEqual([[25, 'raised', '10.0.0.7', 'orange']]);
  });

  test('historical and replayed reads never satisfy it; a repeated message is the same record', () => {
    const s = scene();
    for (let index = 0; index < 20; index += 1) {
      const attributes = { address: '10.0.0.7', account: 'li', recordId: `${index}` };
      s.put(occurrenceOf('records', 'access', EPOCH, { historical: true, attributes }));
      s.put(occurrenceOf('records', 'access', EPOCH, { retained: true, attributes }));
      s.put(occurrenceOf('records', 'access', EPOCH, { attributes: { ...attributes, recordId: '1' } }));
    }
    expect(s.story()).toEqual([]);
  });

  test('reads out of order count under their own time', () => {
    const s = scene().at(100);
    const put = (second: number, recordId: string): void => {
      const attributes = { address: '10.0.0.7', account: 'li', recordId };
      s.put(occurrenceOf('records', 'access', EPOCH + second * 1000, { attributes }));
    };
    for (const [index, second] of [100, 30, 95, 39, 99, 98].entries()) put(second, `${index}`);
    // That of 30 s and of 39 s had fallen out of the window that ends at 100 s.
    expect(s.story()).toEqual([]);
    put(41, 'x');
    expect(s.story()).toEqual([]);
    put(60, 'y');
    expect(s.story()).toHaveLength(1);
  });

  test('restart in every phase: the same story, and no lock is asked for twice', () => {
    const play = (restartAt: number) => {
      let s = scene({ clearSeconds: 30 });
      const story: unknown[] = [];
      const commands: unknown[] = [];
      for (let at = 0; at <= 200; at += 1) {
        s.at(at);
        if (at < 8) read(s, at, `R-${at}`);
        if (at !== restartAt) continue;
        story.push(...s.story());
        commands.push(...commandsOf(s));
        s = stage({
          venue,
          rules: [burst({ clearSeconds: 30 })],
          startSeconds: at,
          snapshot: s.save(),
          alarms: s.open(),
        });
      }
      return { story: [...story, ...s.story()], commands: [...commands, ...commandsOf(s)] };
    };
    const whole = play(-1);
    expect(whole.story).toHaveLength(2);
    expect(whole.commands).toHaveLength(1);
    for (const at of [0, 4, 5, 6, 60, 80, 199]) expect(play(at)).toEqual(whole);
  });

  test('refuses limits that fall, and none', () => {
    const message = (moreThan: object) =>
      ruleSchema.safeParse({ id: 'x', kind: 'access-burst', moreThan }).error?.issues[0]?.message;
    expect(message({})).toBe('give at least one of yellow, orange, red');
    expect(message({ orange: 9, red: 4 })).toBe('the numbers must rise: yellow, orange, red');
  });
});

test('exact with memory for as many records as decide: against a list of all of them', () => {
  const reads = fc.array(fc.tuple(fc.integer({ min: 0, max: 9_000 }), fc.integer({ min: 0, max: 12 })), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(reads, (steps) => {
      const s = scene({ clearSeconds: 0, deadbandRecords: 0 });
      const last = new Map<string, number>();
      let nowMs = 0;
      for (const [gapMs, record] of steps) {
        nowMs += gapMs;
        read(s, nowMs / 1000, `${record}`);
        last.set(`${record}`, nowMs);
        const within = [...last.values()].filter((atMs) => nowMs - atMs < 60_000).length;
        expect(s.open().some(({ condition }) => condition === 'active')).toBe(within > 5);
      }
      const state = s.save().subjects.find(({ rule: id }) => id === 'burst')?.state;
      expect(
        state === undefined || !('reads' in state) || !Array.isArray(state.reads) ? 0 : state.reads.length,
      ).toBeLessThanOrEqual(6);
    }),
    { numRuns: 60 },
  );
});

test('addresses that strangers invent do not fill the memory; one of which an alarm stands is never forgotten', () => {
  const s = readMany(scene(), 0, 6);
  for (let index = 0; index < FREE_SUBJECTS_MAX + 500; index += 1) {
    s.put(
      occurrenceOf('records', 'access', EPOCH + 6000, {
        attributes: { address: `invented-${index}`, account: 'x', recordId: 'r' },
      }),
    );
  }
  expect(s.save().subjects.filter(({ rule: id }) => id === 'burst')).toHaveLength(FREE_SUBJECTS_MAX);
  expect(s.open()).toHaveLength(1);
  expect(s.forgottenSubjects).toBe(501);
  // Those that have done nothing for a window go first, and are not counted: nothing is lost with them.
  s.at(100);
  for (let index = 0; index < 100; index += 1) read(s, 100, 'r', { address: `later-${index}` });
  expect(s.forgottenSubjects).toBe(501);
});
