import type { Frame } from '../../model/frame.ts';
import type { Decoded } from '../../model/sample.ts';
import { refused } from '../findings.ts';
import { badgeOf, decodeAdvert } from './advert.ts';
import type { Badges } from './badges.ts';
import { OWN_RADIO } from './kinds.ts';
import { canonicalMac } from './mac.ts';

/** An advert from our own radio: the frame's address is the MAC, its payload the advertising data. */
export const decodeRadioFrame = (frame: Frame, badges: Badges): Decoded => {
  const mac = canonicalMac(frame.address);
  if (mac === undefined) return refused('wrong-device', 'address', 'a MAC address');
  const badge = badgeOf(badges, OWN_RADIO, mac, frame.keyHex);
  const { source, rssiDbm, arrivedMs, retained, payload } = frame;
  return decodeAdvert({ mac, receiver: source, rssiDbm, arrivedMs, retained, data: payload }, badge);
};
