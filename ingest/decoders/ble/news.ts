import type { BadgeMemory, HeardPacket, PacketMemory } from './badges.ts';

/**
 * What an advert is, given what was heard before. `new`: believed whole. `again`: a repetition so late that it proves
 * life: its values stand again, its presses do not. `late`: overtaken by a newer packet on another way: its presses
 * count, its values are past. `duplicate`: only another hearing.
 */
export type News = 'new' | 'again' | 'late' | 'duplicate';

/** Packets of a counter that are known again. */
const HEARD_KEPT = 16;
/** Not heard for so long, the same number with the same content is another packet: a counter wrapped or began anew. */
const FORGOTTEN_MS = 60_000;
/** A device that repeats one packet for minutes still says that it is there. */
const AGAIN_MS = 30_000;
/** How far behind, in numbers and in time, the slower of two ways may be. */
const LATE_PACKETS = 8;
const LATE_MS = 10_000;

const startPackets = (): PacketMemory => ({ epoch: 0, last: -1, lastMs: 0, heard: [] });

/** A gateway that decodes itself hides the content (0): then the number alone must do. */
const isSame = ([packet, hash]: HeardPacket, number: number, content: number): boolean =>
  packet === number && (hash === content || hash === 0 || content === 0);

const keep = (packets: PacketMemory, heard: HeardPacket): void => {
  packets.heard.push(heard);
  if (packets.heard.length > HEARD_KEPT) packets.heard.shift();
};

const repeated = (heard: HeardPacket, nowMs: number): News => {
  heard[2] = Math.max(heard[2], nowMs);
  if (nowMs - heard[3] < AGAIN_MS) return 'duplicate';
  heard[3] = nowMs;
  return 'again';
};

/** True where a number that is not ahead of the last one may have been overtaken, and was not used before. */
const isOvertaken = (packets: PacketMemory, number: number, bits: number, nowMs: number): boolean => {
  const behind = (packets.last - number + 2 ** bits) % 2 ** bits;
  if (behind === 0 || behind > LATE_PACKETS || nowMs - packets.lastMs > LATE_MS) return false;
  return !packets.heard.some(([packet]) => packet === number);
};

/**
 * Judges a packet by its number and content. A number that was used before for something else means that the device
 * began anew: in doubt a packet is new, so that no call for help is taken for the repetition of another.
 * @param replayed of unknown age, from a broker's store: known numbers are repetitions however old
 */
export const judgePacket = (
  memory: BadgeMemory,
  counter: string,
  bits: number,
  number: number,
  content: number,
  nowMs: number,
  replayed: boolean,
): News => {
  const packets = Object.hasOwn(memory.packets, counter) ? memory.packets[counter] : undefined;
  const known = packets ?? startPackets();
  if (packets === undefined) memory.packets[counter] = known;
  const heard = known.heard.findLast((each) => isSame(each, number, content));
  if (heard !== undefined && (replayed || nowMs - heard[2] < FORGOTTEN_MS)) {
    return replayed ? 'duplicate' : repeated(heard, nowMs);
  }
  const isLate = isOvertaken(known, number, bits, nowMs);
  // Every step back is a new epoch, so that number and epoch name one packet.
  if (!isLate && number <= known.last) known.epoch += 1;
  keep(known, [number, content, nowMs, nowMs]);
  if (isLate) return 'late';
  known.last = number;
  known.lastMs = nowMs;
  return 'new';
};

/** What names a packet that was judged, for as long as the device lives: `17`, and after a wrap or reboot `1.17`. */
export const packetName = (memory: BadgeMemory | undefined, counter: string, number: number): string => {
  const epoch = memory?.packets[counter]?.epoch ?? 0;
  return epoch === 0 ? `${number}` : `${epoch}.${number}`;
};

const PLAIN_KEPT = 8;
/** Radios hear one transmission within this; gateways on Wi-Fi take a while. */
const PLAIN_MS = 2000;

/** Judges an advert without a counter: the same content from another receiver shortly after is the same transmission. */
export const judgePlain = (memory: BadgeMemory, content: number, receiver: string, nowMs: number): News => {
  if (content === 0) return 'new';
  const { plain } = memory;
  const at = plain.findIndex(([hash]) => hash === content);
  const known = plain[at];
  if (known !== undefined) {
    if (known[1] !== receiver && nowMs - known[2] < PLAIN_MS) return 'duplicate';
    plain.splice(at, 1);
  }
  plain.push([content, receiver, nowMs]);
  if (plain.length > PLAIN_KEPT) plain.shift();
  return 'new';
};

/** Without a packet id one long burst is one press: quiet is counted from its last repetition. */
const QUIET_MS = 10_000;
const PRESSES_KEPT = 16;

/** True for the event of a button that was quiet before. */
export const isNewPress = (memory: BadgeMemory, event: string, nowMs: number): boolean => {
  const { presses } = memory;
  const lastMs = Object.hasOwn(presses, event) ? presses[event] : undefined;
  const events = Object.keys(presses);
  const [oldest] = events;
  if (lastMs === undefined && events.length >= PRESSES_KEPT && oldest !== undefined) delete presses[oldest];
  presses[event] = nowMs;
  return lastMs === undefined || nowMs - lastMs >= QUIET_MS;
};

const SAID_KEPT = 16;

/** True where a text or an identity is another one than before. */
export const isNewRemark = (memory: BadgeMemory, about: string, text: string): boolean => {
  const { said } = memory;
  const before = Object.hasOwn(said, about) ? said[about] : undefined;
  if (before === text) return false;
  if (before === undefined && Object.keys(said).length >= SAID_KEPT) return false;
  said[about] = text;
  return true;
};
