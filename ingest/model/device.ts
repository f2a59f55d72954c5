/** How often a device reports: by the clock, or only when something changes (then something else proves life). */
export type Reporting = { readonly everySeconds: number } | { readonly onChange: true; readonly aliveBy: AliveBy };

/** `heartbeatSeconds`: anything at all within this time. `device`: the `online` / `offline` of this device or bridge. */
export type AliveBy = { readonly heartbeatSeconds: number } | { readonly device: string };

/** What a button's event means: a call for help, a sign that all is well, the end of a call, or nothing. */
export type ButtonMeaning = 'sos' | 'checkin' | 'cancel' | 'none';

/** A registered thing, as rules see it. */
export interface Device {
  readonly id: string;
  /** Its place in the registry, from 0; -1: not registered. */
  readonly seat: number;
  /** Absent for a device that nobody has registered. */
  readonly profile: string | undefined;
  readonly zone: string | undefined;
  /** A gate counter between two zones: entries into `zone` leave `fromZone`. */
  readonly fromZone: string | undefined;
  /** Clear width of the way that a gate counter watches; absent: not known. */
  readonly widthMetres?: number;
  /** Steps lead through it. */
  readonly steps?: boolean;
  /** Role of the wearer; set makes the device a badge. */
  readonly role: string | undefined;
  /** Who wears it, where that is known: two badges of one person are known by it. */
  readonly wearer?: string;
  readonly reports: Reporting | undefined;
  /** Rated current per channel, amperes; `''` stands for all channels not named. */
  readonly ratedAmps: Readonly<Record<string, number>>;
  /** Gravity as the upright, calibrated badge or stand measures it, g. */
  readonly upright: readonly [number, number, number];
  readonly registered: boolean;
  /** By the name of the event (`single`, `long`, `hold`, …); an event that is not listed means nothing. */
  readonly buttons?: Readonly<Record<string, ButtonMeaning>>;
}

export interface Zone {
  readonly id: string;
  readonly areaM2: number | undefined;
  readonly capacity: number | undefined;
  readonly use: 'moving' | 'standing';
  readonly within: string | undefined;
  /** Outline on the floor plan: x and y of its corners, metres. */
  readonly polygon?: readonly (readonly [x: number, y: number])[];
}

export const unregisteredDevice = (id: string): Device => ({
  id,
  seat: -1,
  profile: undefined,
  zone: undefined,
  fromZone: undefined,
  role: undefined,
  reports: undefined,
  ratedAmps: {},
  upright: [0, 0, 1],
  registered: false,
});
