import { describe, expect, test } from 'vitest';
import {
  type BurstState,
  burstPlan,
  type Read,
  reading,
  readsPassed,
  START as UNREAD,
} from '../../rules/access/burst.ts';
import { type FiguresState, figurePlan, measured, START as NOTHING, timePassed } from '../../rules/box/figures.ts';
import { affectedZones, counted, NO_ALARMS } from '../../rules/incident/alarm-tally.ts';
import { type IncidentState, incidentPlan, START as NO_INCIDENT, stepIncident } from '../../rules/incident/incident.ts';
import type { AlarmChange, RuleState, Step } from '../../rules/rule.ts';
import { unheard } from '../../rules/silence.ts';
import { venueOf, zone } from './stage.ts';

/** Keeps the state of a reducer from one input to the next. */
const kept = <State extends RuleState>(start: State) => {
  let state = start;
  return {
    take: (step: Step<State>) => {
      state = step.state;
      return step;
    },
    state: () => state,
  };
};

describe('figures of the box', () => {
  const plan = figurePlan('loopLagMilliseconds', { yellow: 100, red: 1000 }, 10, 0);
  const box = () => {
    const { take, state } = kept<FiguresState>(NOTHING);
    const tell = (seconds: number, value: number | undefined, detail?: { zh: string; en: string }) =>
      take(
        measured(plan, state(), {
          type: 'figure',
          nowMs: seconds * 1000,
          measure: 'loopLagMilliseconds',
          part: 'p',
          value,
          detail,
        }),
      );
    return { tell, wake: (seconds: number) => take(timePassed(plan, state(), seconds * 1000, 'p')), state };
  };
  const late = () => {
    const one = box();
    one.tell(0, 120);
    one.wake(10);
    return one;
  };

  test('a level is under way before it is reached', () => {
    const { tell, wake } = box();
    expect(tell(0, 120).condition).toMatchObject({ phase: 'pending', severity: 'yellow' });
    expect(wake(10).condition).toMatchObject({ phase: 'active', severity: 'yellow' });
  });

  test('a value is told again when it has changed by half of what was told', () => {
    const { tell } = late();
    expect(tell(11, 179.9).condition).toBeUndefined();
    expect(tell(12, 180).condition).toMatchObject({ value: 180 });
    expect(tell(13, 269.9).condition).toBeUndefined();
    expect(tell(14, 270).condition).toMatchObject({ value: 270 });
  });

  test('unmeasured: the severity stands, what was reached stays until it is better by the deadband', () => {
    const { tell, state } = late();
    expect(tell(11, undefined).condition).toMatchObject({ phase: 'unknown', severity: 'yellow' });
    expect(tell(12, Number.NaN).state).toBe(state());
    expect(tell(13, 95).condition).toMatchObject({
      phase: 'active',
      reason: { code: expect.stringContaining('easing') },
    });
    tell(14, undefined);
    expect(tell(15, 89).condition).toMatchObject({ phase: 'normal' });
  });

  test('unmeasured: what was under way begins anew', () => {
    const { tell, wake } = box();
    tell(0, 120);
    tell(5, undefined);
    expect(tell(6, 120).condition).toMatchObject({ phase: 'pending' });
    expect(wake(15.999).condition).toBeUndefined();
    expect(wake(16).condition).toMatchObject({ phase: 'active' });
  });

  test('what a part says of itself is in the sentence', () => {
    const { tell, wake } = box();
    tell(0, 120, { zh: '磁盘', en: 'disk' });
    expect(wake(10).condition?.reason.params).toMatchObject({ zh: '磁盘', en: 'disk', part: 'p' });
    expect(tell(11, 240).condition?.reason.params).toMatchObject({ zh: '', en: '' });
  });
});

