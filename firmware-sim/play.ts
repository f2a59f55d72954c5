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

export const play = (options: PlayOptions): Play => {
  const { scenario, clock, tell, speed } = options;
  const problem = onceEach(tell);
  const waiting = new Set(scenario.actors.map(({ id }) => id));
  const late = latenessMeter(clock, speed, tell);
  let running: { readonly pace: Pace; readonly scheduler: Scheduler } | undefined;
  let settle = (_stopped: boolean): void => {};
  const over = new Promise<boolean>((resolve) => {
    settle = resolve;
  });
  const finish = (stopped: boolean): void => {
    running?.scheduler.stop();
    settle(stopped);
  };

  const posts = scenario.actors.map((cast, index): Post => {
    const link = options.connect({
      broker: options.broker,
      device: cast.id,
      secret: options.secrets.get(cast.id),
      upTopic: `muster/${options.venueId}/up/${cast.id}`,
      downTopic: cast.options.type === 'badge' ? `muster/${options.venueId}/down/${cast.id}` : undefined,
      clock,
      random: seededRandom(scenario.seed, `${cast.id} reconnects`),
      onCommand: (payload) => {
        if (running !== undefined) post.station?.command(payload, secondsAt(running.pace, clock.nowMs()));
      },
      onReady: () => readied(cast.id),
      onProblem: (message) => problem(cast.id, message),
    });
    const turn = index % 2 === 0 ? 'cbor' : 'json';
    const post: Post = { cast, link, format: options.format === 'both' ? turn : options.format, station: undefined };
    return post;
  });

  const begin = (startAtMs: number): void => {
    if (running !== undefined) return;
    const pace: Pace = { startAtMs, speed };
    const scheduler = createScheduler({ clock, pace, onLateness: late.observe });
    running = { pace, scheduler };
    const stations = new Map<string, Station>();
    for (const post of posts) {
      const actor = createActor(post.cast.id, post.cast.options, scenario.seed);
      const { link, format } = post;
      post.station = createStation({ actor, link, format, epochMs: options.epochMs, scheduler, tell });
      stations.set(actor.id, post.station);
    }
    for (const { atSeconds, actor, event } of scenario.events) {
      scheduler.at(atSeconds, (dueSeconds) => stations.get(actor)?.happen(event, dueSeconds));
    }
    scheduler.at(scenario.durationSeconds, () => finish(false));
    for (const station of stations.values()) station.start();
  };

  const readied = (id: string): void => {
    if (!waiting.delete(id) || waiting.size > 0) return;
    const startAtMs = options.startAtMs ?? clock.nowMs();
    tell({ type: 'ready', startAtMs, actors: posts.length });
    begin(startAtMs);
  };

  const end = async (): Promise<void> => {
    const stopped = await over;
    const refused = running?.scheduler.refused ?? 0;
    await Promise.all(posts.map(({ link }) => link.close(stopped ? STOP_GRACE_MS : END_GRACE_MS)));
    late.flush();
    const sent = posts.reduce((sum, { station }) => sum + (station?.sent ?? 0), 0);
    const dropped = posts.reduce((sum, { link }) => sum + link.dropped, refused);
    tell({ type: 'done', sent, dropped, stopped });
  };

  for (const { link } of posts) link.open();
  if (options.startAtMs !== undefined) begin(options.startAtMs);
  return { ended: end(), stop: () => finish(true) };
};
