import { ADVERT_KINDS, lookUpKinds, OWN_RADIO } from '../../ingest/decoders/ble/kinds.ts';
import { canonicalMac } from '../../ingest/decoders/ble/mac.ts';
import type { Device, Zone } from '../../ingest/model/device.ts';
import type { Canary, Receiver } from '../../ingest/presence/receivers.ts';
import type { PresenceSettings } from '../../ingest/presence/whereabouts.ts';
import { DEFAULT_SILENCE_FACTOR } from '../../rules/judge/liveness.ts';
import type { Text, Venue } from '../../rules/rule.ts';
import type { VenueConfig } from './schema.ts';
import { BUILT_IN_PROFILES } from './sections/profiles.ts';

/** Who may connect, by MQTT user name. */
export interface Credential {
  readonly kind: 'device' | 'client';
  /** SHA-256 of the password, 64 hexadecimal digits in lower case. */
  readonly secretSha256: string;
  readonly role?: string;
  /** MQTT topic filters; what a role brings comes on top. */
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** Publish rate, where it is not that of the broker. */
  readonly rate?: { readonly publishesPerSecond: number; readonly publishBurst: number };
}

/** The venue as the rest of the program knows it. */
export interface Registry {
  readonly venueId: string;
  readonly venue: Venue;
  /** The registered device that a decoder's name for it stands for. */
  resolve(decoderKind: string, nativeName: string): Device | undefined;
  readonly credentials: ReadonlyMap<string, Credential>;
  /** Name of a device for people: its own, or its wearer's, else its id. */
  deviceName(id: string): Text;
  zoneName(id: string): Text;
  /** Of a zone, else of a device. */
  nameOf(id: string): Text;
  /** Radios that hear badges, and where they stand. */
  readonly receivers: readonly Receiver[];
  readonly presence: PresenceSettings;
  receiverName(name: string): Text;
}

type Entry = VenueConfig['devices'][string] | VenueConfig['badges'][string];

const entriesOf = (config: VenueConfig): readonly (readonly [string, Entry])[] => [
  ...Object.entries(config.devices),
  ...Object.entries(config.badges),
];

const ratedAmpsOf = (entry: Entry): Readonly<Record<string, number>> => {
  if (!('ratedAmps' in entry) || entry.ratedAmps === undefined) return {};
  return typeof entry.ratedAmps === 'number' ? { '': entry.ratedAmps } : entry.ratedAmps;
};

const reportsOf = (config: VenueConfig, entry: Entry): Device['reports'] => {
  if (entry.reports !== undefined) return entry.reports;
  // Own properties only: a profile may be called `constructor`.
  if (Object.hasOwn(config.profiles, entry.profile)) return config.profiles[entry.profile]?.reports;
  return Object.hasOwn(BUILT_IN_PROFILES, entry.profile) ? BUILT_IN_PROFILES[entry.profile]?.reports : undefined;
};

/** What a wearer's button means where nothing else is configured: whatever is hard to do by accident. */
const WEARER_BUTTONS: NonNullable<Device['buttons']> = { long: 'sos', hold: 'sos', triple: 'sos', trigger: 'sos' };

const definedIn = <Value>(record: Readonly<Record<string, Value | undefined>> | undefined): Record<string, Value> => {
  const defined: Record<string, Value> = {};
  for (const [key, value] of Object.entries(record ?? {})) if (value !== undefined) defined[key] = value;
  return defined;
};

const buttonsOf = (config: VenueConfig, entry: Entry): Device['buttons'] => {
  const profile = Object.hasOwn(config.profiles, entry.profile) ? config.profiles[entry.profile]?.buttons : undefined;
  const usual = 'role' in entry ? WEARER_BUTTONS : undefined;
  if (usual === undefined && profile === undefined && entry.buttons === undefined) return undefined;
  return { ...usual, ...definedIn(profile), ...definedIn(entry.buttons) };
};

const deviceOf = (config: VenueConfig, id: string, seat: number, entry: Entry): Device => {
  const buttons = buttonsOf(config, entry);
  return {
    id,
    seat,
    profile: entry.profile,
    zone: entry.zone,
    fromZone: 'fromZone' in entry ? entry.fromZone : undefined,
    role: 'role' in entry ? entry.role : undefined,
    reports: reportsOf(config, entry),
    ratedAmps: ratedAmpsOf(entry),
    upright: entry.upright ?? [0, 0, 1],
    registered: true,
    ...(buttons === undefined ? {} : { buttons }),
  };
};

const zonesOf = (config: VenueConfig): ReadonlyMap<string, Zone> =>
  new Map(
    Object.entries(config.zones).map(([id, { areaM2, capacity, use, within }]) => [
      id,
      { id, areaM2, capacity, use, within },
    ]),
  );

const addressesOf = (id: string, { address }: Entry): readonly string[] =>
  address === undefined ? [`senml:${id}`] : typeof address === 'string' ? [address] : address;

/** The names of adverts' senders are compared in one spelling. */
const nameIn = (kind: string, name: string): string => (ADVERT_KINDS.has(kind) ? (canonicalMac(name) ?? name) : name);

type Names = Map<string, Map<string, Device>>;

