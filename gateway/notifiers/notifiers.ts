import type { FastifyInstance } from 'fastify';
import type { Registry as MetricsRegistry } from 'prom-client';
import type { Alarm } from '../../rules/alarms/alarm.ts';
import type { Text } from '../../rules/rule.ts';
import type { Route } from '../api/seam/route.ts';
import type { Commit } from '../api/settling.ts';
import { systemClock } from '../broker/clock.ts';
import { liveClock, type VenueClock } from '../clock.ts';
import type { Registry } from '../config/registry.ts';
import type { VenueConfig } from '../config/schema.ts';
import type { HotPath } from '../hot-path.ts';
import type { Log } from '../log.ts';
import type { ResponseRunner } from '../response/runner.ts';
import type { Store } from '../store/store.ts';
import { linkKey } from './acknowledge/key.ts';
import { createLinks, type Links } from './acknowledge/links.ts';
import { LINK_PATH, mountLinks } from './acknowledge/mount.ts';
import { attemptsRoute } from './attempts.ts';
import { CHANNEL_TIMING, type Channel, type ChannelTiming, createChannel } from './channel.ts';
import { createNoticeDesk, type NoticeDesk } from './desk.ts';
import { type NotifierFigures, notifierFigures } from './figures.ts';
import { createPostman } from './http/postman.ts';
import { type NotifierConfig, repeatMs, wayOf } from './kinds/index.ts';
import type { Telling } from './kinds/kind.ts';
import { deliveryTimes } from './metrics.ts';
import { type Attempt, EMPTY_OUTBOX, type KeptOutbox, type Notice, type OutboxEntry } from './notice.ts';

export interface NotifiersOptions {
  readonly config: VenueConfig;
  readonly registry: Registry;
  readonly clock: VenueClock;
  readonly log: Log;
  readonly hotPath: HotPath;
  /** Who is to be told of an alarm, and how often. */
  readonly response: Pick<ResponseRunner, 'audienceOf' | 'planOf'>;
  /** Undefined: nothing is kept, and what is not delivered is forgotten at the end. */
  readonly store: Pick<Store, 'outbox' | 'attempts'> | undefined;
  readonly kept: KeptOutbox | undefined;
  /** Where the key of links is. */
  readonly directory: string | undefined;
  readonly commit: Commit;
  readonly timing?: Partial<ChannelTiming>;
}

/** Everything that tells people of alarms, beside the console and MQTT. */
export interface Notifiers {
  /** Takes what is to be told. */
  readonly desk: Pick<NoticeDesk, 'take' | 'rung' | 'remind'>;
  /** Goes on with what an earlier run had not told. */
  resume(): void;
  figures(): NotifierFigures;
  measure(metrics: MetricsRegistry): void;
  readonly routes: readonly Route[];
  /** The pages of links. */
  prepare(server: FastifyInstance): void;
  /** What a new store has to know: notices that wait, and links that were used. */
  keepAgain(): void;
  stop(): void;
}

/** `device/channel`, a device or a zone: whatever has a name. */
const namesOf = ({ registry, config }: NotifiersOptions, alarm: Alarm): Pick<Telling, 'subject' | 'zone'> => {
  const [device = alarm.subject, ...channel] = alarm.subject.split('/');
  const isZone = Object.hasOwn(config.zones, alarm.subject);
  const name = isZone ? registry.zoneName(alarm.subject) : registry.deviceName(device);
  const suffix = channel.length === 0 ? '' : ` ${channel.join('/')}`;
  const subject: Text = { zh: name.zh + suffix, en: name.en + suffix };
  return { subject, zone: alarm.zone === undefined ? undefined : registry.zoneName(alarm.zone) };
};

/** Whom a link stands for: the person whose it is, else the roles of the plan. */
const byOf = ({ response }: NotifiersOptions, { alarm, address, recipients = [], channel }: Notice): string => {
  const [first] = recipients;
  if (address !== undefined && first !== undefined) return first.name;
  const [rung] = response.planOf(alarm).ladder;
  return rung === undefined || rung.notify.length === 0 ? channel : rung.notify.join(', ');
};

const linkOf = (options: NotifiersOptions, notifier: NotifierConfig, links: Links, notice: Notice) => {
  const { url } = options.config.http;
  const { alarm, key, channel, atMs } = notice;
  const isOver = alarm.human !== 'unacknowledged' || notice.event === 'closed' || notice.followUp !== undefined;
  if (url === undefined || !notifier.acknowledge.links || isOver) return undefined;
  const by = notifier.acknowledge.by ?? byOf(options, notice);
  const untilMs = Math.round(atMs + notifier.acknowledge.validMinutes * 60_000);
  const link = { id: key, alarm: alarm.id, severity: alarm.severity, channel, by, untilMs };
  return `${url.replace(/\/$/, '')}${LINK_PATH}/${links.token(link)}`;
};

