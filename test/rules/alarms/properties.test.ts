import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AlarmAction } from '../../../rules/alarms/action.ts';
import type { Alarm, AlarmEvent, OutOfService } from '../../../rules/alarms/alarm.ts';
import { AlarmDesk, type DeskEvent } from '../../../rules/alarms/desk.ts';
import { lifePolicyOf } from '../../../rules/alarms/policy.ts';
import type { ConditionVerdict } from '../../../rules/engine.ts';
import { type Condition, type Rule, SEVERITIES } from '../../../rules/rule.ts';
import { runs } from '../../runs.ts';
import { EPOCH } from '../stage.ts';

const ruleOf = (id: string, kind: string, latching: boolean, causes: readonly string[]): Rule => ({
  id,
  kind,
  latching,
  guidance: { zh: '做', en: 'do' },
  silence: 'own',
  shared: () => false,
  reads: () => true,
  subjects: () => [],
  start: () => ({ phase: 'normal' }),
  step: (state) => ({ state }),
  life: lifePolicyOf({
    id,
    shelveMaxMinutes: 1,
    realarmMinutes: 0.5,
    suppressedBy: causes.map((rule) => ({ rule, scope: 'zone' as const })),
  }),
});

const RULES = [
  ruleOf('cause', 'threshold', true, []),
  ruleOf('effect', 'threshold', true, ['cause']),
  ruleOf('echo', 'threshold', false, ['effect']),
  ruleOf('help', 'sos', true, ['cause']),
];
const SUBJECTS = ['a', 'b'];

type Play =
  | { readonly do: 'say'; readonly rule: number; readonly subject: number; readonly condition: Condition }
  | {
      readonly do: 'act';
      readonly type: AlarmAction['type'];
      readonly rule: number;
      readonly which: number;
      readonly ms: number;
    }
  | { readonly do: 'move'; readonly rule: number; readonly subject: number; readonly zone: string }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'restart' };

