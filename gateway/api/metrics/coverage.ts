import { Gauge, type Registry } from 'prom-client';
import type { ReceiverSight } from '../../../ingest/presence/receivers.ts';
import { coverageByZone, heardOf } from '../views/coverage.ts';
import type { DeviceSight } from '../views/device.ts';

type ReceiverFigure = readonly [name: string, help: string, value: (receiver: ReceiverSight) => number | undefined];

const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000);

const OF_RECEIVERS: readonly ReceiverFigure[] = [
  ['muster_receiver_heard_per_second', 'Adverts a second over the last minute.', (each) => each.heardPerSecond],
  [
    'muster_receiver_deaf',
    '1: it does not hear its canary. Absent: it has none.',
    ({ hears }) => (hears === 'unproven' ? undefined : Number(hears === 'deaf')),
  ],
  ['muster_receiver_last_heard_timestamp_seconds', 'When it last heard anything.', (each) => seconds(each.lastHeardMs)],
  [
    'muster_receiver_canary_timestamp_seconds',
    'When it last heard its canary.',
    (each) => seconds(each.canary?.lastHeardMs),
  ],
];

/** Receivers of the venue file only: names that strangers invent are no labels. */
const receiverGauges = (registry: Registry, { hotPath, clock }: DeviceSight): void => {
  for (const [name, help, value] of OF_RECEIVERS) {
    new Gauge({
      name,
      help,
      labelNames: ['receiver', 'zone'],
      registers: [registry],
      collect() {
        for (const receiver of hotPath.presence.receivers(clock.now())) {
          const figure = value(receiver);
          const { name, zone } = receiver;
          if (zone !== undefined && figure !== undefined) this.set({ receiver: name, zone }, figure);
        }
      },
    });
  }
};

/** Who hears, and who could not have been heard. */
export const measureCoverage = (registry: Registry, sight: DeviceSight): void => {
  if (sight.registry.receivers.length === 0) return;
  receiverGauges(registry, sight);
  const states = new Gauge({
    name: 'muster_badges',
    help: 'Badges by whether receivers hear them: heard, not_heard, or could_not_be_heard.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const byZone = coverageByZone(sight.hotPath.presence.receivers(sight.clock.now()));
      const badges = [...sight.registry.venue.devices.values()].filter(({ role }) => role !== undefined);
      const found = badges.map((badge) => heardOf(badge, sight, byZone));
      const count = (state: string, of: number): void => states.set({ state }, of);
      count('heard', found.filter(({ heard }) => heard).length);
      count('not_heard', found.filter(({ heard, reason }) => !heard && reason === undefined).length);
      count('could_not_be_heard', found.filter(({ reason }) => reason !== undefined).length);
    },
  });
};
