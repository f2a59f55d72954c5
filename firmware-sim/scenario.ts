import { z } from 'zod';
import { commonEvent, type RawEvent } from './actors/actor.ts';
import { type ActorOptions, actorOptions, eventSchema } from './actors/index.ts';
import { mediumOf } from './transports/emit.ts';
import { issuesOf, type Problem, readYaml } from './yaml-problems.ts';

const MAX_SECONDS = 7 * 86_400;
const MAX_ACTORS = 20_000;
const seconds = z.number().min(0).max(MAX_SECONDS);

const expectation = z.strictObject({
  atSeconds: seconds.describe('earliest moment'),
  withinSeconds: z.number().min(0).max(5).describe('how much later is still right'),
  kind: z.string().min(1).describe('kind of the rule'),
  subject: z.string().min(1).describe('device, device/channel, or zone'),
  severity: z.enum(['blue', 'yellow', 'orange', 'red']),
  transition: z.enum(['raised', 'escalated', 'cleared', 'closed', 'acknowledged', 'unknown']),
});

/** The file as written; CONTRACT "Scenario file of firmware-sim". */
export const scenarioSchema = z.strictObject({
  title: z.strictObject({ zh: z.string().min(1), en: z.string().min(1) }).optional(),
  notes: z.string().optional(),
  venue: z.string().min(1).describe('path of venue.yaml, relative to this file'),
  seed: z.int().min(0),
  durationSeconds: z.number().positive().max(MAX_SECONDS),
  actors: z.array(actorOptions).min(1),
  events: z.array(z.looseObject({ atSeconds: seconds, actor: z.string().min(1), do: z.string().min(1) })).default([]),
  expect: z.array(expectation).default([]),
});

type ScenarioFile = z.output<typeof scenarioSchema>;

export interface ScenarioActor {
  readonly id: string;
  readonly options: ActorOptions;
}

interface ScenarioEvent {
  readonly atSeconds: number;
  readonly actor: string;
  readonly event: RawEvent;
}

/** A scenario ready to play: crowds spelled out, every event valid for its actor, in order of time. */
export interface Scenario {
  readonly seed: number;
  readonly durationSeconds: number;
  readonly actors: readonly ScenarioActor[];
  readonly events: readonly ScenarioEvent[];
}

/** A scenario that cannot be played; every problem with its place. */
export interface ScenarioProblems {
  readonly problems: readonly Problem[];
}

type Path = readonly PropertyKey[];
type Report = (path: Path, message: string, atKey?: boolean) => void;

const actorIds = (options: ActorOptions, path: Path, report: Report): readonly string[] => {
  const { id, count, idPrefix } = options;
  if (id !== undefined && count === undefined && idPrefix === undefined) return [id];
  if (id !== undefined || count === undefined || idPrefix === undefined) {
    report(path, 'needs either `id`, or `count` and `idPrefix`');
    return [];
  }
  const digits = String(count).length;
  return Array.from({ length: count }, (_, index) => idPrefix + String(index + 1).padStart(digits, '0'));
};

const expandActors = (file: ScenarioFile, report: Report): Map<string, ActorOptions> => {
  const actors = new Map<string, ActorOptions>();
  file.actors.forEach((options, index) => {
    for (const id of actorIds(options, ['actors', index], report)) {
      if (actors.has(id)) report(['actors', index], `two actors have the id ${id}`);
      actors.set(id, options);
    }
  });
  if (actors.size > MAX_ACTORS) report(['actors'], `${actors.size} actors; at most ${MAX_ACTORS}`);
  return actors;
};

/** `gate-a`, or `steward-*` for all whose id starts so. */
const targets = (pattern: string, actors: ReadonlyMap<string, ActorOptions>): readonly string[] => {
  if (!pattern.endsWith('*')) return actors.has(pattern) ? [pattern] : [];
  return [...actors.keys()].filter((id) => id.startsWith(pattern.slice(0, -1)));
};

const COMMON_EVENTS: ReadonlySet<string> = new Set(['die', 'revive', 'babble', 'skew']);

const checkEvent = (event: RawEvent, what: string, schema: z.ZodType, path: Path, report: Report): boolean => {
  const result = schema.safeParse(event);
  if (result.success) return true;
  for (const { path: within, message, atKey } of issuesOf(result.error)) {
    report([...path, ...within], `${what}: ${message}`, atKey);
  }
  return false;
};

const checkActorEvent = (event: RawEvent, { type }: ActorOptions, path: Path, report: Report): boolean =>
  checkEvent(event, type, COMMON_EVENTS.has(event.do) ? commonEvent : eventSchema(type), path, report);

/** Ports and what else actors share, by name, with the events that may befall each. */
const mediaOf = (actors: ReadonlyMap<string, ActorOptions>): ReadonlyMap<string, z.ZodType> => {
  const media = new Map<string, z.ZodType>();
  for (const { emit } of actors.values()) {
    const medium = emit === undefined ? undefined : mediumOf(emit);
    if (medium !== undefined && !actors.has(medium.name)) media.set(medium.name, medium.event);
  }
  return media;
};

const expandEvents = (
  file: ScenarioFile,
  actors: ReadonlyMap<string, ActorOptions>,
  report: Report,
): readonly ScenarioEvent[] => {
  const events: ScenarioEvent[] = [];
  const media = mediaOf(actors);
  file.events.forEach((written, index) => {
    const { atSeconds, actor: pattern, ...event } = written;
    const path = ['events', index];
    const ids = targets(pattern, actors);
    const medium = media.get(pattern);
    if (medium !== undefined && checkEvent(event, pattern, medium, path, report)) {
      events.push({ atSeconds, actor: pattern, event });
    }
    if (ids.length === 0 && medium === undefined) report([...path, 'actor'], `no actor is called ${pattern}`);
    if (atSeconds > file.durationSeconds) report([...path, 'atSeconds'], 'lies after the end of the scenario');
    for (const actor of ids) {
      const options = actors.get(actor);
      if (options === undefined || !checkActorEvent(event, options, path, report)) break;
      events.push({ atSeconds, actor, event });
    }
  });
  return events.sort((left, right) => left.atSeconds - right.atSeconds);
};

/**
 * Reads a scenario from YAML text. `name` stands in messages only.
 * Answers every problem at once as `name:line:column: …`.
 */
export const parseScenario = (text: string, name: string): Scenario | ScenarioProblems => {
  const yaml = readYaml(text, name);
  if ('problems' in yaml) return yaml;
  const result = scenarioSchema.safeParse(yaml.value);
  if (!result.success) {
    return { problems: issuesOf(result.error).map(yaml.problemAt) };
  }
  const problems: Problem[] = [];
  const report: Report = (path, message, atKey = false) => problems.push(yaml.problemAt({ path, message, atKey }));
  const file = result.data;
  const actors = expandActors(file, report);
  const events = expandEvents(file, actors, report);
  file.expect.forEach(({ atSeconds }, index) => {
    if (atSeconds > file.durationSeconds) report(['expect', index, 'atSeconds'], 'lies after the end of the scenario');
  });
  if (problems.length > 0) return { problems };
  return {
    seed: file.seed,
    durationSeconds: file.durationSeconds,
    actors: [...actors].map(([id, options]) => ({ id, options })),
    events,
  };
};
