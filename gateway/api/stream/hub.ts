import type { PreAlarmEvent } from '../../../rules/alarms/alarm.ts';
import type { EventStream, GatewayEvent } from '../../events.ts';
import type { AlarmNews, PreAlarmNews, ResponseView, ServiceNews } from '../contract.ts';
import type { Timers } from '../ports.ts';
import { iso } from '../views/device.ts';
import { serviceView } from '../views/service.ts';
import { type Client, framesFor, writeTo } from './client.ts';
import type { EventLog, Frame } from './log.ts';
import { type Pulse, TICK_MS } from './pulse.ts';

export interface HubOptions {
  readonly log: EventLog;
  readonly pulse: Pulse;
  readonly events: EventStream;
  /** Who is being asked right now: no list holds it. */
  preAlarms(): readonly PreAlarmEvent[];
  /** How far the response to an alarm is, at each decision; absent: nobody decides. */
  readonly responses?: ((listener: (view: ResponseView) => void) => () => void) | undefined;
  readonly timers: Timers;
  readonly maxClients?: number;
}

/** Everybody who reads the stream: each event is made once, however many they are. */
export interface Hub {
  readonly isFull: boolean;
  /** Takes a reader on, with what it missed since its last event. */
  connect(client: Client, lastEventId: string | undefined): void;
  leave(client: Client): void;
  readonly counters: Readonly<HubCounters>;
  readonly clients: number;
  /** Ends every reader. */
  stop(): void;
}

interface HubCounters {
  opened: number;
  /** Cut off because they did not read. */
  slowDropped: number;
  /** Ended with their log-in. */
  loggedOut: number;
  events: number;
}

const MAX_CLIENTS = 200;
/** An alarm is not kept waiting for a tick; several of one moment go out together. */
const FLUSH_MS = 5;
/** In ticks: proxies and phones take a connection that says nothing for dead. */
const HEARTBEAT_EVERY = 150;

const RETRY = 'retry: 2000\n\n';
const HEARTBEAT = ': here\n\n';

const preAlarmNews = ({ type, atMs, rule, kind, subject, device, untilMs }: PreAlarmEvent): PreAlarmNews => ({
  type,
  at: iso(atMs),
  rule,
  kind,
  subject,
  device,
  until: iso(untilMs),
});

const keep = (log: EventLog, event: GatewayEvent): Frame => {
  if ('entry' in event) {
    const { type, atMs, entry, by } = event;
    const news: ServiceNews = { type, at: iso(atMs), entry: serviceView(entry), ...(by === undefined ? {} : { by }) };
    return log.keep('service', news);
  }
  if (!('alarm' in event)) return log.keep('pre-alarm', preAlarmNews(event));
  const { type, atMs, alarm, by, comment } = event;
  const who = { ...(by === undefined ? {} : { by }), ...(comment === undefined ? {} : { comment }) };
  const news: AlarmNews = { type, at: iso(atMs), alarm, ...who };
  return log.keep('alarm', news);
};

/** What a reader that comes back is given: all it missed, or word that it must read the lists. */
const missedBy = (log: EventLog, pulse: Pulse, lastEventId: string): readonly Frame[] => {
  const missed = log.since(lastEventId);
  if ('lost' in missed) return [log.frame('reset', { reason: missed.lost })];
  const latest = pulse.since(missed.since);
  return latest === undefined ? [log.frame('reset', { reason: 'too-old' })] : [...missed.frames, ...latest];
};

export const createHub = (options: HubOptions): Hub => {
  const { log, pulse, events, preAlarms, responses, timers, maxClients = MAX_CLIENTS } = options;
  const clients = new Set<Client>();
  const counters: HubCounters = { opened: 0, slowDropped: 0, loggedOut: 0, events: 0 };
  let waiting: Frame[] = [];
  let tick = 0;
  let cancelTick: (() => void) | undefined;
  let cancelFlush: (() => void) | undefined;

  const write = (client: Client, bytes: string | Buffer): void => {
    if (bytes.length > 0 && !writeTo(client, bytes)) counters.slowDropped += 1;
  };

  /** In the order of their numbers: who has one has all before it. */
  const flush = (): void => {
    cancelFlush?.();
    cancelFlush = undefined;
    const frames = waiting;
    waiting = [];
    if (frames.length === 0) return;
    counters.events += frames.length;
    const all = Buffer.from(frames.map(({ text }) => text).join(''));
    for (const client of clients) write(client, client.wants === undefined ? all : framesFor(client, frames));
  };

  const tell = (frames: readonly Frame[]): void => {
    if (clients.size === 0 || frames.length === 0) return;
    waiting.push(...frames);
    cancelFlush ??= timers.after(FLUSH_MS, flush);
  };

  const leave = (client: Client): void => {
    clients.delete(client);
    if (clients.size > 0) return;
    cancelTick?.();
    cancelTick = undefined;
    waiting = [];
  };

  const heartbeat = (): void => {
    for (const client of clients) {
      if (client.mayRead()) write(client, HEARTBEAT);
      else {
        counters.loggedOut += 1;
        client.response.end();
      }
    }
  };

  const beat = (): void => {
    tick += 1;
    tell(pulse.beat(tick));
    if (tick % HEARTBEAT_EVERY === 0) heartbeat();
    cancelTick = timers.after(TICK_MS, beat);
  };

  const deaf = events.listen((event) => tell([keep(log, event)]));
  const deafToResponses = responses?.((view) => tell([log.keep('response', view)]));

  return {
    get isFull() {
      return clients.size >= maxClients;
    },
    get clients() {
      return clients.size;
    },
    counters,
    connect: (client, lastEventId) => {
      // What waits was numbered before the reader came: the others get it, and this one as something it missed.
      flush();
      const missed = lastEventId === undefined ? [] : missedBy(log, pulse, lastEventId);
      const readsLists = lastEventId === undefined || missed.some(({ event }) => event === 'reset');
      if (clients.size === 0 && readsLists) pulse.prime();
      clients.add(client);
      counters.opened += 1;
      const asked = readsLists ? preAlarms().map((each) => log.frame('pre-alarm', preAlarmNews(each))) : [];
      write(client, `${RETRY}${framesFor(client, [...missed, ...asked, pulse.status()])}`);
      cancelTick ??= timers.after(TICK_MS, beat);
    },
    leave,
    stop: () => {
      deaf();
      deafToResponses?.();
      for (const client of clients) client.response.end();
      clients.clear();
      cancelTick?.();
      cancelFlush?.();
    },
  };
};
