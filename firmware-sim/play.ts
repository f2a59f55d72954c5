import { createActor } from './actors/index.ts';
import { type Clock, type Pace, secondsAt } from './clock.ts';
import { latenessMeter, type Tell } from './progress.ts';
import type { Scenario, ScenarioActor } from './scenario.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import { createStation, type Station } from './station.ts';
import { createTransports, type Transports, type TransportsOptions } from './transports/index.ts';
import type { Transport } from './transports/transport.ts';

export interface PlayOptions extends Omit<TransportsOptions, 'seed'> {
  readonly scenario: Scenario;
  readonly epochMs: number;
  readonly speed: number;
  /** Real time of scenario second 0; undefined: as soon as every device is connected. */
  readonly startAtMs: number | undefined;
  readonly clock: Clock;
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
  readonly transport: Transport;
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

/** Puts every device in its place and every event on the queue. */
const raiseCurtain = (
  { scenario, epochMs, tell }: PlayOptions,
  posts: readonly Post[],
  { transports, scheduler }: { readonly transports: Transports; readonly scheduler: Scheduler },
  end: () => void,
): void => {
  const stations = new Map<string, Station>();
  for (const post of posts) {
    const { transport, cast } = post;
    const actor = createActor(cast.id, cast.options, scenario.seed);
    post.station = createStation({ actor, transport, epochMs, scheduler, tell });
    stations.set(actor.id, post.station);
  }
  for (const { atSeconds, actor, event } of scenario.events) {
    scheduler.at(atSeconds, (dueSeconds) => {
      const station = stations.get(actor);
      station?.happen(event, dueSeconds);
      if (station !== undefined) return;
      tell({ type: 'event', atSeconds: dueSeconds, actor, do: event.do });
      transports.medium(actor)?.happen(event);
    });
  }
  scheduler.at(scenario.durationSeconds, end);
  for (const station of stations.values()) station.start();
};

const closeAll = async (posts: readonly Post[], transports: Transports, stopped: boolean): Promise<void> => {
  await Promise.all(posts.map(({ transport }) => transport.close(stopped ? STOP_GRACE_MS : END_GRACE_MS)));
  await transports.stop();
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
    raiseCurtain(options, posts, { transports, scheduler: running.scheduler }, () => finish(false));
  };
  const readied = (id: string): void => {
    if (!waiting.delete(id) || waiting.size > 0) return;
    const startAtMs = options.startAtMs ?? Math.ceil(clock.nowMs());
    tell({ type: 'ready', startAtMs, actors: posts.length });
    begin(startAtMs);
  };
  const transports = createTransports({ ...options, seed: scenario.seed }, problem);
  const posts: readonly Post[] = scenario.actors.map((cast, index) => {
    const transport = transports.create(cast, index, {
      onCommand: (payload) => {
        if (running !== undefined) post.station?.command(payload, secondsAt(running.pace, clock.nowMs()));
      },
      onReady: () => readied(cast.id),
      onProblem: (message) => problem(cast.id, message),
    });
    const post: Post = { cast, transport, station: undefined };
    return post;
  });
  const end = async (): Promise<void> => {
    const stopped = await over;
    await closeAll(posts, transports, stopped);
    late.flush();
    const sent = posts.reduce((sum, { station }) => sum + (station?.sent ?? 0), 0);
    const dropped = posts.reduce((sum, { transport }) => sum + transport.dropped, running?.scheduler.refused ?? 0);
    tell({ type: 'done', sent, dropped, stopped });
  };

  for (const { transport } of posts) transport.open();
  if (options.startAtMs !== undefined) begin(options.startAtMs);
  return { ended: end(), stop: () => finish(true) };
};
