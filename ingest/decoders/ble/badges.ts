import type { Memories } from '../memories.ts';

/** A packet lately heard: its number, what stands for its content, when it was last heard and when last believed. */
export type HeardPacket = [packet: number, hash: number, heardMs: number, takenMs: number];

/** Packets of one counter. */
export interface PacketMemory {
  /** Rises when the counter wraps or the device reboots, so that number and epoch together name one packet. */
  epoch: number;
  last: number;
  lastMs: number;
  /** Oldest first. */
  heard: HeardPacket[];
}

export interface CipherMemory {
  last: number;
  lastMs: number;
  heard: [counter: number, mic: number, heardMs: number][];
  /** Integrity codes of packets with a counter below the reboot tolerance: none of them is believed again. */
  low: number[];
}

/** Frames of a Minew button at rest. */
export interface RestMemory {
  sinceMs: number;
  lastMs: number;
  frames: number;
}

/** What is remembered of a registered badge, whichever radios hear it. Plain JSON, bounded. */
export interface BadgeMemory {
  packets: Record<string, PacketMemory>;
  /** Adverts without a counter. */
  plain: [hash: number, receiver: string, takenMs: number][];
  /** When each event of a button without packet id was last heard. */
  presses: Record<string, number>;
  said: Record<string, string>;
  cipher: CipherMemory | null;
  rest: RestMemory | null;
  /** When the extended format of a Ruuvi Air was last heard; 0: never. */
  extendedMs: number;
}

export const startBadgeMemory = (): BadgeMemory => ({
  packets: {},
  plain: [],
  presses: {},
  said: {},
  cipher: null,
  rest: null,
  extendedMs: 0,
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCipher = (value: unknown): boolean =>
  value === null ||
  (isRecord(value) && typeof value.last === 'number' && Array.isArray(value.heard) && Array.isArray(value.low));

const isPackets = (value: unknown): boolean =>
  isRecord(value) && typeof value.epoch === 'number' && typeof value.last === 'number' && Array.isArray(value.heard);

/** False for what an earlier program may have saved in another shape. */
const isBadgeMemory = (value: unknown): value is BadgeMemory =>
  isRecord(value) &&
  isRecord(value.packets) &&
  Object.values(value.packets).every(isPackets) &&
  Array.isArray(value.plain) &&
  isRecord(value.presses) &&
  isRecord(value.said) &&
  isCipher(value.cipher) &&
  (value.rest === null || isRecord(value.rest)) &&
  typeof value.extendedMs === 'number';

/** A registered device that advertises. */
export interface Badge {
  readonly memory: BadgeMemory;
  /** Its bind key; a device that has one is believed only when encrypted. */
  readonly key: Uint8Array | undefined;
  /** Somebody looks at single adverts: what is nothing of ours is said, too, not only passed over. */
  readonly explains: boolean;
}

/** Which adverts are of registered devices. Strangers leave no trace: there are millions of them. */
export interface Badges {
  /** @param kind as in addresses, `ble` for a radio of our own */
  of(kind: string, mac: string): Badge | undefined;
}

export interface BadgesOptions {
  readonly memories: Memories;
  /** Id of the registered device, or undefined for a stranger. */
  idOf(kind: string, mac: string): string | undefined;
  /** By id. */
  readonly keys?: ReadonlyMap<string, Uint8Array>;
  readonly explains?: boolean;
}

export const NO_BADGES: Badges = { of: () => undefined };

export const createBadges = ({ memories, idOf, keys, explains = false }: BadgesOptions): Badges => {
  /** One for each registered device, renewed when its memory is another object. */
  const badges = new Map<string, Badge>();

  const soundMemory = (memory: unknown): BadgeMemory => {
    if (isBadgeMemory(memory)) return memory;
    const fresh = startBadgeMemory();
    // In place: the host goes on saving the object that it knows.
    return typeof memory === 'object' && memory !== null ? Object.assign(memory, fresh) : fresh;
  };

  return {
    of(kind, mac) {
      const id = idOf(kind, mac);
      if (id === undefined) return undefined;
      const memory = memories.of(`ble:${id}`, startBadgeMemory);
      const known = badges.get(id);
      if (known !== undefined && known.memory === memory) return known;
      const badge = { memory: soundMemory(memory), key: keys?.get(id), explains };
      badges.set(id, badge);
      return badge;
    },
  };
};

/** For looking at single adverts: every device is registered, under its MAC address. */
export const everyBadge = (memories: Memories): Badges =>
  createBadges({ memories, idOf: (_, mac) => mac, explains: true });