/** Real time: a signature is judged by the clock of whoever gets it, and ours may have been set since the start. */
const wallMs = (): number => liveClock().now();

const channelOf = (
  options: NotifiersOptions,
  notifier: NotifierConfig,
  links: Links,
  onAttempt: (attempt: Attempt, notice: Notice) => void,
): Channel => {
  const { config, clock, log } = options;
  const { id, caFile, timeoutSeconds } = notifier;
  const { requests, courier } = wayOf(notifier);
  const telling = (notice: Notice): Telling => ({
    notice,
    venue: { id: config.venue.id, name: config.venue.name },
    ...namesOf(options, notice.alarm),
    timezone: config.venue.timezone,
    acknowledgeUrl: linkOf(options, notifier, links, notice),
    nowMs: wallMs(),
  });
  return createChannel({
    id,
    requests,
    timeoutMs: timeoutSeconds * 1000,
    prepare: () => createPostman({ caFile, requests, courier, telling, nowMs: wallMs }),
    timers: systemClock,
    timing: { ...CHANNEL_TIMING, ...options.timing },
    nowMs: clock.now,
    random: Math.random,
    log,
    onAttempt,
  });
};

/** What an earlier run had to tell a notifier that is no longer there. */
const dropOrphans = (
  { config, log, clock }: NotifiersOptions,
  kept: KeptOutbox,
  keep: (entry: OutboxEntry) => void,
): void => {
  const known = new Set(config.notifiers.map(({ id }) => id));
  for (const { key, channel, alarm, event } of kept.notices) {
    if (known.has(channel)) continue;
    const atMs = clock.now();
    log.warn({ notifier: channel, alarm: alarm.id, event, code: 'no-such-channel' }, 'no such notifier any more');
    const attempt = { key, channel, alarm: alarm.id, event, atMs, attempt: 0, tookMs: 0 };
    keep({ type: 'attempt', atMs, attempt: { ...attempt, outcome: 'dropped', code: 'no-such-channel' } });
  }
};

/** Starts telling, first of what an earlier run had not come to. */
export const startNotifiers = (options: NotifiersOptions): Notifiers => {
  const { config, clock, hotPath, log, store, kept = EMPTY_OUTBOX } = options;
  const keep = (entry: OutboxEntry): void => store?.outbox(entry);
  const times = deliveryTimes(config.notifiers.map(({ id }) => id));
  const key = linkKey(config.notifiers.length === 0 ? undefined : options.directory);
  const links = createLinks({ key, used: kept.usedLinks, hotPath, nowMs: clock.now, keep });
  const onAttempt = (made: Attempt, notice: Notice): void => {
    const people = notice.recipients?.map((recipient) => recipient.id);
    const attempt = people === undefined ? made : { ...made, people };
    keep({ type: 'attempt', atMs: attempt.atMs, attempt });
    if (attempt.outcome !== 'delivered') return;
    times.delivered(attempt.channel, (attempt.atMs - notice.atMs) / 1000);
    const { channel, alarm, event, tookMs } = attempt;
    log.info({ notifier: channel, alarm, event, tookMs }, 'told');
  };
  const channels = config.notifiers.map((notifier) => channelOf(options, notifier, links, onAttempt));
  const desk = createNoticeDesk({
    outlets: config.notifiers.flatMap((notifier, index) => {
      const channel = channels[index];
      if (channel === undefined) return [];
      const repeat = (alarm: Alarm) => repeatMs(notifier, alarm, options.response.planOf(alarm).repeatMs);
      const { tells, byPerson } = wayOf(notifier);
      return [{ channel, tells, byPerson, repeatMs: repeat }];
    }),
    audienceOf: options.response.audienceOf,
    clock,
    keep,
  });
  return {
    desk,
    resume: () => {
      dropOrphans(options, kept, keep);
      desk.resume(kept, hotPath.openAlarms());
    },
    figures: () =>
      notifierFigures(
        channels.map((channel) => channel.status()),
        links.counters,
      ),
    measure: times.register,
    routes: [attemptsRoute({ store, timers: systemClock, log })],
    prepare: (server) => mountLinks(server, { links, commit: options.commit, timers: systemClock, log }),
    keepAgain: () => {
      desk.keepAgain();
      links.keepAgain();
    },
    stop: () => {
      desk.stop();
      for (const channel of channels) channel.stop();
    },
  };
};
