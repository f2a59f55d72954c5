import type {
  AlarmNews,
  AlarmView,
  DeviceStatus,
  PreAlarmNews,
  ResponseView,
  Session,
  Status,
  VenueView,
  ZoneStatus,
} from '../../../gateway/api/contract.ts';
import type { Language } from '../texts/texts.ts';
import type { ServerTime } from './server-time.ts';

export const PAGES = ['alarms', 'zones', 'devices', 'trend'] as const;
export type Page = (typeof PAGES)[number];

/** The connection to the gateway. Times are the page's own (PageClock). */
export interface Link {
  readonly phase: 'connecting' | 'live' | 'lost';
  readonly heardAtMs?: number;
  /** When the gateway last took the connection up. */
  readonly openedAtMs?: number;
  readonly retryAtMs?: number;
}

/** Who looks at the page. `unknown`: not asked yet. `needed`: a log-in is; `expired`: there was one. */
export type Who =
  | { readonly phase: 'unknown' }
  | { readonly phase: 'needed'; readonly expired: boolean }
  | { readonly phase: 'known'; readonly session: Session };

/** What became of an acknowledgement that somebody sent from this page. */
export type Acknowledging =
  | { readonly phase: 'sending' }
  | {
      readonly phase: 'failed';
      readonly why: 'unanswered' | 'denied' | 'gone' | 'refused';
      readonly text: { readonly zh: string; readonly en: string };
    };

/** How full a zone was, for the arrow: [Unix milliseconds, persons]. */
export type Course = readonly (readonly [timeMs: number, persons: number])[];

/** A change that people must be told of; `count` tells two of the same alarm apart. */
export interface Call {
  readonly count: number;
  readonly type: AlarmNews['type'];
  readonly alarm: AlarmView;
}

export interface Closed {
  readonly alarm: AlarmView;
  readonly at: string;
}

export interface TrendChoice {
  readonly device: string;
  readonly channel: string;
  readonly metric: string;
}

export interface Settings {
  /** Undefined: nobody has chosen. */
  readonly language: Language | undefined;
  readonly theme: 'dark' | 'light';
  readonly sound: boolean;
}

export interface State {
  /** The page's clock at the last tick. */
  readonly nowMs: number;
  readonly settings: Settings;
  readonly page: Page;
  readonly venue: VenueView | undefined;
  readonly who: Who;
  readonly link: Link;
  readonly serverTime: ServerTime | undefined;
  readonly status: Status | undefined;
  /** The lists have been read since the page was opened or the stream was reset. */
  readonly listed: boolean;
  readonly alarms: ReadonlyMap<string, AlarmView>;
  /** The last that closed while the page was open, newest first. */
  readonly closed: readonly Closed[];
  readonly preAlarms: ReadonlyMap<string, PreAlarmNews>;
  readonly acknowledging: ReadonlyMap<string, Acknowledging>;
  readonly call: Call | undefined;
  /** How far the response to each open alarm is. */
  readonly responses: ReadonlyMap<string, ResponseView>;
  readonly zones: ReadonlyMap<string, ZoneStatus>;
  readonly courses: ReadonlyMap<string, Course>;
  readonly devices: ReadonlyMap<string, DeviceStatus>;
  readonly trend: TrendChoice | undefined;
}

export const startState = (settings: Settings, page: Page, nowMs: number): State => ({
  nowMs,
  settings,
  page,
  venue: undefined,
  who: { phase: 'unknown' },
  link: { phase: 'connecting' },
  serverTime: undefined,
  status: undefined,
  listed: false,
  alarms: new Map(),
  closed: [],
  preAlarms: new Map(),
  acknowledging: new Map(),
  call: undefined,
  responses: new Map(),
  zones: new Map(),
  courses: new Map(),
  devices: new Map(),
  trend: undefined,
});
