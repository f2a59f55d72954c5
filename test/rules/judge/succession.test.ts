import { describe, expect, test } from 'vitest';
import type { RuleState } from '../../../rules/rule.ts';
import { device, EPOCH, rule, stage, venueOf } from '../stage.ts';
import { made } from './made.ts';

const t1 = device('t1', { reports: { everySeconds: 20 } });
const venue = venueOf([t1, device('t2', { reports: { everySeconds: 60 } })]);

/** Writes down what it is given. */
const noting = (id: string, silence: 'own' | 'freeze') => {
  const seen: string[] = [];
  const notes = made(
    id,
    (state, input) => {
      seen.push(`${id} ${input.type}`);
      return { state };
    },
    { silence },
  );
  return { notes, seen };
};

describe('a rule that is new judges by what is known', () => {
  test('of a device that lives: that, and its last values; of one that was never heard: nothing', () => {
    const [own, freeze] = [noting('own', 'own'), noting('freeze', 'freeze')];
    const s = stage({ venue, rules: [] }).at(0).sample('t1', {});
    s.at(1).reload([own.notes, freeze.notes], venue);
    expect([own.seen, freeze.seen]).toEqual([['own alive', 'own sample'], ['freeze sample']]);
  });

  test('of one that is silent: that alone, also where it was never heard', () => {
    const [own, freeze] = [noting('own', 'own'), noting('freeze', 'freeze')];
    const s = stage({ venue: venueOf([t1]), rules: [] }).at(60);
    s.reload([own.notes, freeze.notes], venueOf([t1]));
    expect([own.seen, freeze.seen]).toEqual([['own silence'], []]);
    const quiet = rule({ id: 'quiet', kind: 'silent' }, venue);
    const never = stage({ venue, rules: [] }).at(200).reload([quiet], venue);
    expect(never.story()).toEqual([
      [200, 'raised', 't1', 'yellow'],
      [200, 'raised', 't2', 'yellow'],
    ]);
  });

  test('and one that goes on is told nothing again', () => {
    const [old, late] = [noting('old', 'own'), noting('late', 'own')];
    const s = stage({ venue, rules: [old.notes] })
      .at(0)
      .sample('t1', {});
    old.seen.length = 0;
    s.at(1).reload([old.notes, late.notes], venue);
    expect([old.seen, late.seen]).toEqual([[], ['late alive', 'late sample']]);
  });
});

test('a device that was registered by a reload is missed from then on, also after a restart', () => {
  const quiet = (of = venue) => rule({ id: 'quiet', kind: 'silent', for: { devices: ['t2'] } }, of);
  const first = stage({ venue: venueOf([t1]), rules: [] }).at(1000);
  first.reload([quiet()], venue).at(1010);
  const second = stage({ venue, rules: [quiet()], startSeconds: 1015, snapshot: first.save() });
  // Three intervals from 1000 s on, and the 5 s in which nobody listened.
  expect(second.at(1184.999).story()).toEqual([]);
  expect(second.at(1185).story()).toEqual([[1185, 'raised', 't2', 'yellow']]);
});

describe('what a rule carries over into other settings', () => {
  /** Waits for so long since it first heard of its subject. */
  const waits = (ms: number, silence: 'own' | 'freeze') => {
    const woken: number[] = [];
    const sinceOf = (state: RuleState): number => ('sinceMs' in state ? Number(state.sinceMs) : 0);
    const waiting = made(
      'waits',
      (state, input) => {
        if (input.type === 'wake') woken.push((input.nowMs - EPOCH) / 1000);
        if (input.type !== 'sample' || state.phase === 'pending') return { state };
        const begun = { phase: 'pending', sinceMs: input.nowMs } as const;
        return { state: begun, wakeAtMs: input.nowMs + ms };
      },
      {
        silence,
        settings: `${ms}`,
        carried: (state) => (state.phase === 'pending' ? { state, wakeAtMs: sinceOf(state) + ms } : { state }),
      },
    );
    return { waiting, woken };
  };
  /** Silent from 60 s on, told at 100 s to wait for so long instead, and heard again at 200 s. */
  const reloaded = (silence: 'own' | 'freeze', ms = 120_000) => {
    const { waiting, woken } = waits(ms, silence);
    const s = stage({ venue, rules: [waits(90_000, silence).waiting] })
      .at(0)
      .sample('t1', {});
    s.at(100).reload([waiting], venue);
    return { s, woken };
  };

  test('stands still as long as its device is silent', () => {
    const { s, woken } = reloaded('freeze');
    // 60 of the 120 s had passed when it fell silent.
    s.at(200).sample('t1', {}).at(250).sample('t1', {}).at(259.999);
    expect(woken).toEqual([]);
    s.at(260);
    expect(woken).toEqual([120]);
  });

  test('and is over at once where that time had come before it fell silent', () => {
    const { s, woken } = reloaded('freeze', 30_000);
    expect(woken).toEqual([]);
    s.at(200).sample('t1', {}).at(201);
    expect(woken).toEqual([60]);
  });

  test('or goes on, where the rule judges silence itself', () => {
    const { s, woken } = reloaded('own');
    s.at(119.999);
    expect(woken).toEqual([]);
    s.at(120);
    expect(woken).toEqual([120]);
  });

  test('and what waits for nothing goes on so', () => {
    const idle = (settings: string) => {
      const { notes, seen } = noting('idle', 'freeze');
      return { seen, idle: { ...notes, settings, carried: (state: RuleState) => ({ state: { ...state } }) } };
    };
    const next = idle('b');
    const s = stage({ venue, rules: [idle('a').idle] })
      .at(0)
      .sample('t1', {});
    s.at(100).reload([next.idle], venue).at(200).sample('t1', {}).at(10_000);
    expect(next.seen).toEqual(['idle sample']);
  });
});
