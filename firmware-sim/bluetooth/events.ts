/** Events of Core Specification 5.4, vol 4, part E, section 7.7, in the H4 frame of part A. */

const EVENT = 0x04;
const ACL = 0x02;

const event = (code: number, ...parts: readonly (number | Uint8Array)[]): Buffer => {
  const parameters = Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : part)));
  return Buffer.concat([Buffer.of(EVENT, code, parameters.length), parameters]);
};

const u16 = (value: number): Buffer => Buffer.of(value & 0xff, (value >> 8) & 0xff);

/** Section 7.7.14; one further command may be sent. */
export const commandComplete = (opcode: number, status: number, ...result: readonly (number | Uint8Array)[]): Buffer =>
  event(0x0e, 1, u16(opcode), status, ...result);

/** "No operation": the controller has begun anew. */
export const beginning = (): Buffer => event(0x0e, 1, u16(0));

export const commandStatus = (opcode: number, status: number): Buffer => event(0x0f, status, 1, u16(opcode));
export const hardwareError = (code: number): Buffer => event(0x10, code);
export const disconnected = (handle: number, reason: number): Buffer => event(0x05, 0, u16(handle), reason);
export const packetsDone = (handle: number, count: number): Buffer => event(0x13, 1, u16(handle), u16(count));

export type AddressType = 'public' | 'random';

/** `AA:BB:CC:DD:EE:FF` as it goes on the wire, lowest byte first. */
export const addressBytes = (address: string): Buffer => Buffer.from(address.replaceAll(':', ''), 'hex').reverse();

export const addressText = (bytes: Uint8Array): string =>
  [...bytes]
    .reverse()
    .map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
    .join(':');

const typeByte = (type: AddressType): number => (type === 'public' ? 0 : 1);
const signed = (value: number): number => value & 0xff;

export interface Peer {
  readonly address: string;
  readonly addressType: AddressType;
}

/** Section 7.7.65.1; we are its central. */
export const connected = (status: number, handle: number, { address, addressType }: Peer): Buffer =>
  event(0x3e, 0x01, status, u16(handle), 0, typeByte(addressType), addressBytes(address), u16(24), u16(0), u16(42), 0);

/** One advert as a receiver heard it. */
export interface Heard extends Peer {
  readonly isConnectable: boolean;
  readonly data: Uint8Array;
  readonly rssiDbm: number;
}

/** What fits into a legacy advertising PDU (vol 6, part B, section 2.3.1). */
export const LEGACY_DATA_MAX = 31;
/** What fits into one report (section 7.7.65.13). */
const REPORT_DATA_MAX = 229;

/** Section 7.7.65.2: ADV_IND or ADV_NONCONN_IND. */
export const legacyReport = ({ isConnectable, address, addressType, data, rssiDbm }: Heard): Buffer =>
  event(
    0x3e,
    0x02,
    1,
    isConnectable ? 0 : 3,
    typeByte(addressType),
    addressBytes(address),
    data.length,
    data,
    signed(rssiDbm),
  );

const extendedReport = (heard: Heard, type: number, data: Uint8Array): Buffer =>
  event(
    0x3e,
    0x0d,
    1,
    u16(type),
    typeByte(heard.addressType),
    addressBytes(heard.address),
    1, // primary PHY: LE 1M
    (type & LEGACY_PDU) === 0 ? 1 : 0, // secondary PHY: none of a legacy PDU
    (type & LEGACY_PDU) === 0 ? 0 : 0xff, // advertising set
    0x7f, // transmit power: not told
    signed(heard.rssiDbm),
    u16(0), // no periodic advertising
    0,
    Buffer.alloc(6),
    data.length,
    data,
  );

const CONNECTABLE = 0x01;
const SCANNABLE = 0x02;
const LEGACY_PDU = 0x10;
const MORE_TO_COME = 0x20;

/** Section 7.7.65.13; longer data comes in several. */
export const extendedReports = (heard: Heard): readonly Buffer[] => {
  const { data, isConnectable } = heard;
  if (data.length <= LEGACY_DATA_MAX) {
    return [extendedReport(heard, LEGACY_PDU | (isConnectable ? CONNECTABLE | SCANNABLE : 0), data)];
  }
  const type = isConnectable ? CONNECTABLE : 0;
  const reports: Buffer[] = [];
  for (let at = 0; at < data.length; at += REPORT_DATA_MAX) {
    const isLast = at + REPORT_DATA_MAX >= data.length;
    reports.push(extendedReport(heard, isLast ? type : type | MORE_TO_COME, data.subarray(at, at + REPORT_DATA_MAX)));
  }
  return reports;
};

/** A message of L2CAP (vol 3, part A, section 3.1) in one ACL packet, first of its kind. */
export const l2cap = (handle: number, channel: number, payload: Uint8Array): Buffer =>
  Buffer.concat([
    Buffer.of(ACL),
    u16(handle | (0x02 << 12)),
    u16(payload.length + 4),
    u16(payload.length),
    u16(channel),
    payload,
  ]);
