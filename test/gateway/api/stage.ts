import { VirtualTimeScheduler } from 'rxjs';
import { onTestFinished } from 'vitest';
import type { Health } from '../../../gateway/api/contract.ts';
import { createInbox, type Inbox } from '../../../gateway/api/ingest/inbox.ts';
import type { Timers } from '../../../gateway/api/ports.ts';
import { loopbackAccess } from '../../../gateway/api/security/access.ts';
import { type Api, type ApiOptions, createApi } from '../../../gateway/api/server.ts';
import type { VenueClock } from '../../../gateway/clock.ts';
import { buildRegistry } from '../../../gateway/config/registry.ts';
import { createHotPath, type HotPath } from '../../../gateway/hot-path.ts';
import type { Log } from '../../../gateway/log.ts';
import { responseRoutes } from '../../../gateway/response/routes.ts';
import { mqttFrame } from '../../../ingest/model/frame.ts';
import { createRule } from '../../../rules/kinds/index.ts';
import { EPOCH } from '../../rules/stage.ts';
import { configOf, venueYaml } from '../fixture.ts';
import { type Answered, type Asked, ask } from './ask.ts';

/** Timers that a test fires. */
export interface StageTimers extends Timers {
  advance(ms: number): void;
}

export const stageTimers = (): StageTimers => {
  let nowMs = 0;
  const tasks = new Set<{ readonly dueMs: number; readonly task: () => void }>();
  const next = (untilMs: number) =>
    [...tasks].filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];
  return {
    now: () => nowMs,
    after: (ms, task) => {
      const entry = { dueMs: nowMs + ms, task };
      tasks.add(entry);
      return () => tasks.delete(entry);
    },
    advance: (ms) => {
      const untilMs = nowMs + ms;
      for (let due = next(untilMs); due !== undefined; due = next(untilMs)) {
        tasks.delete(due);
        nowMs = due.dueMs;
        due.task();
      }
      nowMs = untilMs;
    },
  };
};

export interface Stage {
  readonly api: Api;
  readonly hotPath: HotPath;
  readonly inbox: Inbox;
  readonly port: number;
  readonly timers: StageTimers;
  readonly errors: readonly object[];
  readonly warnings: readonly object[];
  /** Moves the venue's clock, seconds. */
  pass(seconds: number): void;
  /** A message of a device, as if by MQTT. */
  send(topic: string, payload: unknown): void;
  ask(path: string, asked?: Asked): Promise<Answered>;
}

const commit = (done: () => void): void => done();

/** Nobody is told of anything here. */
const NO_RESPONSE = { views: () => [], frozenViews: () => [], commandViews: () => [], followUpViews: () => [] };

const HEALTH: Health = {
  status: 'ok',
  version: '0',
  venue: 'hall',
  startedAt: new Date(EPOCH).toISOString(),
  openAlarms: 0,
  problems: [],
  counters: {},
};

/** A clock that stands until a test moves it. */
export const virtualClock = (): { readonly clock: VenueClock; pass(seconds: number): void } => {
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  return {
    clock: {
      now: () => EPOCH + scheduler.now(),
      schedule: (work, delayMs) => scheduler.schedule(work, delayMs),
    },
    pass: (seconds) => {
      scheduler.maxFrames += seconds * 1000;
      scheduler.flush();
      scheduler.frame = scheduler.maxFrames;
    },
  };
};

/** The HTTP side over a real socket, on a hot path in virtual time. */
export const stage = async (yaml: string, options: Partial<ApiOptions> = {}): Promise<Stage> => {
  const config = configOf(venueYaml(yaml));
  const registry = buildRegistry(config);
  const rules = config.rules.map((rule) => createRule(rule, registry.venue));
  const { clock, pass } = virtualClock();
  const errors: object[] = [];
  const warnings: object[] = [];
  const log: Log = {
    info: () => undefined,
    warn: (fields) => warnings.push(fields),
    error: (fields) => errors.push(fields),
  };
  const hotPath = createHotPath({ registry, rules, clock, sinks: [], log });
  const timers = stageTimers();
  const inbox = createInbox();
  const api: Api = createApi({
    config,
    registry,
    rules,
    hotPath,
    clock,
    timers,
    log,
    inbox,
    access: loopbackAccess,
    health: () => ({
      ...HEALTH,
      openAlarms: hotPath.openAlarms().length,
      counters: api.counters(),
      levels: api.levels(),
    }),
    ready: () => ({ ready: true, waitingFor: [] }),
    commit,
    routes: responseRoutes({ response: NO_RESPONSE, hotPath, store: undefined, commit, timers, log }),
    ...options,
  });
  await api.server.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await api.server.close();
    hotPath.stop();
  });
  const [address] = api.server.addresses();
  const port = typeof address === 'object' ? address.port : 0;
  const send = (topic: string, payload: unknown): void => {
    const bytes = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
    hotPath.accept(mqttFrame('mqtt', topic, bytes, clock.now()));
  };
  return {
    api,
    hotPath,
    inbox,
    port,
    timers,
    errors,
    warnings,
    pass,
    send,
    ask: (path, asked) => ask(port, path, asked),
  };
};
