import type { z } from 'zod';
import type { alarmLoadSchema, loadSummarySchema } from './schemas/alarm-load.ts';
import type { acknowledgeSchema, alarmSchema, cancelPreAlarmSchema, outOfServiceSchema } from './schemas/alarms.ts';
import type { badgeCoverageSchema, receiverSchema } from './schemas/coverage.ts';
import type { deviceSchema } from './schemas/devices.ts';
import type { explanationSchema } from './schemas/explain.ts';
import type { historySchema, thresholdSchema } from './schemas/history.ts';
import type { problemSchema } from './schemas/problem.ts';
import type { failureSchema, ingestedSchema, rejectedSchema } from './schemas/rejected.ts';
import type { reloadedSchema, reloadSchema } from './schemas/reload.ts';
import type {
  commandSchema,
  decisionSchema,
  doneSchema,
  followUpSchema,
  frozenSchema,
  liftSchema,
  responseSchema,
} from './schemas/response.ts';
import type { ruleViewSchema } from './schemas/rules.ts';
import type { logInSchema, roleSchema, sessionSchema } from './schemas/session.ts';
import type { healthSchema, readySchema, statusSchema, venueViewSchema } from './schemas/status.ts';
import type {
  alarmNewsSchema,
  preAlarmNewsSchema,
  resetSchema,
  serviceNewsSchema,
  streamEvents,
} from './schemas/stream.ts';
import type { zoneSchema } from './schemas/zones.ts';

/**
 * Everything the HTTP API says and takes. Types only, so that a page in a browser may import it without a byte; what
 * each field means stands in `schemas/`, and in `/api/v1/openapi.json`.
 */
export type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
type Of<S extends z.ZodType> = DeepReadonly<z.output<S>>;

/** Every list: one page, and the cursor of the next. */
export interface List<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** Every error: `application/problem+json`. */
export type Problem = Of<typeof problemSchema>;

/** `GET /api/v1/alarms?state=open|all` lists them; `POST /api/v1/alarms/<id>/ack` answers with one. */
export type AlarmView = Of<typeof alarmSchema>;
export type Acknowledge = DeepReadonly<z.input<typeof acknowledgeSchema>>;

/** `GET /api/v1/alarms/<id>/explain` */
export type ExplanationView = Of<typeof explanationSchema>;
/** `POST /api/v1/pre-alarms/cancel` */
export type CancelPreAlarm = Of<typeof cancelPreAlarmSchema>;

/** `GET /api/v1/responses`, and event `response` of the stream; `GET /api/v1/alarms/<id>/decisions` */
export type ResponseView = Of<typeof responseSchema>;
export type DecisionView = Of<typeof decisionSchema>;

/** `GET /api/v1/frozen`; `POST /api/v1/frozen/<operation>/lift` */
export type FrozenView = Of<typeof frozenSchema>;
export type Lift = Of<typeof liftSchema>;
/** `GET /api/v1/alarm-load`; the summary is in event `status` of the stream. */
export type AlarmLoadView = Of<typeof alarmLoadSchema>;
export type LoadSummary = Of<typeof loadSummarySchema>;
/** `GET /api/v1/commands`; `POST /api/v1/commands/<id>/done` */
export type CommandView = Of<typeof commandSchema>;
/** `GET /api/v1/follow-ups?state=open|all`; `POST /api/v1/follow-ups/<id>/done` */
export type FollowUpView = Of<typeof followUpSchema>;
export type Done = Of<typeof doneSchema>;
/** `GET /api/v1/out-of-service` lists them. */
export type OutOfServiceView = Of<typeof outOfServiceSchema>;

/** `GET /api/v1/zones` */
export type ZoneStatus = Of<typeof zoneSchema>;

/** `GET /api/v1/devices` */
export type DeviceStatus = Of<typeof deviceSchema>;

/** `GET /api/v1/coverage` answers `{ receivers, badges, next? }`. */
export type ReceiverStatus = Of<typeof receiverSchema>;
export type BadgeCoverage = Of<typeof badgeCoverageSchema>;

/** `GET /api/v1/history?device=&channel=&metric=&from=&to=&step=` */
export type HistoryAnswer = Of<typeof historySchema>;
export type Threshold = Of<typeof thresholdSchema>;

/** `GET /api/v1/rules` */
export type RuleView = Of<typeof ruleViewSchema>;

/** `POST /api/v1/reload` */
export type Reload = DeepReadonly<z.input<typeof reloadSchema>>;
export type Reloaded = Of<typeof reloadedSchema>;

/** `GET /api/v1/rejected` */
export type RejectedFrame = Of<typeof rejectedSchema>;

/** `POST /api/v1/ingest` answers 204, or this where a part could not be used. */
export type Ingested = Of<typeof ingestedSchema>;
export type Failure = Of<typeof failureSchema>;

/** `GET /healthz`, `GET /readyz`, `GET /api/v1/venue` */
export type Health = Of<typeof healthSchema>;
export type Ready = Of<typeof readySchema>;
export type VenueView = Of<typeof venueViewSchema>;

/** `GET /api/v1/session`: who is asking; 401 where a log-in is needed. `POST` logs in, `DELETE` logs out. */
export type Session = Of<typeof sessionSchema>;
export type Role = z.output<typeof roleSchema>;
export type LogIn = Of<typeof logInSchema>;

/** Events of `GET /api/v1/stream` by name. Every one has an id; give the last as `Last-Event-ID` to go on from there. */
export type StreamEvents = { readonly [K in keyof typeof streamEvents]: Of<(typeof streamEvents)[K]> };
export type AlarmNews = Of<typeof alarmNewsSchema>;
export type ServiceNews = Of<typeof serviceNewsSchema>;
export type PreAlarmNews = Of<typeof preAlarmNewsSchema>;
export type Status = Of<typeof statusSchema>;
export type Reset = Of<typeof resetSchema>;
