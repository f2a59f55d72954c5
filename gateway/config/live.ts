import { createRule, withOwnHealth } from '../../rules/kinds/index.ts';
import type { Rule } from '../../rules/rule.ts';
import { buildRegistry, type Registry } from './registry.ts';
import type { VenueConfig } from './schema.ts';

/** The venue as it is now: whoever holds one of the three reads the present, also after a reload. */
export interface LiveVenue {
  readonly config: VenueConfig;
  readonly registry: Registry;
  readonly rules: readonly Rule[];
  /** All of it at once; where it throws, nothing has changed. */
  swap(next: VenueConfig): void;
}

const madeOf = (config: VenueConfig) => {
  const registry = buildRegistry(config);
  const judged = withOwnHealth(config.rules);
  return {
    config: { ...config, rules: judged },
    registry,
    rules: judged.map((rule) => createRule(rule, registry.venue)),
  };
};

type Made = ReturnType<typeof madeOf>;

const liveConfig = (first: VenueConfig, now: () => Made): VenueConfig => ({
  ...first,
  get zones() {
    return now().config.zones;
  },
  get profiles() {
    return now().config.profiles;
  },
  get devices() {
    return now().config.devices;
  },
  get roles() {
    return now().config.roles;
  },
  get badges() {
    return now().config.badges;
  },
  get clients() {
    return now().config.clients;
  },
  get rules() {
    return now().config.rules;
  },
  get people() {
    return now().config.people;
  },
  get roster() {
    return now().config.roster;
  },
  get plan() {
    return now().config.plan;
  },
});

const liveRegistry = (now: () => Made): Registry => ({
  venueId: now().registry.venueId,
  get venue() {
    return now().registry.venue;
  },
  resolve: (kind, name) => now().registry.resolve(kind, name),
  get credentials() {
    return now().registry.credentials;
  },
  deviceName: (id) => now().registry.deviceName(id),
  nameOf: (id) => now().registry.nameOf(id),
  zoneName: (id) => now().registry.zoneName(id),
  get receivers() {
    return now().registry.receivers;
  },
  get presence() {
    return now().registry.presence;
  },
  receiverName: (name) => now().registry.receiverName(name),
});

export const liveVenue = (first: VenueConfig): LiveVenue => {
  let made = madeOf(first);
  const now = (): Made => made;
  const rules = [...made.rules];
  return {
    config: liveConfig(first, now),
    registry: liveRegistry(now),
    rules,
    swap: (next) => {
      made = madeOf(next);
      rules.splice(0, rules.length, ...made.rules);
    },
  };
};