const namesOf = (config: VenueConfig, devices: ReadonlyMap<string, Device>): Names => {
  const names: Names = new Map();
  for (const [id, entry] of entriesOf(config)) {
    const device = devices.get(id);
    if (device === undefined) continue;
    for (const address of addressesOf(id, entry)) {
      const colon = address.indexOf(':');
      const kind = address.slice(0, colon);
      const ofKind = names.get(kind) ?? new Map<string, Device>();
      names.set(kind, ofKind.set(nameIn(kind, address.slice(colon + 1)), device));
    }
  }
  return names;
};

/** The most specific address first; that of any radio (`ble:<MAC>`) stands for all ways an advert may come. */
const resolverOf = (names: Names): Registry['resolve'] => {
  const ofAnyRadio = names.get(OWN_RADIO);
  const specific = new Map([...ADVERT_KINDS].map((kind) => [kind, names.get(lookUpKinds(kind)[0] ?? kind)]));
  return (decoderKind, nativeName) => {
    if (!ADVERT_KINDS.has(decoderKind)) return names.get(decoderKind)?.get(nativeName);
    return specific.get(decoderKind)?.get(nativeName) ?? ofAnyRadio?.get(nativeName);
  };
};

interface Login {
  readonly role?: string | undefined;
  readonly limits?: Credential['rate'] | undefined;
}

/**
 * The optional parts of a credential: absent, not undefined. A badge's role is its wearer's, not a right of the device:
 * nobody acknowledges an alarm with a badge somebody has lost.
 */
const extras = ({ role, limits }: Login): Pick<Credential, 'role' | 'rate'> => ({
  ...(role === undefined ? {} : { role }),
  ...(limits === undefined ? {} : { rate: limits }),
});

const credentialsOf = (config: VenueConfig): ReadonlyMap<string, Credential> => {
  const credentials = new Map<string, Credential>();
  for (const [id, entry] of entriesOf(config)) {
    if (entry.secretSha256 === undefined) continue;
    credentials.set(id, {
      kind: 'device',
      secretSha256: entry.secretSha256.toLowerCase(),
      publish: entry.publish ?? [`muster/${config.venue.id}/up/${id}`],
      subscribe: entry.subscribe ?? [`muster/${config.venue.id}/down/${id}`],
      ...extras({ limits: entry.limits }),
    });
  }
  for (const [name, client] of Object.entries(config.clients)) {
    const { publish, subscribe } = client;
    const secretSha256 = client.secretSha256.toLowerCase();
    credentials.set(name, { kind: 'client', secretSha256, publish, subscribe, ...extras(client) });
  }
  return credentials;
};

const both = (text: string): Text => ({ zh: text, en: text });

const deviceNames = (config: VenueConfig): ReadonlyMap<string, Text> => {
  const names = new Map<string, Text>();
  for (const [id, entry] of entriesOf(config)) {
    const wearer = 'wearer' in entry && entry.wearer !== undefined ? both(entry.wearer) : undefined;
    names.set(id, entry.name ?? wearer ?? both(id));
  }
  return names;
};

/** Where nothing says how often a canary sends. */
const CANARY_SECONDS = 10;

/** Adverts get lost in bursts: a canary that sends each second is not missed after three. */
const CANARY_LIMIT_MIN_SECONDS = 30;

type ReceiverEntry = VenueConfig['receivers'][string];

const canaryOf = (entry: ReceiverEntry, devices: ReadonlyMap<string, Device>): Canary | undefined => {
  const { canary, canaryEverySeconds } = entry;
  if (canary === undefined) return undefined;
  const registered = devices.get(canary);
  const reports = registered?.reports;
  const promised = reports !== undefined && 'everySeconds' in reports ? reports.everySeconds : CANARY_SECONDS;
  const limit = Math.max(CANARY_LIMIT_MIN_SECONDS, DEFAULT_SILENCE_FACTOR * (canaryEverySeconds ?? promised));
  const device = registered?.id ?? canonicalMac(canary) ?? canary;
  return { device, limitMs: limit * 1000 };
};

const receiversOf = (config: VenueConfig, devices: ReadonlyMap<string, Device>): readonly Receiver[] =>
  Object.entries(config.receivers).map(([name, entry]) => ({
    name,
    zone: entry.zone,
    canary: canaryOf(entry, devices),
  }));

const presenceOf = ({ presence }: VenueConfig): PresenceSettings => ({
  marginDb: presence.marginDb,
  dwellMs: presence.dwellSeconds * 1000,
  lostMs: presence.lostSeconds * 1000,
});

/** The running program's view of a validated configuration: look-ups made once, for the hot path. */
export const buildRegistry = (config: VenueConfig): Registry => {
  const devices = new Map(entriesOf(config).map(([id, entry], seat) => [id, deviceOf(config, id, seat, entry)]));
  const names = namesOf(config, devices);
  const ofDevices = deviceNames(config);
  const ofZones = new Map(Object.entries(config.zones).map(([id, zone]) => [id, zone.name ?? both(id)]));
  const ofReceivers = new Map(Object.entries(config.receivers).map(([id, { name }]) => [id, name ?? both(id)]));
  return {
    venueId: config.venue.id,
    venue: { zones: zonesOf(config), devices },
    resolve: resolverOf(names),
    credentials: credentialsOf(config),
    deviceName: (id) => ofDevices.get(id) ?? both(id),
    zoneName: (id) => ofZones.get(id) ?? both(id),
    nameOf: (id) => ofZones.get(id) ?? ofDevices.get(id) ?? both(id),
    receivers: receiversOf(config, devices),
    presence: presenceOf(config),
    receiverName: (name) => ofReceivers.get(name) ?? both(name),
  };
};
