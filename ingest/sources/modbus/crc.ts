/** CRC-16 of a frame (Modbus over Serial Line V1.02, 6.2.2): polynomial 0xA001, start 0xFFFF; sent low byte first. */
export const crc16 = (bytes: Uint8Array, from: number, to: number): number => {
  let crc = 0xffff;
  for (let index = from; index < to; index += 1) {
    crc ^= bytes[index] ?? 0;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xa001;
  }
  return crc;
};
