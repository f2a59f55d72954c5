/** The attribute protocol, Core Specification 5.4, vol 3, part F, as far as a central needs it to find and write. */

export interface Characteristic {
  /** 16 bits (`2a06`) or 128 bits, hexadecimal, as people write them. */
  readonly uuid: string;
  /** Vol 3, part G, section 3.3.1.1: 0x04 write without response, 0x08 write. */
  readonly properties: number;
  onWrite(value: Uint8Array): void;
}

export interface Service {
  readonly uuid: string;
  readonly characteristics: readonly Characteristic[];
}

/** Answers one request; undefined: nothing is to be answered. */
export type AttServer = (request: Buffer) => Buffer | undefined;

const OP = {
  error: 0x01,
  mtuRequest: 0x02,
  readByType: 0x08,
  readByGroupType: 0x10,
  write: 0x12,
  writeCommand: 0x52,
} as const;
const INVALID_HANDLE = 0x01;
const INVALID_PDU = 0x04;
const NOT_SUPPORTED = 0x06;
const NOT_FOUND = 0x0a;
const PRIMARY_SERVICE = 0x2800;
const CHARACTERISTIC = 0x2803;
/** Fits one packet of the controller's buffers. */
const MTU = 64;

const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex').reverse();

const u16 = (value: number): Buffer => Buffer.of(value & 0xff, value >> 8);

/** One attribute of the table: a declaration that can be listed, or a value that can be written. */
interface Attribute {
  readonly handle: number;
  readonly type: number | 'value';
  /** Of a service: its last handle. */
  readonly lastHandle: number;
  readonly value: Buffer;
  readonly write?: (value: Uint8Array) => void;
}

/** Handles count up: a service, then declaration and value of each of its characteristics. */
const tableOf = (services: readonly Service[]): readonly Attribute[] => {
  const table: Attribute[] = [];
  let handle = 1;
  for (const { uuid, characteristics } of services) {
    const lastHandle = handle + 2 * characteristics.length;
    table.push({ handle, type: PRIMARY_SERVICE, lastHandle, value: uuidBytes(uuid) });
    for (const { uuid: name, properties, onWrite } of characteristics) {
      const value = Buffer.concat([Buffer.of(properties), u16(handle + 2), uuidBytes(name)]);
      table.push({ handle: handle + 1, type: CHARACTERISTIC, lastHandle: handle + 1, value });
      table.push({ handle: handle + 2, type: 'value', lastHandle: handle + 2, value: Buffer.alloc(0), write: onWrite });
      handle += 2;
    }
    handle += 1;
  }
  return table;
};

const error = (request: number, handle: number, code: number): Buffer =>
  Buffer.concat([Buffer.of(OP.error, request), u16(handle), Buffer.of(code)]);

/** Entries of one answer have one length: it ends where the next would differ, or not fit. */
const listed = (opcode: number, entries: readonly Buffer[]): Buffer => {
  const [first] = entries;
  const length = first?.length ?? 0;
  const taken: Buffer[] = [];
  for (const entry of entries) {
    if (entry.length !== length || 2 + (taken.length + 1) * length > MTU) break;
    taken.push(entry);
  }
  return Buffer.concat([Buffer.of(opcode + 1, length), ...taken]);
};

export const createAttServer = (services: readonly Service[]): AttServer => {
  const table = tableOf(services);

  const list = (request: Buffer): Buffer => {
    const opcode = request.readUInt8(0);
    if (request.length < 7) return error(opcode, 0, INVALID_PDU);
    const [from, to, type] = [request.readUInt16LE(1), request.readUInt16LE(3), request.readUInt16LE(5)];
    const found = table.filter(
      (attribute) => attribute.type === type && attribute.handle >= from && attribute.handle <= to,
    );
    if (found.length === 0) return error(opcode, from, NOT_FOUND);
    const isGroup = opcode === OP.readByGroupType;
    return listed(
      opcode,
      found.map(({ handle, lastHandle, value }) =>
        Buffer.concat([u16(handle), ...(isGroup ? [u16(lastHandle)] : []), value]),
      ),
    );
  };

  const write = (request: Buffer): Buffer => {
    const opcode = request.readUInt8(0);
    if (request.length < 3) return error(opcode, 0, INVALID_PDU);
    const handle = request.readUInt16LE(1);
    const attribute = table.find((one) => one.handle === handle);
    if (attribute?.write === undefined) return error(opcode, handle, INVALID_HANDLE);
    attribute.write(request.subarray(3));
    return Buffer.of(OP.write + 1);
  };

  return (request) => {
    const opcode = request[0];
    switch (opcode) {
      case undefined:
        return undefined;
      case OP.mtuRequest:
        return Buffer.concat([Buffer.of(OP.mtuRequest + 1), u16(MTU)]);
      case OP.readByGroupType:
      case OP.readByType:
        return list(request);
      case OP.write:
        return write(request);
      case OP.writeCommand:
        write(request);
        return undefined;
      default:
        // Responses and confirmations are odd; nothing is said to them.
        return opcode % 2 === 1 ? undefined : error(opcode, 0, NOT_SUPPORTED);
    }
  };
};
