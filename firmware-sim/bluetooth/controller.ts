import type { AttServer } from './att.ts';
import {
  addressBytes,
  beginning,
  commandComplete,
  commandStatus,
  extendedReports,
  type Heard,
  hardwareError,
  LEGACY_DATA_MAX,
  legacyReport,
  type Peer,
} from './events.ts';
import { createPacketReader, type HostPacket } from './h4.ts';
import { createLinks } from './links.ts';

/** A peripheral that takes a connection. */
export interface Peripheral extends Peer {
  readonly server: AttServer;
}

export interface ControllerOptions {
  /** Its own public address. */
  readonly address: string;
  /** Knows LE extended advertising (Bluetooth 5); otherwise only what Bluetooth 4 knew. */
  readonly isExtended: boolean;
  write(bytes: Uint8Array): void;
  /** Whoever answers to this address and is near enough; undefined: nobody, and the host goes on waiting. */
  reach(peer: Peer): Peripheral | undefined;
  onScanning?(isScanning: boolean): void;
}

/** A Bluetooth LE controller as a host sees it: HCI, Core Specification 5.4, vol 4, part E. */
export interface Controller {
  /** What the host sent, however it is cut. */
  receive(chunk: Uint8Array): void;
  /** An advert reached its antenna. */
  hear(heard: Heard): void;
  /** Says nothing and hears nothing until `unmute` or a new beginning, as firmware that hangs. */
  mute(): void;
  unmute(): void;
  /** Begins anew by itself, as after a brown-out: what the host set is gone. */
  restart(): void;
  fail(code: number): void;
  /** The line was pulled: the host that comes next finds it as after power-on. */
  powerCycle(): void;
  readonly isScanning: boolean;
}

const OK = 0x00;
const UNKNOWN_COMMAND = 0x01;
const DISALLOWED = 0x0c;
const INVALID = 0x12;
/** LE meta subevents are bits of the LE event mask, the first one bit 0 (section 7.8.1). */
const REPORT_BIT = 1 << 1;
const EXTENDED_REPORT_BIT = 1 << 12;
const LE_META_BYTE = 7;
const LE_META_BIT = 0x20;
/** Sections 7.3.1 and 7.8.1: LE Meta is masked at first; of its subevents 0x01 to 0x05 are not. */
const DEFAULT_LE_MASK = 0x1f;
const DUPLICATES_MAX = 256;

type Result = readonly [status: number, ...result: readonly (number | Uint8Array)[]];
type Family = 'legacy' | 'extended';

interface State {
  leMask: number;
  leMeta: boolean;
  /** Which of the two kinds of scan commands was used: the other is refused until a reset (section 3.1.1). */
  family: Family | undefined;
  isSet: boolean;
  scanning: Family | undefined;
  /** Addresses already reported; undefined: duplicates are wanted. */
  reported: Set<string> | undefined;
}

const fresh = (): State => ({
  leMask: DEFAULT_LE_MASK,
  leMeta: false,
  family: undefined,
  isSet: false,
  scanning: undefined,
  reported: undefined,
});

