import {
  distinctUntilChanged,
  filter,
  groupBy,
  ignoreElements,
  interval,
  map,
  merge,
  mergeMap,
  type Observable,
  scan,
  tap,
} from 'rxjs';
import { DEVICE_LIST, HOT_CELSIUS, RATED_AMPS, ZONE_AREA_M2 } from '../venue.ts';

export type Values = Record<string, number | undefined>;

/** What one message says. */
export interface Message {
  readonly device: string;
  readonly nowMs: number;
  readonly values: Values;
}

/** Messages in, devices (or zones) with an alarm out. */
type Rule = (messages: Observable<Message>) => Observable<string>;

const ZONE_OF = new Map(DEVICE_LIST.map(({ id, zone }) => [id, zone]));
const ROLE_OF = new Map(DEVICE_LIST.map(({ id, profile }) => [id, profile === 'badge' ? 'steward' : undefined]));

interface State {
  readonly active: boolean;
}

const QUIET: State = { active: false };

/** A rule as RxJS tutorials write it: what concerns it, by subject, a state for each; tells who becomes active. */
const ruleOf =
  <S extends State>(
    concerns: (message: Message) => boolean,
    subject: (message: Message) => string,
    start: S,
    next: (state: S, message: Message) => S,
  ): Rule =>
  (messages) =>
    messages.pipe(
      filter(concerns),
      groupBy(subject),
      mergeMap((group) =>
        group.pipe(
          scan(next, start),
          map(({ active }) => active),
          distinctUntilChanged(),
          filter((active) => active),
          map(() => group.key),
        ),
      ),
    );

const device = (message: Message): string => message.device;

const heat = ruleOf(
  ({ values }) => values.temperature !== undefined,
  device,
  QUIET,
  (state, { values }) => {
    const { temperature = 0 } = values;
    return { active: temperature >= HOT_CELSIUS || (state.active && temperature >= HOT_CELSIUS - 1) };
  },
);

interface Load extends State {
  readonly share: number;
  readonly atMs: number;
  readonly loadedSinceMs: number;
  readonly amps: number;
}

interface Lean extends State {
  readonly sinceMs: number;
}

interface Stillness extends State {
  readonly movements: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly movedMs: number;
}

/** IEC 60255-151, very inverse. */
const tripSeconds = (multiple: number): number => 13.5 / (multiple - 1);

const overcurrent = ruleOf<Load>(
  ({ values }) => values.current !== undefined,
  device,
  { active: false, share: 0, atMs: 0, loadedSinceMs: 0, amps: 0 },
  (state, { values, nowMs }) => {
    const amps = Math.abs(values.current ?? 0);
    const seconds = state.atMs === 0 ? 0 : (nowMs - state.atMs) / 1000;
    const multiple = state.amps / RATED_AMPS;
    const share =
      multiple > 1 ? state.share + seconds / tripSeconds(multiple) : Math.max(0, state.share - seconds / 60);
    const loaded = amps >= 0.8 * RATED_AMPS;
    const loadedSinceMs = loaded ? state.loadedSinceMs || nowMs : 0;
    const tooLong = loaded && nowMs - loadedSinceMs >= 10_800_000;
    return { active: share >= 1 || tooLong || amps >= 8 * RATED_AMPS, share, atMs: nowMs, loadedSinceMs, amps };
  },
);

const tilt = ruleOf<Lean>(
  ({ values, device: id }) => values['acceleration/z'] !== undefined && ROLE_OF.get(id) !== undefined,
  device,
  { active: false, sinceMs: 0 },
  (state, { values, nowMs }) => {
    const { 'acceleration/x': x = 0, 'acceleration/y': y = 0, 'acceleration/z': z = 0 } = values;
    const size = Math.sqrt(x * x + y * y + z * z);
    if (size < 0.8 * 9.80665 || size > 1.2 * 9.80665) return state;
    const degrees = (Math.acos(z / size) * 180) / Math.PI;
    if (degrees <= 35 || (degrees <= 45 && state.sinceMs === 0)) return { active: false, sinceMs: 0 };
    const sinceMs = state.sinceMs || nowMs;
    return { active: nowMs - sinceMs >= 25_000, sinceMs };
  },
);

const stillness = ruleOf<Stillness>(
  ({ values, device: id }) =>
    (values.movements !== undefined || values['acceleration/z'] !== undefined) && ROLE_OF.get(id) !== undefined,
  device,
  { active: false, movements: 0, x: 0, y: 0, z: 0, movedMs: 0 },
  (state, { values, nowMs }) => {
    const { movements = state.movements, 'acceleration/x': x = state.x } = values;
    const { 'acceleration/y': y = state.y, 'acceleration/z': z = state.z } = values;
    const distance = Math.hypot(x - state.x, y - state.y, z - state.z);
    const moved = state.movedMs === 0 || movements !== state.movements || distance > 0.1 * 9.80665;
    if (moved) return { active: false, movements, x, y, z, movedMs: nowMs };
    return { ...state, active: nowMs - state.movedMs >= 1_800_000 };
  },
);

const sos = ruleOf<State>(
  ({ values }) => values.sos !== undefined,
  device,
  QUIET,
  () => ({ active: true }),
);

interface Crowd extends State {
  readonly persons: ReadonlyMap<string, number>;
  readonly overSinceMs: number;
}

const START_CROWD: Crowd = { active: false, persons: new Map(), overSinceMs: 0 };

const density = ruleOf(
  ({ values }) => values.occupancy !== undefined,
  ({ device: id }) => ZONE_OF.get(id) ?? '',
  START_CROWD,
  (state, { device: id, values, nowMs }) => {
    const persons = new Map(state.persons).set(id, values.occupancy ?? 0);
    let inside = 0;
    for (const count of persons.values()) inside += count;
    const overSinceMs = inside / ZONE_AREA_M2 >= 2 ? state.overSinceMs || nowMs : 0;
    return { active: overSinceMs > 0 && nowMs - overSinceMs >= 10_000, persons, overSinceMs };
  },
);

const SILENT_MS = 180_000;

/** Whoever was not heard for three minutes: a look at all of them each second. */
const silent: Rule = (messages) => {
  const heardMs = new Map<string, number>();
  const told = new Set<string>();
  const hears = messages.pipe(
    groupBy(device),
    mergeMap((group) =>
      group.pipe(
        scan((_, { nowMs }) => nowMs, 0),
        tap((nowMs) => {
          heardMs.set(group.key, nowMs);
          told.delete(group.key);
        }),
      ),
    ),
    ignoreElements(),
  );
  const looks = interval(1000).pipe(
    mergeMap(() => [...heardMs].filter(([id, ms]) => Date.now() - ms > SILENT_MS && !told.has(id))),
    map(([id]) => {
      told.add(id);
      return id;
    }),
  );
  return merge(hears, looks);
};

/** The gateway's seven rules, as an ordinary program would write them. */
export const RULES: readonly Rule[] = [density, overcurrent, tilt, stillness, sos, heat, silent];
