import type { Device, Zone } from '../ingest/model/device.ts';
import { ratedAmpsOf } from '../rules/power/rating.ts';
import type { CrowdView } from '../rules/rule.ts';
import { watched, type ZoneSight } from './api/views/zone.ts';
import type { VenueFact } from './influx/lines/facts.ts';
import type { Log } from './log.ts';
import type { Store } from './store/store.ts';

/** Judged time. */
const EVERY_MS = 10_000;
const RATINGS_EVERY_MS = 60_000;

export interface VenueReportOptions extends ZoneSight {
  readonly store: Pick<Store, 'facts'>;
  readonly log: Log;
}

const countOf = ({ persons, densityPerM2, errorPersons }: CrowdView) => ({
  persons: Math.round(persons),
  ...(densityPerM2 === undefined ? {} : { densityPerM2 }),
  errorPersons,
});

/** How full the rule finds a zone; of a count that lacks somebody only that it does. */
const zoneFact = ({ id, areaM2, capacity, use }: Zone, options: VenueReportOptions): VenueFact => {
  const crowd = watched(id, options)?.crowd;
  const complete = crowd?.counted === true && crowd.complete;
  return {
    type: 'zone',
    zone: id,
    fields: {
      ...(complete ? countOf(crowd) : {}),
      ...(areaM2 === undefined ? {} : { areaM2 }),
      ...(capacity === undefined ? {} : { capacity }),
      standing: use === 'standing' ? 1 : 0,
      complete: complete ? 1 : 0,
    },
  };
};

/** The rating that a rule holds the channel to; where none does, the device's own. */
const ratingOf = (device: Device, channel: string, { rules }: VenueReportOptions): number | undefined => {
  for (const rule of rules) {
    const ratedAmps = rule.ratedAmpsOf?.(device, channel);
    if (ratedAmps !== undefined) return ratedAmps;
  }
  return ratedAmpsOf(device, channel);
};

/** Channels that venue.yaml names, and those whose current was heard. */
const channelsOf = ({ id, ratedAmps }: Device, { hotPath }: VenueReportOptions): ReadonlySet<string> => {
  const heard = [...hotPath.lastSamples.get(id).values()].filter(({ metrics }) => metrics.currentAmps !== undefined);
  return new Set([...Object.keys(ratedAmps).filter((name) => name !== ''), ...heard.map(({ channel }) => channel)]);
};

const ratingFacts = (device: Device, options: VenueReportOptions): readonly VenueFact[] =>
  [...channelsOf(device, options)].flatMap((channel) => {
    const ratedAmps = ratingOf(device, channel, options);
    return ratedAmps === undefined ? [] : [{ type: 'rating', device: device.id, channel, ratedAmps }];
  });

/**
 * What no device reports, for InfluxDB, at every ten seconds of the venue's clock until it is stopped: the zones as the
 * rules judge them, and once in a minute the ratings of circuits.
 */
export const reportVenue = (options: VenueReportOptions): (() => void) => {
  const { clock, rules, registry, store, log } = options;
  const crowded = () =>
    [...registry.venue.zones.values()].filter(({ id }) =>
      rules.some((rule) => rule.crowdOf?.(undefined, id) !== undefined),
    );
  const rated = () =>
    [...registry.venue.devices.values()].filter(
      (device) => Object.keys(device.ratedAmps).length > 0 || ratingOf(device, '', options) !== undefined,
    );
  let lastRatings: number | undefined;

  const report = (nowMs: number): void => {
    const minute = Math.floor(nowMs / RATINGS_EVERY_MS);
    const ratings = minute === lastRatings ? [] : rated().flatMap((device) => ratingFacts(device, options));
    lastRatings = minute;
    const facts = [...crowded().map((zone) => zoneFact(zone, options)), ...ratings];
    if (facts.length > 0) store.facts(facts);
  };

  let dueMs = 0;
  const arm = () => {
    dueMs = (Math.floor(clock.now() / EVERY_MS) + 1) * EVERY_MS;
    return clock.schedule(fire, dueMs - clock.now());
  };
  const fire = (): void => {
    const nowMs = clock.now();
    // A clock that has not been started stands still, and a timer may be a little early.
    if (nowMs < dueMs) {
      action = clock.schedule(fire, dueMs - nowMs);
      return;
    }
    try {
      report(nowMs);
    } catch (error) {
      log.error({ error }, 'zones and ratings could not be reported to InfluxDB');
    }
    action = arm();
  };
  let action = arm();
  return () => action.unsubscribe();
};