describe('records that are read', () => {
  const settings = {
    id: 'burst',
    moreThan: { orange: 2 },
    windowSeconds: 60,
    holdSeconds: 0,
    clearSeconds: 0,
    deadbandRecords: 0,
    locks: true,
  };
  const address = (extra: Partial<typeof settings> = {}) => {
    const plan = burstPlan({ ...settings, ...extra });
    const { take, state } = kept<BurstState>(UNREAD);
    const read = (seconds: number, record: string, account = 'li') => {
      const one: Read = { record, account, device: 'records', atMs: seconds * 1000 };
      return take(reading(plan, state(), one, '10.0.0.7'));
    };
    return { read, wake: (seconds: number) => take(readsPassed(plan, state(), seconds * 1000, '10.0.0.7')), state };
  };

  test('three accounts are named, of more the rest is left to the number', () => {
    const names = (accounts: readonly string[]) => {
      const { read } = address({ moreThan: { orange: accounts.length - 1 } });
      return accounts.map((account, index) => read(index, `r${index}`, account)).at(-1)?.condition?.reason.params;
    };
    expect(names(['a', 'b', 'c'])).toMatchObject({ accounts: 'a, b, c' });
    expect(names(['a', 'b', 'c', 'd'])).toMatchObject({ accounts: 'a, b, c, …' });
  });

  test('accounts are said to be locked where they are', () => {
    const said = (extra: Partial<typeof settings>) => {
      const { read } = address(extra);
      return [read(0, 'r0'), read(1, 'r1'), read(2, 'r2')].at(-1)?.condition?.reason.params;
    };
    expect(said({})).toMatchObject({ locked: 1 });
    expect(said({ locks: false })).not.toHaveProperty('locked');
    expect(said({ holdSeconds: 10 })).not.toHaveProperty('locked');
  });

  test('all locks of one burst are of its beginning, also one that comes later', () => {
    const { read } = address();
    const ids = [read(0, 'r0'), read(1, 'r1'), read(2, 'r2'), read(9, 'r3', 'wang')].flatMap(
      ({ condition }) => condition?.commands ?? [],
    );
    const since = (2000).toString(36);
    expect(ids.map(({ id }) => id)).toEqual([`lock.burst.10.0.0.7.${since}.li`, `lock.burst.10.0.0.7.${since}.wang`]);
  });

  test('one that comes late by its own stamp goes where it belongs, and moves no window', () => {
    const { read, state } = address({ moreThan: { orange: 5 } });
    read(20, 'r0');
    read(70, 'r1');
    read(15, 'r2');
    expect(state().reads.map(({ record }) => record)).toEqual(['r2', 'r0', 'r1']);
    read(5, 'r3');
    expect(state().reads.map(({ record }) => record)).toEqual(['r2', 'r0', 'r1']);
    expect(state().phase).toBe('normal');
  });

  test('the same record again is no further one: it counts as it was read last', () => {
    const { read, state } = address();
    read(10, 'r0', 'li');
    read(5, 'r0', 'zhao');
    expect(state().reads).toMatchObject([{ account: 'li', atMs: 10_000 }]);
    read(10, 'r0', 'wang');
    expect(state().reads).toMatchObject([{ account: 'wang', atMs: 10_000 }]);
  });

  test('a record counts until its window is over, to the millisecond', () => {
    const { read, wake, state } = address();
    read(0, 'r0');
    wake(59.999);
    expect(state().reads).toHaveLength(1);
    wake(60);
    expect(state()).toBe(UNREAD);
  });
});

