import { manufacturerAdvert } from '../../../firmware-sim/bluetooth/advertising.ts';
import { type Heard, legacyReport } from '../../../firmware-sim/bluetooth/events.ts';
import { ruuvi5Data } from '../../../firmware-sim/bluetooth/ruuvi5.ts';
import { numeric } from '../../../firmware-sim/senml.ts';

export const TAGS = 100;

export const addressOf = (tag: number): string => `C0:00:00:00:00:${tag.toString(16).toUpperCase().padStart(2, '0')}`;

const advertOf = (tag: number, sequence: number): Heard => {
  const address = addressOf(tag);
  const records = [
    numeric('temperature', 'Cel', 20 + (sequence % 50) / 10, 2),
    numeric('acceleration/x', 'm/s2', 0.1, 3),
    numeric('acceleration/y', 'm/s2', 0.2, 3),
    numeric('acceleration/z', 'm/s2', 9.8, 3),
    numeric('battery', '%EL', 90, 1),
    numeric('movements', 'count', sequence % 200, 0),
  ];
  const data = manufacturerAdvert(ruuvi5Data(records, address, sequence) ?? Buffer.alloc(0));
  return { address, addressType: 'random', isConnectable: false, data, rssiDbm: -60 - (tag % 30) };
};

/** Reports of tags in turn, each with a new measurement: as many as fit into one large write. */
export const reportChunks = (): readonly Buffer[] =>
  Array.from({ length: 50 }, (_, sequence) =>
    Buffer.concat(Array.from({ length: TAGS }, (__, tag) => legacyReport(advertOf(tag, sequence)))),
  );
