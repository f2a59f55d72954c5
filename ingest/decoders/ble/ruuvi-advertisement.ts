import type { DecodeFailure } from '../../model/sample.ts';
import { manufacturerData, parseAdvertisement } from './advertisement.ts';
import { decodeRuuvi5, RUUVI_COMPANY, RUUVI_FORMAT_5, type RuuviReading } from './ruuvi5.ts';

/** The Ruuvi measurement in advertising data, or undefined with the reason in `failures`. */
export const readRuuviAdvertisement = (
  advertisement: Uint8Array,
  where: string,
  failures: DecodeFailure[],
): RuuviReading | undefined => {
  const fail = (code: DecodeFailure['code'], expected: string): undefined => {
    failures.push({ code, where, expected });
    return undefined;
  };
  const structures = parseAdvertisement(advertisement);
  if (structures === undefined) return fail('wrong-length', 'AD structures that end within the advertising data');
  const bytes = manufacturerData(structures, RUUVI_COMPANY);
  if (bytes === undefined) return fail('wrong-shape', 'manufacturer data of Ruuvi (0x0499)');
  if (bytes[0] !== RUUVI_FORMAT_5) return fail('unknown-version', 'Ruuvi data format 5');
  return decodeRuuvi5(bytes) ?? fail('wrong-length', '24 bytes of Ruuvi data format 5');
};

/** Bytes of a hexadecimal text, or undefined. Node stops at the first character that is no digit. */
export const bytesOfHex = (text: string): Uint8Array | undefined => {
  const bytes = Buffer.from(text, 'hex');
  return bytes.length > 0 && bytes.length * 2 === text.length ? bytes : undefined;
};
