import type { Metrics } from '../../ingest/model/metrics.ts';

/** Every list answers this. */
export interface List<T> {
  readonly items: readonly T[];
}

/** `GET /healthz`: what runs, and whether anything is wrong with it. */
export interface Health {
  readonly status: 'ok' | 'degraded';
  readonly version: string;
  readonly venue: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly openAlarms: number;
  /** Why it is degraded, by name. */
  readonly problems: readonly string[];
  /** All that is counted, by part: frames, failures, drops. */
  readonly counters: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface DeviceStatus {
  readonly id: string;
  readonly registered: boolean;
  /** What to write into `address` of the venue file to take it in; of devices that nobody has registered. */
  readonly address?: string;
  readonly profile?: string;
  readonly zone?: string;
  /** ISO 8601; absent: never heard. */
  readonly lastSeenAt?: string;
  readonly ageSeconds?: number;
  readonly channels: Readonly<Record<string, Metrics>>;
}

export interface RejectedFrame {
  readonly at: string;
  readonly source: string;
  readonly address: string;
  readonly client?: string;
  readonly code: string;
  readonly where: string;
  readonly expected: string;
  readonly payload: string;
}