const reason = { code: 'above-limit', params: { value: 1, limit: 1, unit: '' } };
const conditions: fc.Arbitrary<Condition> = fc.record({
  phase: fc.constantFrom('normal', 'pending', 'active', 'active', 'active', 'unknown'),
  severity: fc.constantFrom(...SEVERITIES),
  reason: fc.constant(reason),
  again: fc.constantFrom(true, undefined, undefined),
});
const plays: fc.Arbitrary<readonly Play[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('say' as const),
        rule: fc.nat(3),
        subject: fc.nat(1),
        condition: conditions,
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('act' as const),
        type: fc.constantFrom<AlarmAction['type']>(
          'acknowledge',
          'shelve',
          'unshelve',
          'comment',
          'assign',
          'remove-from-service',
          'return-to-service',
        ),
        rule: fc.nat(3),
        which: fc.nat(5),
        ms: fc.integer({ min: -1, max: 70_000 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('move' as const),
        rule: fc.nat(3),
        subject: fc.nat(1),
        zone: fc.constantFrom('x', 'y'),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 40_000 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  ),
  { maxLength: 60 },
);

/** A desk, a clock and all that was told. */
class Scene {
  events: DeskEvent[] = [];
  desk = this.fresh();
  nowMs = EPOCH;

  fresh(): AlarmDesk {
    return new AlarmDesk((event) => this.events.push(event), RULES);
  }

  play(step: Play): void {
    switch (step.do) {
      case 'say':
        this.desk.take(this.verdict(step));
        return;
      case 'act':
        this.desk.act(this.action(step));
        return;
      case 'move':
        this.desk.move({
          type: 'moved',
          rule: ruleAt(step.rule),
          subject: subjectAt(step.subject),
          zone: step.zone,
          atMs: this.nowMs,
        });
        return;
      case 'wait':
        this.nowMs += step.ms;
        this.desk.fireDue(this.nowMs);
        return;
      case 'restart': {
        const kept: { alarms: Alarm[]; away: OutOfService[] } = JSON.parse(
          JSON.stringify({ alarms: [...this.desk.open], away: this.desk.outOfService }),
        );
        // A store has an order of its own.
        kept.alarms.sort((a, b) => (a.id < b.id ? 1 : -1));
        kept.away.sort((a, b) => (`${a.rule} ${a.subject}` < `${b.rule} ${b.subject}` ? 1 : -1));
        this.desk = this.fresh();
        this.desk.restore(kept.alarms, kept.away);
      }
    }
  }

  verdict({ rule, subject, condition }: Extract<Play, { do: 'say' }>): ConditionVerdict {
    return {
      type: 'condition',
      rule: ruleAt(rule),
      subject: subjectAt(subject),
      device: subjectAt(subject),
      zone: 'x',
      atMs: this.nowMs,
      condition,
    };
  }

  action({ type, rule, which, ms }: Extract<Play, { do: 'act' }>): AlarmAction {
    const open = [...this.desk.open].sort((a, b) => (a.id < b.id ? -1 : 1));
    const by = { by: 'li', atMs: this.nowMs };
    const untilMs = ms > 60_000 ? undefined : this.nowMs + ms;
    const alarm = open[which % Math.max(1, open.length)]?.id ?? 'none';
    const subject = which % 2 === 0 ? undefined : subjectAt(which % 3);
    switch (type) {
      case 'shelve':
        return { type, alarm, untilMs, ...by };
      case 'comment':
        return { type, alarm, comment: 'x', ...by };
      case 'remove-from-service':
        return { type, rule: ruleAt(rule).id, subject, why: 'x', untilMs, ...by };
      case 'return-to-service':
        return { type, rule: ruleAt(rule).id, subject, ...by };
      default:
        return { type, alarm, ...by };
    }
  }

  get alarmEvents(): AlarmEvent[] {
    return this.events.filter((event) => 'alarm' in event);
  }
}

const ruleAt = (index: number): Rule => RULES[index] ?? ruleOf('none', 'threshold', false, []);
const subjectAt = (index: number): string => SUBJECTS[index % 2] ?? 'a';

/** Open alarms as the events alone tell of them. */
const folded = (events: readonly AlarmEvent[]): Map<string, Alarm> => {
  const open = new Map<string, Alarm>();
  for (const { type, alarm } of events) {
    if (type === 'closed') open.delete(alarm.id);
    else open.set(alarm.id, alarm);
  }
  return open;
};

const foldedService = (events: readonly DeskEvent[]): Map<string, OutOfService> => {
  const away = new Map<string, OutOfService>();
  for (const event of events) {
    if (!('entry' in event)) continue;
    const key = `${event.entry.rule} ${event.entry.subject}`;
    if (event.type === 'service-returned') away.delete(key);
    else away.set(key, event.entry);
  }
  return away;
};

/** What must be so at every moment. */
const holds = (scene: Scene): void => {
  const open = [...scene.desk.open];
  const pairs = open.map(({ rule, subject }) => `${rule} ${subject}`);
  expect(new Set(pairs).size).toBe(pairs.length);
  expect(new Map(open.map((alarm) => [alarm.id, alarm]))).toEqual(folded(scene.alarmEvents));
  const away = [...foldedService(scene.events).values()];
  expect(scene.desk.outOfService).toHaveLength(away.length);
  expect(scene.desk.outOfService).toEqual(expect.arrayContaining(away));
  for (const alarm of open) {
    const { human, condition, rule, subject } = alarm;
    if (alarm.kind === 'sos') expect(['unacknowledged', 'acknowledged']).toContain(human);
    expect(alarm.acknowledgedBy !== undefined).toBe(
      human === 'acknowledged' || (human === 'shelved' && alarm.acknowledgedBy !== undefined),
    );
    expect(alarm.shelved !== undefined).toBe(human === 'shelved');
    expect(alarm.suppressedBy !== undefined).toBe(human === 'suppressed');
    expect(alarm.outOfService !== undefined).toBe(human === 'out-of-service');
    expect(`${condition}/${human}`).not.toMatch(/^cleared\/(acknowledged|out-of-service)$/);
    if (human === 'suppressed') {
      const cause = open.find(({ id }) => id === alarm.suppressedBy);
      expect(cause).toMatchObject({ condition: 'active', zone: alarm.zone });
      expect(SEVERITIES.indexOf(cause?.severity ?? 'blue')).toBeGreaterThanOrEqual(SEVERITIES.indexOf(alarm.severity));
    }
    const isAway = away.some((entry) => entry.rule === rule && (entry.subject ?? subject) === subject);
    if (isAway && human !== 'shelved' && condition !== 'cleared') expect(human).toBe('out-of-service');
    if (human === 'out-of-service') expect(isAway).toBe(true);
    if (alarm.shelved !== undefined) expect(Date.parse(alarm.shelved.until)).toBeGreaterThan(scene.nowMs);
  }
};

test('one open alarm of a rule and subject, the events are the state, and nothing is hidden without its cause', () => {
  fc.assert(
    fc.property(plays, (steps) => {
      const scene = new Scene();
      for (const step of steps) {
        scene.play(step);
        holds(scene);
      }
    }),
    { numRuns: runs(400) },
  );
});

test('an alarm clears by the word of its rule alone', () => {
  fc.assert(
    fc.property(plays, (steps) => {
      const scene = new Scene();
      for (const step of steps) {
        const before = scene.events.length;
        scene.play(step);
        const cleared = scene.events.slice(before).filter(({ type }) => type === 'cleared');
        const isNormal = step.do === 'say' && step.condition.phase === 'normal';
        expect(cleared.length).toBeLessThanOrEqual(isNormal ? 1 : 0);
      }
    }),
    { numRuns: runs(300) },
  );
});

test('a restart anywhere changes nothing of what is told', () => {
  fc.assert(
    fc.property(plays, (steps) => {
      const [whole, cut] = [new Scene(), new Scene()];
      for (const step of steps) {
        if (step.do !== 'restart') whole.play(step);
        cut.play(step);
        if (step.do !== 'restart') cut.play({ do: 'restart' });
      }
      expect(cut.events).toEqual(whole.events);
    }),
    { numRuns: runs(600) },
  );
});
