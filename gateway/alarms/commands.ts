import { type Command, GATEWAY_DEVICE } from '../../rules/rule.ts';
import type { CommandEvent } from '../events.ts';
import type { Log } from '../log.ts';
import type { Publisher } from './topics.ts';

/** Sends something to a device on `muster/<venue>/down/<device>`: not retained, for what is old must not be done late. */
export const downlink =
  (venueId: string, publishers: readonly Publisher[]) =>
  (device: string, payload: object): void => {
    const topic = `muster/${venueId}/down/${device}`;
    const text = JSON.stringify(payload);
    for (const publisher of publishers) publisher.publish(topic, text, { retain: false, qos: 1 });
  };

export interface CommandsOptions {
  /** To a device, as `downlink` does. */
  send(device: string, payload: object): void;
  /** Locks an account of the gateway itself. */
  lock(account: string): void;
  readonly log: Pick<Log, 'warn'>;
}

/**
 * Carries out what rules want done: what a device has to do goes to `muster/<venue>/down/<device>` as
 * `{ id, do, … }`; what the gateway itself has to do is done here.
 */
export const carryOut =
  ({ send, lock, log }: CommandsOptions) =>
  ({ rule, subject, command }: CommandEvent): void => {
    log.warn({ rule, subject, ...command }, 'a rule commands');
    if (command.device === GATEWAY_DEVICE) ofGateway(command, lock);
    else send(command.device, { ...command.with, id: command.id, do: command.do });
  };

const ofGateway = (command: Command, lock: (account: string) => void): void => {
  const { account } = command.with;
  if (command.do === 'lock' && typeof account === 'string') lock(account);
};
