import type { Alarm } from '../../rules/alarms/alarm.ts';
import type { Lane } from './audience.ts';
import type { ToldState } from './notice.ts';

/** What one lane of a channel was last told of an open alarm. */
export interface Told {
  alarm: Alarm;
  state: ToldState;
  readonly lane: Lane;
  lastKey: string;
  sameKey: number;
}

interface Place {
  readonly channel: string;
  readonly alarm: string;
  /** Empty: the channel as a whole. */
  readonly address: string;
}

/** Who was told of which open alarm. */
export interface ToldBook {
  find(place: Place): Told | undefined;
  put(place: Place, told: Told): void;
  forget(place: Place): void;
  /** By address. */
  of(channel: string, alarm: string): ReadonlyMap<string, Told>;
  /** Of each alarm that the channel was told of. */
  alarms(channel: string): Iterable<ReadonlyMap<string, Told>>;
  restore(states: readonly ToldState[], open: readonly Alarm[]): void;
}

/** As the store has it: ids of notifiers have no slash. */
export const laneName = (channel: string, address: string): string =>
  address === '' ? channel : `${channel}/${address}`;

const NOBODY: ReadonlyMap<string, Told> = new Map();

export const createToldBook = (channels: readonly string[]): ToldBook => {
  const books = new Map(channels.map((id) => [id, new Map<string, Map<string, Told>>()]));

  const put = ({ channel, alarm, address }: Place, told: Told): void => {
    const book = books.get(channel);
    const lanes = book?.get(alarm) ?? new Map<string, Told>();
    lanes.set(address, told);
    book?.set(alarm, lanes);
  };

  return {
    find: ({ channel, alarm, address }) => books.get(channel)?.get(alarm)?.get(address),
    put,
    forget: ({ channel, alarm, address }) => {
      const book = books.get(channel);
      const lanes = book?.get(alarm);
      lanes?.delete(address);
      if (lanes?.size === 0) book?.delete(alarm);
    },
    of: (channel, alarm) => books.get(channel)?.get(alarm) ?? NOBODY,
    alarms: (channel) => [...(books.get(channel)?.values() ?? [])],
    restore: (states, open) => {
      const alarms = new Map(open.map((alarm) => [alarm.id, alarm]));
      for (const state of states) {
        const [channel = '', ...rest] = state.channel.split('/');
        const address = rest.join('/');
        const alarm = alarms.get(state.alarm);
        if (alarm === undefined) continue;
        const told = { alarm, state, lane: { address, recipients: [] }, lastKey: '', sameKey: 0 };
        put({ channel, alarm: alarm.id, address }, told);
      }
    },
  };
};
