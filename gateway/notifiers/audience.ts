import type { AlarmEventType } from '../../rules/alarms/alarm.ts';
import type { Text } from '../../rules/rule.ts';
import type { Level } from '../response/plan.ts';
import type { NoticeGroup, Recipient } from './notice.ts';

/** Somebody whom the plan tells by name, with an address on each channel that has one. */
export interface Person extends Omit<Recipient, 'address'> {
  readonly addresses: Readonly<Record<string, string>>;
}

/** Who is to be told of an alarm now. */
export interface Audience {
  /** Ids of notifiers. */
  readonly channels: ReadonlySet<string>;
  readonly people: readonly Person[];
  /** Others are in it who have no name: a role as a group, or whoever a channel reaches. */
  readonly hasOthers: boolean;
  readonly level?: Level | undefined;
  readonly remark?: Text | undefined;
  /** It speaks for others. */
  readonly group?: NoticeGroup | undefined;
  /** Of these events those who were told before do not hear either. */
  readonly mutes?: ReadonlySet<AlarmEventType> | undefined;
}

/** Where a channel is told: as a whole, or at one address. */
export interface Lane {
  /** Empty: as a whole. */
  readonly address: string;
  readonly recipients: readonly Recipient[];
}

const recipientOf = ({ id, name, roles, addresses }: Person, channel: string): Recipient => {
  const address = Object.hasOwn(addresses, channel) ? addresses[channel] : undefined;
  return { id, name, roles, ...(address === undefined ? {} : { address }) };
};

/**
 * A channel that reaches a group is told once, with everybody's name. One that can ring each phone by itself (`byPerson`)
 * is told for each address, and as a whole for those who have none there.
 */
export const lanesOf = (channel: string, byPerson: boolean, { people, hasOthers }: Audience): readonly Lane[] => {
  const recipients = people.map((person) => recipientOf(person, channel));
  if (!byPerson) return [{ address: '', recipients }];
  const lanes = new Map<string, Recipient[]>();
  if (hasOthers || recipients.length === 0) lanes.set('', []);
  for (const recipient of recipients) {
    const { address = '' } = recipient;
    lanes.set(address, [...(lanes.get(address) ?? []), recipient]);
  }
  return [...lanes].map(([address, list]) => ({ address, recipients: list }));
};
