import { createActor } from './actors/index.ts';
import { type Clock, type Pace, secondsAt } from './clock.ts';
import type { Link, LinkOptions } from './link.ts';
import { latenessMeter, type Tell } from './progress.ts';
import { seededRandom } from './random.ts';
import type { Scenario, ScenarioActor } from './scenario.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import type { Format } from './senml.ts';
import { createStation, type Station } from './station.ts';

export interface PlayOptions {
  readonly scenario: Scenario;
  readonly broker: string;
  readonly venueId: string;
  readonly epochMs: number;
  readonly speed: number;
  /** Real time of scenario second 0; undefined: as soon as every device is connected. */
  readonly startAtMs: number | undefined;
  /** `both`: actors take turns. */
  readonly format: Format | 'both';
  readonly secrets: ReadonlyMap<string, string>;
  readonly clock: Clock;
  /** Makes a device's connection; a rehearsal needs no broker. */
  readonly connect: (options: LinkOptions) => Link;
  readonly tell: Tell;
}

export interface Play {
  /** Settles when the scenario has ended or was stopped, and every connection is closed. */
  readonly ended: Promise<void>;
  stop(): void;
}

/** What is still on its way at the end may take so long to be acknowledged. */
const END_GRACE_MS = 5000;
const STOP_GRACE_MS = 300;

interface Post {
  readonly cast: ScenarioActor;
  readonly link: Link;
  readonly format: Format;
  station: Station | undefined;
}

/** A problem is told once per device and text: a broker that is away must not flood the parent. */
const onceEach = (tell: Tell): ((actor: string, message: string) => void) => {
  const told = new Map<string, string>();
  return (actor, message) => {
    if (told.get(actor) === message) return;
    told.set(actor, message);
    tell({ type: 'problem', actor, message });
  };
};

type Wires = Pick<LinkOptions, 'onCommand' | 'onReady' | 'onProblem'>;

const createPost = (options: PlayOptions, cast: ScenarioActor, index: number, wires: Wires): Post => {
  const topic = (way: 'up' | 'down'): string => `muster/${options.venueId}/${way}/${cast.id}`;
  const link = options.connect({
    broker: options.broker,
    device: cast.id,
    secret: options.secrets.get(cast.id),
    upTopic: topic('up'),
    downTopic: cast.options.type === 'badge' ? topic('down') : undefined,
    clock: options.clock,
    random: seededRandom(options.scenario.seed, `${cast.id} reconnects`),
    ...wires,
  });
  const turn = index % 2 === 0 ? 'cbor' : 'json';
  return { cast, link, format: options.format === 'both' ? turn : options.format, station: undefined };
};

/** Puts every device in its place and every event on the queue. */
const raiseCurtain = (options: PlayOptions, posts: readonly Post[], scheduler: Scheduler, end: () => void): void => {
  const { scenario, epochMs, tell } = options;
  const stations = new Map<string, Station>();
  for (const post of posts) {
    const { link, format, cast } = post;
    const actor = createActor(cast.id, cast.options, scenario.seed);
    post.station = createStation({ actor, link, format, epochMs, scheduler, tell });
    stations.set(actor.id, post.station);
  }
  for (const { atSeconds, actor, event } of scenario.events) {
    scheduler.at(atSeconds, (dueSeconds) => stations.get(actor)?.happen(event, dueSeconds));
  }
  scheduler.at(scenario.durationSeconds, end);
  for (const station of stations.values()) station.start();
};

const closeAll = async (posts: readonly Post[], stopped: boolean): Promise<void> => {
  await Promise.all(posts.map(({ link }) => link.close(stopped ? STOP_GRACE_MS : END_GRACE_MS)));
};

/** Connects every device of a scenario, and plays it to its end. */
export const play = (options: PlayOptions): Play => {
  const { scenario, clock, tell, speed } = options;
  const problem = onceEach(tell);
  const late = latenessMeter(clock, speed, tell);
  const waiting = new Set(scenario.actors.map(({ id }) => id));
  let running: { readonly pace: Pace; readonly scheduler: Scheduler } | undefined;
  let settle = (_stopped: boolean): void => {};
  const over = new Promise<boolean>((resolve) => {
    settle = resolve;
  });
  const finish = (stopped: boolean): void => {
    running?.scheduler.stop();
    settle(stopped);
  };
  const begin = (startAtMs: number): void => {
    if (running !== undefined) return;
    const pace: Pace = { startAtMs, speed };
    running = { pace, scheduler: createScheduler({ clock, pace, onLateness: late.observe }) };
    raiseCurtain(options, posts, running.scheduler, () => finish(false));
  };
  const readied = (id: string): void => {
    if (!waiting.delete(id) || waiting.size > 0) return;
    const startAtMs = options.startAtMs ?? Math.ceil(clock.nowMs());
    tell({ type: 'ready', startAtMs, actors: posts.length });
    begin(startAtMs);
  };
  const posts: readonly Post[] = scenario.actors.map((cast, index) => {
    const post: Post = createPost(options, cast, index, {
      onCommand: (payload) => {
        if (running !== undefined) post.station?.command(payload, secondsAt(running.pace, clock.nowMs()));
      },
      onReady: () => readied(cast.id),
      onProblem: (message) => problem(cast.id, message),
    });
    return post;
  });
  const end = async (): Promise<void> => {
    const stopped = await over;
    await closeAll(posts, stopped);
    late.flush();
    const sent = posts.reduce((sum, { station }) => sum + (station?.sent ?? 0), 0);
    const dropped = posts.reduce((sum, { link }) => sum + link.dropped, running?.scheduler.refused ?? 0);
    tell({ type: 'done', sent, dropped, stopped });
  };

  for (const { link } of posts) link.open();
  if (options.startAtMs !== undefined) begin(options.startAtMs);
  return { ended: end(), stop: () => finish(true) };
};
