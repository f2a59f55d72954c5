import { z } from 'zod';
import { type Actor, commonEvent, type Effect, type RawEvent } from './actors/actor.ts';
import type { Progress } from './progress.ts';
import type { Scheduler } from './scheduler.ts';
import type { SenmlRecord } from './senml.ts';
import type { Transport } from './transports/transport.ts';

export interface StationOptions {
  readonly actor: Actor;
  readonly transport: Transport;
  /** The stamp of scenario second 0, Unix milliseconds. */
  readonly epochMs: number;
  readonly scheduler: Scheduler;
  readonly tell: (progress: Progress) => void;
}

/** A device in its place: it reports by the clock, does what the scenario says, and answers commands. */
export interface Station {
  start(): void;
  happen(event: RawEvent, atSeconds: number): void;
  command(payload: Uint8Array, atSeconds: number): void;
  readonly sent: number;
}

const COMMAND_MAX_BYTES = 4096;
const commandSchema = z.looseObject({ id: z.string().max(256), do: z.string().max(64) });

const parsedCommand = (payload: Uint8Array): z.output<typeof commandSchema> | undefined => {
  if (payload.byteLength > COMMAND_MAX_BYTES) return undefined;
  try {
    return commandSchema.safeParse(JSON.parse(new TextDecoder().decode(payload))).data;
  } catch {
    return undefined;
  }
};

export const createStation = ({ actor, transport, epochMs, scheduler, tell }: StationOptions): Station => {
  let alive = true;
  let skewSeconds = 0;
  let sent = 0;

  const stamp = (atSeconds: number): number => epochMs + (atSeconds + skewSeconds) * 1000;

  const transmit = (records: readonly SenmlRecord[], stampMs: number, urgent: boolean): void => {
    if (!alive) return;
    transport.send({ device: actor.id, stampMs, records }, urgent);
    sent += 1;
  };

  const report = (atSeconds: number): void => {
    if (alive) transmit(actor.report(atSeconds), stamp(atSeconds), false);
  };

  /** By multiplication, so that intervals do not add up their rounding. */
  const tick = (count: number): void => {
    scheduler.at(actor.offsetSeconds + count * actor.everySeconds, (atSeconds) => {
      report(atSeconds);
      tick(count + 1);
    });
  };

  const soonOrAt = (inSeconds: number, atSeconds: number, action: (atSeconds: number) => void): void => {
    if (inSeconds === 0) action(atSeconds);
    else scheduler.at(atSeconds + inSeconds, action);
  };

  const carryOut = (effect: Effect, atSeconds: number): void => {
    const stampMs = stamp(atSeconds);
    soonOrAt(effect.inSeconds, atSeconds, (dueSeconds) => {
      if (effect.type === 'report') report(dueSeconds);
      else if (effect.type === 'send') transmit(effect.records, stampMs, true);
      else happen(effect.event, dueSeconds);
    });
  };

  const babble = (atSeconds: number, untilSeconds: number, perSecond: number): void => {
    report(atSeconds);
    const nextSeconds = atSeconds + 1 / perSecond;
    if (alive && nextSeconds < untilSeconds) {
      scheduler.at(nextSeconds, (dueSeconds) => babble(dueSeconds, untilSeconds, perSecond));
    }
  };

  const happenToDevice = (event: z.output<typeof commonEvent>, atSeconds: number): void => {
    switch (event.do) {
      case 'die':
        alive = false;
        transport.cut();
        return;
      case 'revive':
        alive = true;
        transport.open();
        report(atSeconds);
        return;
      case 'babble':
        babble(atSeconds, atSeconds + event.forSeconds, event.perSecond);
        return;
      case 'skew':
        skewSeconds = event.seconds;
    }
  };

  const happen = (event: RawEvent, atSeconds: number): void => {
    tell({ type: 'event', atSeconds, actor: actor.id, do: event.do });
    const common = commonEvent.safeParse(event);
    // A wearer may fall while the badge is dead: the actor is told, and nothing is sent.
    if (common.success) happenToDevice(common.data, atSeconds);
    else for (const effect of actor.on(event, atSeconds)) carryOut(effect, atSeconds);
  };

  return {
    start: () => tick(0),
    happen,
    command: (payload, atSeconds) => {
      const command = parsedCommand(payload);
      if (command === undefined) {
        tell({ type: 'problem', actor: actor.id, message: 'a command that is not {"id", "do"}' });
        return;
      }
      tell({ type: 'command', atSeconds, actor: actor.id, do: command.do, id: command.id });
      for (const effect of actor.command(command, atSeconds)) carryOut(effect, atSeconds);
    },
    get sent() {
      return sent;
    },
  };
};
