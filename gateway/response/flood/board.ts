import { Gauge, type Registry } from 'prom-client';
import type { Alarm } from '../../../rules/alarms/alarm.ts';
import type { Text } from '../../../rules/rule.ts';
import type { AlarmLoadView, Health, LoadSummary } from '../../api/contract.ts';
import { alarmLoadSchema } from '../../api/schemas/alarm-load.ts';
import { defineRoute, NO_INPUT, type Route } from '../../api/seam/route.ts';
import type { VenueConfig } from '../../config/schema.ts';
import type { BadActor } from './actors.ts';
import type { Flood } from './flood.ts';
import { VENUE } from './load.ts';
import type { LoadFigures } from './meter.ts';

export interface LoadBoardOptions {
  readonly flood: Pick<Flood, 'load' | 'groups' | 'counters'>;
  readonly config: Pick<VenueConfig, 'flood' | 'people'>;
  /** What people call a person, role, zone or device. */
  name(id: string): Text;
  openAlarms(): readonly Alarm[];
  nowMs(): number;
}

/** The alarm load, as others see it: page, API, metrics, InfluxDB. */
export interface LoadBoard {
  summary(): LoadSummary;
  view(): AlarmLoadView;
  counters(): Health['counters'];
  levels(): Health['counters'];
  measure(registry: Registry): void;
  readonly route: Route;
}

/** EEMUA 191: what one operator can handle for long, in 10 minutes. */
export const TARGET = 1;
const STALE_LISTED = 100;
const ACTORS_LISTED = 10;
const HOUR_MS = 3_600_000;

const VENUE_NAME: Text = { zh: '全场馆', en: 'the whole venue' };

const iso = (ms: number): string => new Date(Math.round(ms)).toISOString();
const tenth = (value: number): number => Math.round(value * 10) / 10;

const priorities = ({ bySeverity, perDay }: LoadFigures) => {
  if (perDay === 0) return {};
  const { red, orange, yellow, blue } = bySeverity;
  const percent = (count: number): number => tenth((100 * count) / perDay);
  return { priorityPercent: { high: percent(red), medium: percent(orange), low: percent(yellow + blue) } };
};

const operatorView = (
  { config, name }: LoadBoardOptions,
  id: string,
  figures: LoadFigures,
): AlarmLoadView['operators'][number] => {
  const { inFlood, floodSinceMs, averagePerHour, floodPercent, ...counts } = figures;
  const type = id === VENUE ? 'venue' : Object.hasOwn(config.people, id) ? 'person' : 'role';
  return {
    id,
    type,
    name: id === VENUE ? VENUE_NAME : name(id),
    state: inFlood ? 'flood' : counts.perTenMinutes > TARGET ? 'high' : 'steady',
    ...(floodSinceMs === undefined ? {} : { floodSince: iso(floodSinceMs) }),
    ...counts,
    averagePerHour: tenth(averagePerHour),
    floodPercent: tenth(floodPercent),
    ...priorities(figures),
  };
};

/** `device/channel` is called by its device. */
const subjectName = ({ name }: LoadBoardOptions, subject: string): Text => {
  const [device = subject, ...channel] = subject.split('/');
  const { zh, en } = name(device);
  const suffix = channel.length === 0 ? '' : ` / ${channel.join('/')}`;
  return { zh: zh + suffix, en: en + suffix };
};

const actorView = (options: LoadBoardOptions, { rule, kind, subject, severity, count, lastMs }: BadActor) => ({
  rule,
  kind,
  subject,
  name: subjectName(options, subject),
  severity,
  count,
  last: iso(lastMs),
});

/** Standing: what is over and waits for somebody to say so is not. */
const staleOf = ({ openAlarms, config, nowMs }: LoadBoardOptions): readonly Alarm[] => {
  const before = iso(nowMs() - config.flood.staleHours * HOUR_MS);
  return openAlarms().filter(({ condition, raisedAt }) => condition !== 'cleared' && raisedAt < before);
};

