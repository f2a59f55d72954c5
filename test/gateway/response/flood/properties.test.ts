import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAlarm, VENUE } from '../../../../gateway/response/flood/load.ts';
import type { Alarm, AlarmEvent, AlarmEventType } from '../../../../rules/alarms/alarm.ts';
import type { Severity } from '../../../../rules/rule.ts';
import { EPOCH, stage } from '../stage.ts';
import { floodVenue, hot } from './venue.ts';

const config = floodVenue();

interface Move {
  readonly waitSeconds: number;
  readonly subject: number;
  readonly do: 'on' | 'off' | 'ack' | 'kill';
  readonly severity: Severity;
  readonly kind: string;
  readonly zone: string;
}

const moves = fc.array(
  fc.record<Move>({
    waitSeconds: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 0, max: 20 }) },
      { weight: 1, arbitrary: fc.integer({ min: 21, max: 900 }) },
    ),
    subject: fc.integer({ min: 0, max: 7 }),
    do: fc.oneof(
      { weight: 8, arbitrary: fc.constant('on' as const) },
      { weight: 3, arbitrary: fc.constantFrom('off' as const, 'ack' as const) },
      { weight: 1, arbitrary: fc.constant('kill' as const) },
    ),
    severity: fc.constantFrom<Severity>('yellow', 'yellow', 'orange', 'red'),
    kind: fc.constantFrom('threshold', 'threshold', 'silent', 'tilt'),
    zone: fc.constantFrom('hall', 'yard'),
  }),
  { minLength: 20, maxLength: 80 },
);

/** What a rule and people would make of a move: at most one open alarm of a subject. */
const play = (list: readonly Move[], onMove: (now: ReturnType<typeof stage>, event: AlarmEvent) => void) => {
  let on = stage({ config });
  const open = new Map<number, Alarm>();
  const told: { readonly alarm: string; readonly atMs: number; readonly event: AlarmEventType }[] = [];
  let seconds = 0;
  let seen = 0;
  const look = (): void => {
    for (const { alarm, atMs, event } of on.notices.slice(seen)) told.push({ alarm: alarm.id, atMs, event });
    seen = on.notices.length;
  };
  const emit = (type: AlarmEventType, alarm: Alarm): void => {
    on.event(type, alarm, 'li');
    look();
    onMove(on, { type, atMs: EPOCH + seconds * 1000, alarm });
  };
  list.forEach((move, index) => {
    seconds += move.waitSeconds;
    on.at(seconds);
    look();
    const known = open.get(move.subject);
    if (move.do === 'kill') {
      on = stage({ config, atSeconds: seconds, kept: on.kill() });
      seen = 0;
      look();
    } else if (move.do === 'on') {
      const { kind, zone, severity } = move;
      const rises = known !== undefined && known.severity !== 'red' && severity === 'red';
      if (known === undefined) {
        const alarm = hot(index, { subject: `t${move.subject}`, rule: kind, kind, zone, severity });
        open.set(move.subject, alarm);
        emit('raised', alarm);
      } else if (rises || known.human === 'unacknowledged') {
        const alarm: Alarm = { ...known, human: 'unacknowledged', ...(rises ? { severity } : {}) };
        open.set(move.subject, alarm);
        emit(rises ? 'escalated' : 'repeated', alarm);
      }
    } else if (known !== undefined && move.do === 'ack') {
      const alarm: Alarm = { ...known, human: 'acknowledged', acknowledgedBy: 'li' };
      open.set(move.subject, alarm);
      if (known.human !== 'acknowledged') emit('acknowledged', alarm);
    } else if (known !== undefined) {
      open.delete(move.subject);
      emit('cleared', { ...known, condition: 'cleared' });
      emit('closed', { ...known, condition: 'cleared' });
    }
  });
  return { on, told, open, seconds, look, now: () => on };
};

test('under every load, red and what is about a person is told at once', () => {
  fc.assert(
    fc.property(moves, (list) => {
      play(list, (on, { type, alarm, atMs }) => {
        const isCall = type === 'raised' || type === 'escalated' || type === 'repeated';
        const isGrave = alarm.severity === 'red' || (alarm.kind === 'tilt' && alarm.severity === 'orange');
        if (!isCall || !isGrave) return;
        const last = on.notices.at(-1);
        expect({ alarm: last?.alarm.id, event: last?.event, atMs: last?.atMs }).toEqual({
          alarm: alarm.id,
          event: type,
          atMs,
        });
      });
    }),
    { numRuns: 40 },
  );
});

test('nothing waits that nobody hears of: within a minute each was told, or one that speaks for its group', () => {
  fc.assert(
    fc.property(moves, (list) => {
      const { told, open, seconds, now, look } = play(list, () => undefined);
      // What held while it chattered stands now, and the groups have had their time.
      now().at(seconds + 61);
      look();
      const speakers = new Map(
        now()
          .response.flood.groups()
          .map((group) => [group.id, group]),
      );
      expect(speakers.size).toBeLessThanOrEqual(open.size);
      for (const alarm of open.values()) {
        if (alarm.human !== 'unacknowledged') continue;
        const view = now()
          .response.views()
          .find((each) => each.alarm === alarm.id);
        const group = view?.group?.told === false ? speakers.get(view.group.id) : undefined;
        const ways = group === undefined ? [alarm.id] : group.told;
        expect(told.some((notice) => ways.includes(notice.alarm))).toBe(true);
        if (group !== undefined) expect(group.waiting).toBeGreaterThan(1);
      }
    }),
    { numRuns: 40 },
  );
});

test('of what is neither grave nor the first, people hear once a minute of each group at most', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 30, maxLength: 90 }), (waits) => {
      const on = stage({ config });
      let seconds = 0;
      waits.forEach((wait, number) => {
        seconds += wait;
        on.at(seconds);
        on.event('raised', hot(number));
      });
      on.at(seconds + 120);
      // Nine before the flood, the first of the group, and one for each minute of it.
      expect(on.notices.length).toBeLessThanOrEqual(9 + 1 + Math.ceil((seconds + 120) / 60));
      expect(on.notices.at(-1)).toMatchObject({ group: { count: waits.length - 9 } });
    }),
    { numRuns: 25 },
  );
});

test('the load of the venue is a naive recount, and a restart changes none of it', () => {
  fc.assert(
    fc.property(moves, (list) => {
      const events: AlarmEvent[] = [];
      const { now, seconds } = play(list, (_, event) => {
        events.push(event);
      });
      const nowMs = EPOCH + seconds * 1000;
      const alarms = events.filter(isAlarm);
      const figures = now().response.flood.load.meters.get(VENUE)?.figures(nowMs);
      expect(figures).toMatchObject({
        perTenMinutes: alarms.filter(({ atMs }) => atMs > nowMs - 600_000).length,
        perDay: alarms.length,
        bySeverity: { red: alarms.filter(({ alarm }) => alarm.severity === 'red').length },
      });
      const { load } = stage({ config, atSeconds: seconds, kept: now().kill() }).response.flood;
      expect({ ...load.meters.get(VENUE)?.figures(nowMs), floodPercent: 0, averagePerHour: 0 }).toEqual({
        ...figures,
        floodPercent: 0,
        averagePerHour: 0,
      });
      expect(load.actors.chattering(nowMs)).toEqual(now().response.flood.load.actors.chattering(nowMs));
    }),
    { numRuns: 40 },
  );
});
