import { coverageOf } from '../../ingest/presence/coverage.ts';
import type { PresenceView } from '../../ingest/presence/presence.ts';
import type { ReceiverSight } from '../../ingest/presence/receivers.ts';
import type { Alarm } from '../../rules/alarms/alarm.ts';
import type { ConditionVerdict } from '../../rules/engine.ts';
import type { VenueClock } from '../clock.ts';
import type { Registry } from '../config/registry.ts';
import { RECEIVER_SUBJECT, receiverGone, receiverVerdict } from './health.ts';

export interface DeafReceiversOptions {
  readonly presence: Pick<PresenceView, 'receivers'>;
  readonly registry: Registry;
  readonly clock: VenueClock;
  report(verdict: ConditionVerdict): void;
  /** Those of an earlier run among them. */
  openAlarms(): readonly Alarm[];
}

/** Short against the time after which a canary is missed. */
const LOOK_EVERY_MS = 5000;

/** What is told of a receiver; undefined: nothing is known yet, or nothing could be. */
type Told = 'hears' | 'deaf' | 'zone-deaf' | undefined;

const toldOf = ({ hears, zone }: ReceiverSight, all: readonly ReceiverSight[]): Told => {
  if (hears === 'hears') return 'hears';
  if (hears !== 'deaf' || zone === undefined) return undefined;
  return coverageOf(zone, all) === 'deaf' ? 'zone-deaf' : 'deaf';
};

/** What an earlier run said of a receiver that is no longer watched, nobody will ever take back. */
const clearGone = ({ registry, clock, report, openAlarms }: DeafReceiversOptions): void => {
  const watched = new Set(registry.receivers.filter(({ canary }) => canary !== undefined).map(({ name }) => name));
  for (const { kind, subject } of openAlarms()) {
    if (kind !== 'gateway-health' || !subject.startsWith(RECEIVER_SUBJECT)) continue;
    const name = subject.slice(RECEIVER_SUBJECT.length);
    if (!watched.has(name)) report(receiverGone(name, clock.now()));
  }
};

/** A receiver that no longer hears its canary is an alarm, which names the zone in which nobody is heard. */
export const watchReceivers = (options: DeafReceiversOptions): (() => void) => {
  const { presence, registry, clock, report } = options;
  clearGone(options);
  if (registry.receivers.every(({ canary }) => canary === undefined)) return () => undefined;
  const told = new Map<string, Told>();

  const tell = (receiver: ReceiverSight, now: Told, nowMs: number): void => {
    const { name, zone, canary } = receiver;
    if (now === undefined || zone === undefined || canary === undefined) return;
    const sinceMs = canary.lastHeardMs ?? nowMs - canary.limitMs;
    const names = { receiver: registry.receiverName(name), zone: registry.zoneName(zone) };
    report(receiverVerdict({ name, zone, says: now, names, seconds: Math.round((nowMs - sinceMs) / 1000) }, nowMs));
  };

  const look = (): void => {
    const nowMs = clock.now();
    const all = presence.receivers(nowMs);
    for (const receiver of all) {
      const now = toldOf(receiver, all);
      if (now === told.get(receiver.name)) continue;
      told.set(receiver.name, now);
      tell(receiver, now, nowMs);
    }
    next = clock.schedule(look, LOOK_EVERY_MS);
  };
  let next = clock.schedule(look, LOOK_EVERY_MS);
  return () => next.unsubscribe();
};