const viewOf = (options: LoadBoardOptions): AlarmLoadView => {
  const { flood, config, name } = options;
  const { load } = flood;
  const nowMs = options.nowMs();
  const { startAlarms, endAlarms, staleHours, chatter } = config.flood;
  const operators = [...load.meters].map(([id, meter]) => operatorView(options, id, meter.figures(nowMs)));
  const [venue, ...others] = operators;
  const busiest = others.toSorted((a, b) => b.perTenMinutes - a.perTenMinutes || b.perDay - a.perDay);
  return {
    at: iso(nowMs),
    since: iso(load.sinceMs),
    limits: {
      target: TARGET,
      startAlarms,
      endAlarms,
      chatterAlarms: chatter.alarms,
      chatterWithinSeconds: chatter.withinSeconds,
      staleHours,
    },
    operators: venue === undefined ? [] : [venue, ...busiest],
    groups: flood.groups().map(({ sinceMs, toldMs, zone, ...rest }) => ({
      ...rest,
      ...(zone === undefined ? {} : { zone, zoneName: name(zone) }),
      since: iso(sinceMs),
      toldAt: iso(toldMs),
    })),
    chattering: load.actors
      .chattering(nowMs)
      .map((each) => ({ ...actorView(options, each), since: iso(each.sinceMs) })),
    stale: staleOf(options)
      .toSorted((a, b) => Date.parse(a.raisedAt) - Date.parse(b.raisedAt))
      .slice(0, STALE_LISTED)
      .map(({ id, kind, subject, raisedAt }) => {
        return { alarm: id, kind, subject, name: subjectName(options, subject), since: raisedAt };
      }),
    badActors: load.actors.worst(nowMs, ACTORS_LISTED).map((each) => actorView(options, each)),
    counters: { ...flood.counters, actorsForgotten: load.actors.forgotten, unmeasured: load.unmeasured },
  };
};

const summaryOf = (options: LoadBoardOptions): LoadSummary => {
  const { load, groups } = options.flood;
  const nowMs = options.nowMs();
  const all = [...load.meters].map(([id, meter]) => ({ id, ...meter.now(nowMs) }));
  const [venue, ...others] = all;
  const busiest = others.reduce((most, each) => (each.perTenMinutes > most.perTenMinutes ? each : most), {
    id: '',
    perTenMinutes: 0,
    inFlood: false,
  });
  const { id, ...figures } = busiest;
  return {
    perTenMinutes: venue?.perTenMinutes ?? 0,
    inFlood: venue?.inFlood ?? false,
    ...(id === '' ? {} : { busiest: { name: options.name(id), ...figures } }),
    chattering: load.actors.chattering(nowMs).length,
    stale: staleOf(options).length,
    groups: groups().length,
  };
};

/** Of roles and of the venue: who the people are is for those who may log in. */
const measure = (options: LoadBoardOptions, registry: Registry): void => {
  const { flood, config, nowMs } = options;
  new Gauge({
    name: 'muster_operator_recent_alarms',
    help: 'Alarms within the last ten minutes, of each role that was told of any; *: of the whole venue.',
    labelNames: ['operator'],
    registers: [registry],
    collect() {
      for (const [operator, meter] of flood.load.meters) {
        if (Object.hasOwn(config.people, operator)) continue;
        this.set({ operator }, meter.now(nowMs()).perTenMinutes);
      }
    },
  });
};

export const createLoadBoard = (options: LoadBoardOptions): LoadBoard => ({
  summary: () => summaryOf(options),
  view: () => viewOf(options),
  counters: () => {
    const { grouped, heldChattering } = options.flood.counters;
    return { alarmLoad: { grouped, heldChattering } };
  },
  levels: () => {
    const { perTenMinutes, inFlood, busiest, chattering, stale, groups } = summaryOf(options);
    const busiestRecentAlarms = busiest?.perTenMinutes ?? 0;
    const flood = inFlood || busiest?.inFlood === true ? 1 : 0;
    return { alarmLoad: { recentAlarms: perTenMinutes, busiestRecentAlarms, flood, chattering, stale, groups } };
  },
  measure: (registry) => measure(options, registry),
  route: defineRoute({
    method: 'GET',
    path: '/api/v1/alarm-load',
    role: 'viewer',
    summary: 'How many alarms there are for each person and role, what chatters, what is stale, what is told together',
    request: NO_INPUT,
    answer: { status: 200, description: 'the load', schema: alarmLoadSchema },
    handle: () => viewOf(options),
  }),
});
