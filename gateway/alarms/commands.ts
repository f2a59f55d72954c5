import { type Command, GATEWAY_DEVICE } from '../../rules/rule.ts';
import type { CommandEvent } from '../events.ts';
import type { Log } from '../log.ts';
import type { Publisher } from './topics.ts';

export interface CommandsOptions {
  readonly venueId: string;
  readonly publishers: readonly Publisher[];
  /** Locks an account of the gateway itself. */
  lock(account: string): void;
  readonly log: Pick<Log, 'warn'>;
}

/**
 * Carries out what rules want done: what a device has to do goes to `muster/<venue>/down/<device>` as
 * `{ id, do, … }`; what the gateway itself has to do is done here.
 */
export const carryOut =
  ({ venueId, publishers, lock, log }: CommandsOptions) =>
  ({ rule, subject, command }: CommandEvent): void => {
    log.warn({ rule, subject, ...command }, 'a rule commands');
    if (command.device === GATEWAY_DEVICE) ofGateway(command, lock);
    else {
      const payload = JSON.stringify({ ...command.with, id: command.id, do: command.do });
      const topic = `muster/${venueId}/down/${command.device}`;
      for (const publisher of publishers) publisher.publish(topic, payload, { retain: false, qos: 1 });
    }
  };

const ofGateway = (command: Command, lock: (account: string) => void): void => {
  const { account } = command.with;
  if (command.do === 'lock' && typeof account === 'string') lock(account);
};