describe('the class of an incident', () => {
  const names = Array.from({ length: 12 }, (_, index) => `z${String(index).padStart(2, '0')}`);
  const venue = venueOf(
    [],
    names.map((id) => zone(id)),
  );
  const settings = {
    zones: { orange: 2, red: 4 },
    alarms: { orange: 5, red: 10 },
    leastSeverity: 'orange',
    ignoreKinds: [],
    holdSeconds: 0,
    clearSeconds: 0,
  } as const;
  const incident = (extra: Partial<Parameters<typeof incidentPlan>[0]> = {}) => {
    const plan = incidentPlan({ ...settings, ...extra }, 'incident-class', venue);
    const { take, state } = kept<IncidentState>(NO_INCIDENT);
    let count = 0;
    const change = (seconds: number, id: string, zoneId: string, condition: AlarmChange['condition']) =>
      take(
        stepIncident(plan, state(), {
          type: 'alarm',
          nowMs: seconds * 1000,
          id,
          rule: 'heat',
          kind: 'threshold',
          subject: id,
          zone: zoneId,
          severity: 'orange',
          condition,
          human: 'unacknowledged',
        }),
      );
    return {
      change,
      /** A further alarm of a zone. */
      raise: (seconds: number, zoneId: string) => {
        count += 1;
        return change(seconds, `a${count}`, zoneId, 'active');
      },
      wake: (seconds: number) => take(stepIncident(plan, state(), { type: 'wake', nowMs: seconds * 1000 })),
      state,
    };
  };
  const raised = (one: ReturnType<typeof incident>, zones: readonly string[]) =>
    zones.map((zoneId) => one.raise(0, zoneId)).at(-1);

  test('is under way before it is reached, and eases before it is over', () => {
    const one = incident({ holdSeconds: 60, clearSeconds: 60 });
    expect(raised(one, ['z00', 'z01'])?.condition).toMatchObject({
      phase: 'pending',
      reason: { code: 'incident-zones-soon' },
    });
    expect(one.wake(30).state).toBe(one.state());
    expect(one.wake(60).condition).toMatchObject({ phase: 'active', reason: { code: 'incident-zones' } });
    one.change(70, 'a2', 'z01', 'cleared');
    one.raise(71, 'z00');
    one.raise(71, 'z00');
    // A second alarm of its kind is worth telling: it says that it eases.
    expect(one.state().phase).toBe('active');
    expect(one.wake(130).condition).toMatchObject({ phase: 'normal', reason: { code: 'incident-over' } });
  });

  test('says that it eases when it is told again meanwhile', () => {
    const one = incident({ clearSeconds: 60 });
    raised(one, ['z00', 'z01']);
    expect(one.change(70, 'a2', 'z01', 'cleared').condition).toMatchObject({
      phase: 'active',
      reason: { code: 'incident-zones-easing' },
      value: 1,
    });
  });

  test('eight zones are named, of more the rest is left to the number', () => {
    const text = (count: number) => raised(incident(), names.slice(0, count))?.condition?.reason.params.names;
    expect(text(8)).toBe(names.slice(0, 8).join(', '));
    expect(text(9)).toBe(`${names.slice(0, 8).join(', ')}, …`);
  });

  test('is told again for a further zone, or when the alarms have changed by more than a tenth', () => {
    const one = incident();
    raised(one, ['z00', 'z01', 'z02', 'z03', ...Array.from({ length: 6 }, () => 'z00')]);
    expect(one.state()).toMatchObject({ severity: 'red', told: 10, toldZones: 4 });
    expect(one.raise(1, 'z00').condition).toBeUndefined();
    expect(one.raise(1, 'z00').condition).toMatchObject({ severity: 'red' });
    expect(one.raise(1, 'z00').condition).toBeUndefined();
    expect(one.raise(1, 'z04').condition).toMatchObject({ value: 5 });
    expect(one.change(2, 'a1', 'z00', 'cleared').condition).toBeUndefined();
  });

  test('one that is not reached is not told again with each alarm', () => {
    const one = incident({ holdSeconds: 60 });
    raised(one, ['z00', 'z01']);
    expect(one.raise(1, 'z01').condition).toBeUndefined();
    expect(one.raise(1, 'z02').condition).toBeUndefined();
  });

  test('time passes for zones and for alarms each by itself', () => {
    const one = incident({ holdSeconds: 60 });
    for (let index = 0; index < 5; index += 1) one.raise(0, 'z00');
    expect(one.wake(60).condition).toMatchObject({ phase: 'active', unit: 'alarms' });
  });
});

describe('the tally', () => {
  const alarm = (id: string, zoneId: string): AlarmChange => ({
    type: 'alarm',
    nowMs: 0,
    id,
    rule: 'heat',
    kind: 'threshold',
    subject: id,
    zone: zoneId,
    severity: 'orange',
    condition: 'active',
    human: 'unacknowledged',
  });

  test('spreads alarms over its buckets: one more copies few', () => {
    let tally = NO_ALARMS;
    for (let index = 0; index < 2000; index += 1) tally = counted(tally, alarm(`heat.b${index}`, ''), true);
    expect(tally.alarms).toBe(2000);
    expect(Math.max(...tally.buckets.map((bucket) => Object.keys(bucket).length))).toBeLessThan(64);
  });

  test('of zones that lie within each other ends, and the outer ones count by the inner one', () => {
    const nested = venueOf([], [zone('yard'), zone('hall', { within: 'yard' }), zone('pit', { within: 'hall' })]);
    const all = ['pit', 'hall', 'yard'].reduce((tally, id) => counted(tally, alarm(id, id), true), NO_ALARMS);
    expect(affectedZones(all, nested)).toEqual(['pit']);
    const round = venueOf([], [zone('a', { within: 'b' }), zone('b', { within: 'a' })]);
    expect(affectedZones(counted(NO_ALARMS, alarm('x', 'a'), true), round)).toEqual([]);
  });
});

test('silence is counted from the last word, or from when one listens', () => {
  const silence = { type: 'silence', nowMs: 60_000, device: 'b1', sinceMs: 0, said: false } as const;
  expect(unheard({ ...silence, lastSeenMs: 20_000 })).toEqual({
    code: 'no-data',
    params: { device: 'b1', seconds: 40 },
  });
  expect(unheard({ ...silence, lastSeenMs: undefined })).toEqual({
    code: 'never-heard',
    params: { device: 'b1', seconds: 60 },
  });
});
