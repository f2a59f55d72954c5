import { ADVERT_KINDS, OWN_RADIO } from './decoders/ble/kinds.ts';
import { isCanonicalMac } from './decoders/ble/mac.ts';
import type { Device } from './model/device.ts';
import type { Occurrence } from './model/sample.ts';

/** A call for help is judged whoever sends it, and so is the word of a bridge. */
export const judgedFromStrangers = (occurrence: Occurrence): boolean =>
  occurrence.kind === 'sos' ||
  occurrence.kind === 'fall' ||
  occurrence.kind === 'cancel' ||
  occurrence.kind === 'online' ||
  occurrence.kind === 'offline';

/** The occurrence as what its button means to this device; a press that means nothing stays a press. */
export const meantBy = (device: Device, occurrence: Occurrence): Occurrence => {
  const { press } = occurrence.attributes;
  const { buttons } = device;
  if (occurrence.kind !== 'button' || typeof press !== 'string' || buttons === undefined) return occurrence;
  const meaning = Object.hasOwn(buttons, press) ? buttons[press] : undefined;
  return meaning === undefined || meaning === 'none' ? occurrence : { ...occurrence, kind: meaning };
};

/** What is heard on several ways is one thing to register: under the address that holds for all of them. */
export const addressKind = (kind: string, name: string): string =>
  ADVERT_KINDS.has(kind) && isCanonicalMac(name) ? OWN_RADIO : kind;
