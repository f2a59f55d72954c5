import type { Frame } from '../../model/frame.ts';
import type { DecodeFailure } from '../../model/sample.ts';
import { createSample } from '../../model/stamp.ts';
import type { DecodedFrame } from '../decode-frame.ts';
import { onlyFailures, refused, setMetric } from '../findings.ts';
import { canonicalMac } from './mac.ts';
import { readRuuviAdvertisement } from './ruuvi-advertisement.ts';

/** The `kind` that a tag heard by our own radio is addressed with: `ruuvi:<MAC>`. */
const RUUVI_KIND = 'ruuvi';

/** A Bluetooth LE advert from our own radio: the address is the MAC, the payload the advertising data. */
export const decodeAdvertisementFrame = (frame: Frame): DecodedFrame => {
  const device = canonicalMac(frame.address);
  if (device === undefined) return { kind: undefined, decoded: refused('wrong-device', 'address', 'a MAC address') };
  const failures: DecodeFailure[] = [];
  const reading = readRuuviAdvertisement(frame.payload, '', failures);
  if (reading === undefined) return { kind: RUUVI_KIND, decoded: onlyFailures(failures) };
  const { metrics, sequence } = reading;
  if (frame.rssiDbm !== undefined) setMetric(metrics, 'rssiDbm', frame.rssiDbm, 'rssi', failures);
  const { arrivedMs } = frame;
  const hearing = { device, receiver: frame.source, rssiDbm: metrics.rssiDbm, arrivedMs };
  const sample = createSample(device, '', arrivedMs, 'arrival', arrivedMs, sequence, metrics);
  return { kind: RUUVI_KIND, decoded: { samples: [sample], occurrences: [], hearings: [hearing], failures } };
};
