import { canonicalMac } from '../../ingest/decoders/ble/mac.ts';
import type { VenueConfig } from './schema.ts';

const macOf = (address: string): string | undefined => canonicalMac(address.slice(address.indexOf(':') + 1));

/** The MAC addresses of badges that are named by one, by device: Bluetooth LE can reach them, whoever hears them. */
export const badgeMacs = ({ badges }: VenueConfig): ReadonlyMap<string, string> => {
  const macs = new Map<string, string>();
  for (const [id, { address = [] }] of Object.entries(badges)) {
    const mac = [address]
      .flat()
      .map(macOf)
      .find((found) => found !== undefined);
    if (mac !== undefined) macs.set(id, mac);
  }
  return macs;
};
