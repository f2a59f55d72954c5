/** Packet types of the UART transport layer (Core Specification 5.4, vol 4, part A, section 2). */
export const COMMAND_PACKET = 0x01;
export const EVENT_PACKET = 0x04;

/** Opcodes: OGF << 10 | OCF (vol 4, part E, section 7). */
export const OPCODE = {
  setEventMask: 0x0c01,
  reset: 0x0c03,
  leSetEventMask: 0x2001,
  leReadLocalFeatures: 0x2003,
  leSetScanParameters: 0x200b,
  leSetScanEnable: 0x200c,
  leSetExtendedScanParameters: 0x2041,
  leSetExtendedScanEnable: 0x2042,
} as const;

/** Vol 1, part F, section 1.3: what a controller answers to a command that it does not know. */
export const UNKNOWN_COMMAND = 0x01;

/** A scan's rhythm: the controller listens for `windowMs` out of every `intervalMs`. */
export interface ScanRhythm {
  readonly intervalMs: number;
  readonly windowMs: number;
}

const command = (opcode: number, ...parameters: readonly number[]): Uint8Array =>
  Uint8Array.of(COMMAND_PACKET, opcode & 0xff, opcode >> 8, parameters.length, ...parameters);

/** Units of 0.625 ms, as sections 7.8.10 and 7.8.64 want them; 2.5 ms to 10.24 s for the older command. */
const slots = (ms: number): readonly [number, number] => {
  const count = Math.max(0x0004, Math.min(0x4000, Math.round(ms / 0.625)));
  return [count & 0xff, count >> 8];
};

export const reset = (): Uint8Array => command(OPCODE.reset);

/** Hardware Error (bit 15) and LE Meta (bit 61); Command Complete and Command Status cannot be masked (section 7.3.1). */
export const setEventMask = (): Uint8Array => command(OPCODE.setEventMask, 0, 0x80, 0, 0, 0, 0, 0, 0x20);

/** LE Advertising Report (bit 1) and LE Extended Advertising Report (bit 12), section 7.8.1. */
export const leSetEventMask = (): Uint8Array => command(OPCODE.leSetEventMask, 0x02, 0x10, 0, 0, 0, 0, 0, 0);

export const leReadLocalFeatures = (): Uint8Array => command(OPCODE.leReadLocalFeatures);

/** Feature bit 12, LE Extended Advertising (vol 6, part B, section 4.6), in the eight bytes of the answer. */
export const hasExtendedAdvertising = (features: Uint8Array): boolean => ((features[1] ?? 0) & 0x10) !== 0;

/** Passive, own address public, everybody accepted (section 7.8.10). */
export const leSetScanParameters = ({ intervalMs, windowMs }: ScanRhythm): Uint8Array =>
  command(OPCODE.leSetScanParameters, 0, ...slots(intervalMs), ...slots(windowMs), 0, 0);

/** On, duplicates not filtered (section 7.8.11). */
export const leSetScanEnable = (): Uint8Array => command(OPCODE.leSetScanEnable, 1, 0);

/** The same on the 1M PHY, on which every badge's advert begins (section 7.8.64). */
export const leSetExtendedScanParameters = ({ intervalMs, windowMs }: ScanRhythm): Uint8Array =>
  command(OPCODE.leSetExtendedScanParameters, 0, 0, 0x01, 0, ...slots(intervalMs), ...slots(windowMs));

/** On, duplicates not filtered, until told otherwise (section 7.8.65). */
export const leSetExtendedScanEnable = (): Uint8Array => command(OPCODE.leSetExtendedScanEnable, 1, 0, 0, 0, 0, 0);
