import type { Scale } from '../levels.ts';
import type { Exit } from './exits.ts';

/** A gate as it bears on one zone. */
export interface GateBearing {
  /** 1: entries come into the zone; -1: they leave it; 0: it counts nobody across the zone's border. */
  readonly sign: 1 | 0 | -1;
  /** Whom it sees is in the zone. */
  readonly watches: boolean;
  /** One standard deviation of its counting error, as a share of those who pass. */
  readonly sigma: number;
}

/** A wearer's badge stands for so many people. */
export interface BadgeShare {
  readonly share: number;
  readonly sigma: number;
}

/** When the zone is known to be empty. */
export interface Zeroing {
  /** The next such moment after this one, Unix milliseconds. */
  next(afterMs: number): number;
}

export interface Outlook {
  /** Minutes until a limit is reached. */
  readonly scale: Scale;
  readonly windowMs: number;
}

/** One zone as the rule judges it. */
export interface CrowdedZone {
  readonly id: string;
  /** The zone and all that lie within it. */
  readonly within: ReadonlySet<string>;
  readonly areaM2: number | undefined;
  readonly capacity: number | undefined;
  /** Persons per square metre; undefined for a zone without area. */
  readonly density: Scale | undefined;
  /** Persons against the capacity; undefined for a zone without one. */
  readonly fill: Scale | undefined;
  /** The upper edge of the band, as a share of the orange limit; undefined: it raises nothing. */
  readonly band: Scale | undefined;
  /** The busiest exit, as a share of what it lets through; undefined where no width is known. */
  readonly flow: Scale | undefined;
  readonly outlook: Outlook | undefined;
  readonly zeroing: Zeroing | undefined;
  /** Growth of the estimate's variance by people whom no gate sees, persons² per millisecond. */
  readonly driftPerMs: number;
  /** Share of the people whom cameras see. */
  readonly cameraShare: number;
  readonly cameraSigma: number;
  readonly manualSigma: number;
  readonly badges: BadgeShare | undefined;
  readonly gates: ReadonlyMap<string, GateBearing>;
  readonly exits: readonly Exit[];
  /** Devices whose counts belong to the zone. */
  readonly feeders: ReadonlySet<string>;
  /** Those of them without which the count is incomplete, also when they were never heard. */
  readonly expected: readonly string[];
  readonly cameras: readonly string[];
  /** Cameras watch every part of the zone, so that their count is one of the whole. */
  readonly isWatchedWhole: boolean;
}
