import { fail, put, type Reading, startReading } from '../reading.ts';

const UID = 0x00;
const URL = 0x10;
const TLM = 0x20;
const EID = 0x30;

const hexOf = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.subarray(from, to)).toString('hex');

const unsigned16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

const unsigned32 = (bytes: Uint8Array, at: number): number =>
  unsigned16(bytes, at) * 0x10000 + unsigned16(bytes, at + 2);

/** Power at 0 m, signed. */
const putPower = (reading: Reading, raw: number | undefined): void => {
  put(reading, 'txPowerDbm', ((raw ?? 0) << 24) >> 24);
};

/** The two reserved bytes at the end are left out by some. */
const readUid = (reading: Reading, bytes: Uint8Array, from: number, to: number): void => {
  if (to - from !== 18 && to - from !== 20) {
    fail(reading, 'wrong-length', '', '18 or 20 bytes of Eddystone-UID');
    return;
  }
  putPower(reading, bytes[from + 1]);
  const attributes = {
    beacon: 'eddystone-uid',
    namespace: hexOf(bytes, from + 2, from + 12),
    instance: hexOf(bytes, from + 12, from + 18),
  };
  reading.remarks = [{ about: 'eddystone', attributes }];
};

const readTlm = (reading: Reading, bytes: Uint8Array, from: number, to: number): void => {
  const version = bytes[from + 1];
  // Encrypted: opaque to whoever has no ephemeral key, like EID.
  if (version === 0x01 && to - from === 18) return;
  if (version !== 0x00) {
    fail(reading, 'unknown-version', 'version', 'Eddystone-TLM 0, or 1 (encrypted)');
    return;
  }
  if (to - from !== 14) {
    fail(reading, 'wrong-length', '', '14 bytes of Eddystone-TLM');
    return;
  }
  const millivolts = unsigned16(bytes, from + 2);
  const celsius = (unsigned16(bytes, from + 4) << 16) >> 16;
  // 0: powered by a cable; 0x8000: no thermometer.
  if (millivolts !== 0) put(reading, 'batteryVolts', millivolts / 1000);
  if (celsius !== -0x8000) put(reading, 'temperatureCelsius', celsius / 256);
  put(reading, 'uptimeSeconds', unsigned32(bytes, from + 10) / 10);
  reading.packet = unsigned32(bytes, from + 6);
};

/**
 * Eddystone, service data 0xFEAA: telemetry, identities, and that a beacon was heard.
 * Source: google/eddystone, protocol-specification.md, eddystone-uid, eddystone-tlm, eddystone-eid.
 */
export const readEddystone = (bytes: Uint8Array, from: number, to: number): Reading => {
  const type = bytes[from];
  const reading = startReading(type === TLM ? 'eddystone-tlm' : 'eddystone', type === TLM ? 32 : 0);
  if (to - from < 2) fail(reading, 'wrong-length', '', 'an Eddystone frame');
  else if (type === UID) readUid(reading, bytes, from, to);
  else if (type === TLM) readTlm(reading, bytes, from, to);
  else if (type === URL) putPower(reading, bytes[from + 1]);
  else if (type === EID && (to - from === 10 || to - from === 18)) putPower(reading, bytes[from + 1]);
  else if (type === EID) fail(reading, 'wrong-length', '', '10 bytes of Eddystone-EID');
  else fail(reading, 'unknown-version', 'type', 'an Eddystone frame: UID, URL, TLM or EID');
  return reading;
};
