import { openStore } from '../../../../gateway/store/open-store.ts';
import type { AlarmEvent } from '../../../../rules/alarms/alarm.ts';
import { silentLog } from '../../store/fixture.ts';
import { ACKNOWLEDGED, type Message, messages, VENUE } from '../../survival/evening.ts';
import type { Played } from '../../survival/play.ts';
import { START_MS } from '../fixture.ts';
import { type Stepped, standBy } from './gateway.ts';

/** A gateway that is killed at a second of the evening. */
export interface Kill {
  readonly atSeconds: number;
  /** How long nothing runs. */
  readonly downSeconds: number;
  /**
   * Real milliseconds between what the gateway is told last and the kill, so that it comes before, in and after the commit;
   * undefined: only when all is on the disk.
   */
  readonly raceMs: number | undefined;
}

/** Judged time passes in no time; what a gateway has lived through by so long before its end was committed in the real one. */
const COMMITTED_SECONDS = 0.05;

/** So often do devices report. */
const STEP_SECONDS = 2.5;

const VENUE_NOW = VENUE.replace('commitEveryMs: 250', 'commitEveryMs: 10');

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Reports all at once, every step; calls for help in their own moment. */
const momentOf = ({ atSeconds, isCall }: Message): number =>
  isCall ? atSeconds : Math.floor(atSeconds / STEP_SECONDS) * STEP_SECONDS;

const timeline = (untilSeconds: number): ReadonlyMap<number, readonly Message[]> => {
  const steps = new Map<number, Message[]>();
  for (const message of messages()) {
    const atSeconds = momentOf(message);
    if (atSeconds > untilSeconds) continue;
    const known = steps.get(atSeconds);
    if (known === undefined) steps.set(atSeconds, [message]);
    else known.push(message);
  }
  return new Map([...steps].toSorted(([a], [b]) => a - b));
};

/** When each device is heard for the last time in the evening. */
const LAST_SECONDS: ReadonlyMap<string, number> = new Map(
  messages().map(({ device, atSeconds }) => [device, atSeconds]),
);

/** What people and devices keep until they were answered. */
class People {
  readonly #waiting = new Set<Message>();
  readonly #last = new Map<string, Message>();
  readonly #due = new Set<(typeof ACKNOWLEDGED)[number]>(ACKNOWLEDGED);

  /** Sends what is new; resolves when all of it was answered. */
  async send(gateway: Stepped, fresh: readonly Message[]): Promise<void> {
    for (const message of fresh) {
      this.#waiting.add(message);
      if (!message.isCall) this.#last.set(message.device, message);
    }
    const calls = [...this.#waiting].toSorted((a, b) => Number(b.isCall) - Number(a.isCall));
    await Promise.all(
      calls.map(async (message) => {
        await gateway.publish(message.device, message.payload);
        this.#waiting.delete(message);
      }),
    );
  }

  /** A device that has found the gateway again says at once how it is; one that has died does not. */
  async reconnect(gateway: Stepped, atSeconds: number): Promise<void> {
    const alive = [...this.#last.values()].filter(({ device }) => (LAST_SECONDS.get(device) ?? 0) >= atSeconds);
    await this.send(gateway, alive);
  }

  /** Takes on what is to be taken on by now, where it has been raised. */
  async acknowledge(gateway: Stepped, atSeconds: number): Promise<void> {
    const due = [...this.#due].filter(([from]) => from <= atSeconds);
    if (due.length === 0) return;
    const open = await gateway.alarms('open');
    for (const entry of due) {
      const alarm = open.find(({ rule, subject }) => rule === entry[1] && subject === entry[2]);
      if (alarm === undefined) continue;
      if (alarm.human !== 'acknowledged') await gateway.acknowledge(alarm.id);
      this.#due.delete(entry);
    }
  }
}

const keptEvents = async (directory: string): Promise<readonly AlarmEvent[]> => {
  const store = await openStore({ directory, log: silentLog, nowMs: () => START_MS });
  const { events } = await store.alarmEvents({ limit: 10_000 });
  await store.stop();
  return events.filter((event) => 'alarm' in event);
};

/** Plays the evening, in judged time, to a gateway that is killed and started again as planned. */
export const playStepped = async (directory: string, kills: readonly Kill[], untilSeconds: number): Promise<Played> => {
  const people = new People();
  const msOf = (atSeconds: number): number => START_MS + Math.round(atSeconds * 1000);
  const settingsAt = (atSeconds: number) => ({
    venue: VENUE_NOW,
    storeDirectory: directory,
    nowMs: msOf(atSeconds),
  });
  const downs: (readonly [number, number])[] = [];
  const plan = [...kills].toSorted((a, b) => a.atSeconds - b.atSeconds);
  let gateway = await standBy().start(settingsAt(0));
  let next = standBy();
  let upSeconds = 0;

  const kill = async ({ atSeconds, downSeconds, raceMs }: Kill, doing: () => Promise<void>): Promise<void> => {
    if (atSeconds - COMMITTED_SECONDS > upSeconds) await gateway.settle(msOf(atSeconds - COMMITTED_SECONDS));
    const done = doing().catch(() => undefined);
    if (raceMs === undefined) await done;
    else await wait(raceMs);
    await gateway.kill();
    await done;
    upSeconds = atSeconds + downSeconds;
    downs.push([atSeconds, upSeconds]);
    gateway = await next.start(settingsAt(upSeconds));
    next = standBy();
    await people.reconnect(gateway, upSeconds);
  };

  try {
    for (const [atSeconds, fresh] of timeline(untilSeconds)) {
      const step = async (): Promise<void> => {
        await gateway.advance(msOf(atSeconds));
        await people.send(gateway, fresh);
        await people.acknowledge(gateway, atSeconds);
      };
      for (let first = plan[0]; first !== undefined && first.atSeconds < atSeconds; first = plan[0]) {
        plan.shift();
        // Down already: it comes as soon as there is something to kill.
        const at = Math.max(first.atSeconds, upSeconds);
        await kill({ ...first, atSeconds: at }, () => gateway.advance(msOf(at)));
      }
      const [mine] = plan;
      if (atSeconds < upSeconds) await people.send(gateway, fresh);
      else if (mine?.atSeconds === atSeconds) {
        plan.shift();
        await kill(mine, step);
      } else await step();
    }
    await gateway.advance(msOf(untilSeconds));
    await people.acknowledge(gateway, untilSeconds);
    const all = await gateway.alarms('all');
    const told = all.map(({ rule, subject, severity, human }) => `${rule} ${subject} ${severity} ${human}`).toSorted();
    await gateway.kill();
    return { downs, seen: [], told, epochMs: START_MS, events: await keptEvents(directory) };
  } finally {
    await gateway.kill();
    await next.kill();
  }
};
