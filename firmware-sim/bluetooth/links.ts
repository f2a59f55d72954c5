import type { AttServer } from './att.ts';
import {
  addressText,
  commandComplete,
  commandStatus,
  connected,
  disconnected,
  l2cap,
  type Peer,
  packetsDone,
} from './events.ts';
import type { HostPacket } from './h4.ts';

export interface LinksOptions {
  write(bytes: Uint8Array): void;
  reach(peer: Peer): (Peer & { readonly server: AttServer }) | undefined;
}

/** The connections of a controller that is their central. */
export interface Links {
  /** False: no command about connections. */
  command(opcode: number, parameters: Buffer): boolean;
  receive(packet: Extract<HostPacket, { readonly type: 'acl' }>): void;
  clear(): void;
}

const OK = 0x00;
const UNKNOWN_CONNECTION = 0x02;
const DISALLOWED = 0x0c;
const LOCAL_HOST = 0x16;
const ATT_CHANNEL = 0x0004;

interface Link {
  readonly server: AttServer;
  /** Of a message that came in several packets: what is there so far. */
  partial: Buffer;
}

/** Where the peer's address stands in the two commands that create a connection (sections 7.8.12 and 7.8.66). */
const PEER_AT = { legacy: 5, extended: 2 } as const;

const peerOf = (parameters: Buffer, at: number): Peer => ({
  addressType: parameters[at] === 0 ? 'public' : 'random',
  address: addressText(parameters.subarray(at + 1, at + 7)),
});

export const createLinks = ({ write, reach }: LinksOptions): Links => {
  const links = new Map<number, Link>();
  let nextHandle = 0x40;
  let wanted: Peer | undefined;

  const create = (opcode: number, peer: Peer): void => {
    if (wanted !== undefined) {
      write(commandStatus(opcode, DISALLOWED));
      return;
    }
    write(commandStatus(opcode, OK));
    const found = reach(peer);
    if (found === undefined) {
      wanted = peer;
      return;
    }
    const handle = nextHandle;
    nextHandle = handle === 0xeff ? 0x40 : handle + 1;
    links.set(handle, { server: found.server, partial: Buffer.alloc(0) });
    write(connected(OK, handle, found));
  };

  const cancel = (opcode: number): void => {
    write(commandComplete(opcode, wanted === undefined ? DISALLOWED : OK));
    if (wanted !== undefined) write(connected(UNKNOWN_CONNECTION, 0, wanted));
    wanted = undefined;
  };

  const disconnect = (opcode: number, parameters: Buffer): void => {
    const handle = parameters.length >= 2 ? parameters.readUInt16LE(0) : 0;
    write(commandStatus(opcode, links.has(handle) ? OK : UNKNOWN_CONNECTION));
    if (links.delete(handle)) write(disconnected(handle, LOCAL_HOST));
  };

  const answer = (handle: number, link: Link): void => {
    const { partial } = link;
    if (partial.length < 4 || partial.length < 4 + partial.readUInt16LE(0)) return;
    link.partial = Buffer.alloc(0);
    if (partial.readUInt16LE(2) !== ATT_CHANNEL) return;
    const response = link.server(partial.subarray(4));
    if (response !== undefined) write(l2cap(handle, ATT_CHANNEL, response));
  };

  return {
    command: (opcode, parameters) => {
      switch (opcode) {
        case 0x200d:
          create(opcode, peerOf(parameters, PEER_AT.legacy));
          return true;
        case 0x2043:
          create(opcode, peerOf(parameters, PEER_AT.extended));
          return true;
        case 0x200e:
          cancel(opcode);
          return true;
        case 0x0406:
          disconnect(opcode, parameters);
          return true;
        case 0x1405: // Read RSSI
          write(commandComplete(opcode, OK, parameters.subarray(0, 2), 0xc4));
          return true;
        default:
          return false;
      }
    },
    receive: ({ handle, isContinued, bytes }) => {
      const link = links.get(handle);
      if (link === undefined) return;
      link.partial = isContinued ? Buffer.concat([link.partial, bytes]) : Buffer.from(bytes);
      write(packetsDone(handle, 1));
      answer(handle, link);
    },
    clear: () => {
      links.clear();
      wanted = undefined;
    },
  };
};