export const createController = (options: ControllerOptions): Controller => {
  let state = fresh();
  let isMute = false;
  const write = (bytes: Uint8Array): void => {
    if (!isMute) options.write(bytes);
  };
  const links = createLinks({ write, reach: options.reach });

  const setScanning = (scanning: Family | undefined): void => {
    const changed = (scanning === undefined) !== (state.scanning === undefined);
    state.scanning = scanning;
    if (changed) options.onScanning?.(scanning !== undefined);
  };

  const clear = (): void => {
    setScanning(undefined);
    state = fresh();
    links.clear();
  };

  const mayScan = (family: Family): boolean => {
    if (state.family !== undefined && state.family !== family) return false;
    state.family = family;
    return true;
  };

  const setScan = (family: Family, parameters: Buffer, wanted: number): Result => {
    if (parameters.length !== wanted) return [INVALID];
    if (!mayScan(family) || state.scanning !== undefined) return [DISALLOWED];
    state.isSet = true;
    return [OK];
  };

  const enableScan = (family: Family, parameters: Buffer, wanted: number): Result => {
    if (parameters.length !== wanted) return [INVALID];
    if (!mayScan(family)) return [DISALLOWED];
    const on = parameters[0] === 1;
    state.reported = on && parameters[1] === 1 ? new Set() : undefined;
    setScanning(on ? family : undefined);
    return [OK];
  };

  /** Undefined: a command that a controller of this kind does not know. */
  const extendedResult = (opcode: number, parameters: Buffer): Result | undefined => {
    if (!options.isExtended) return undefined;
    if (opcode === 0x2041) return setScan('extended', parameters, 3 + 5);
    if (opcode === 0x2042) return enableScan('extended', parameters, 6);
    return undefined;
  };

  const resultOf = (opcode: number, parameters: Buffer): Result | undefined => {
    switch (opcode) {
      case 0x0c01: // Set Event Mask
        state.leMeta = ((parameters[LE_META_BYTE] ?? 0) & LE_META_BIT) !== 0;
        return [OK];
      case 0x0c03: // Reset
        clear();
        return [OK];
      case 0x0c6c: // Read LE Host Support
        return [OK, 1, 0];
      case 0x0c6d: // Write LE Host Support
        return [OK];
      case 0x1001: // Read Local Version Information: 5.4 or 4.0
        return [OK, Buffer.from(options.isExtended ? '0d00000dffff0000' : '06000006ffff0000', 'hex')];
      case 0x1005: // Read Buffer Size
        return [OK, Buffer.from('fb000008000000', 'hex')];
      case 0x1009: // Read BD_ADDR
        return [OK, addressBytes(options.address)];
      case 0x2001: // LE Set Event Mask
        state.leMask = parameters.length >= 8 ? parameters.readUInt32LE(0) : 0;
        return [OK];
      case 0x2002: // LE Read Buffer Size: 251 bytes, 8 packets
        return [OK, Buffer.from('fb0008', 'hex')];
      case 0x2003: // LE Read Local Supported Features: bit 12 is extended advertising
        return [OK, Buffer.of(0, options.isExtended ? 0x10 : 0, 0, 0, 0, 0, 0, 0)];
      case 0x200b:
        return setScan('legacy', parameters, 7);
      case 0x200c:
        return enableScan('legacy', parameters, 2);
      default:
        return extendedResult(opcode, parameters);
    }
  };

  const command = (opcode: number, parameters: Buffer): void => {
    if (links.command(opcode, parameters)) return;
    const result = resultOf(opcode, parameters);
    write(result === undefined ? commandStatus(opcode, UNKNOWN_COMMAND) : commandComplete(opcode, ...result));
  };

  const onPacket = (packet: HostPacket): void => {
    if (isMute) return;
    if (packet.type === 'acl') links.receive(packet);
    else command(packet.opcode, packet.parameters);
  };

  const isNew = ({ address }: Heard): boolean => {
    const { reported } = state;
    if (reported === undefined) return true;
    if (reported.has(address)) return false;
    if (reported.size < DUPLICATES_MAX) reported.add(address);
    return true;
  };

  const hear = (heard: Heard): void => {
    const { scanning, leMeta, leMask } = state;
    if (scanning === undefined || !leMeta) return;
    if (scanning === 'extended') {
      if ((leMask & EXTENDED_REPORT_BIT) !== 0 && isNew(heard))
        for (const report of extendedReports(heard)) write(report);
    } else if ((leMask & REPORT_BIT) !== 0 && heard.data.length <= LEGACY_DATA_MAX && isNew(heard)) {
      write(legacyReport(heard));
    }
  };

  return {
    receive: createPacketReader(onPacket),
    hear,
    mute: () => {
      isMute = true;
    },
    unmute: () => {
      isMute = false;
    },
    restart: () => {
      isMute = false;
      clear();
      write(beginning());
    },
    fail: (code) => write(hardwareError(code)),
    powerCycle: () => {
      isMute = false;
      clear();
    },
    get isScanning() {
      return state.scanning !== undefined && !isMute;
    },
  };
};
