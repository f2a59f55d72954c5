import type { Frame } from '../model/frame.ts';
import type { Decoded, DecodeFailure } from '../model/sample.ts';
import { createOccurrence, stampOfArrival } from '../model/stamp.ts';
import { refused, withOccurrence } from './findings.ts';
import { isJsonObject, parseJson, parseText } from './json.ts';

const ONLINE: ReadonlySet<string> = new Set(['online', 'true', 'connected']);
const OFFLINE: ReadonlySet<string> = new Set(['offline', 'false', 'stopped', 'disconnected', 'disabled']);

/** `online`, `{"state":"online"}` and `true` all occur in the wild. */
const stateOf = (frame: Frame): string | undefined => {
  const text = parseText(frame.payload);
  if (text === undefined || !text.startsWith('{')) return text;
  const ignored: DecodeFailure[] = [];
  const value = parseJson(frame.payload, ignored);
  return isJsonObject(value) && typeof value.state === 'string' ? value.state : undefined;
};

/** An availability topic: the device or its bridge says that it is online or offline. */
export const decodeAvailability = (frame: Frame, device: string): Decoded => {
  const state = stateOf(frame)?.toLowerCase();
  const kind =
    state === undefined ? undefined : ONLINE.has(state) ? 'online' : OFFLINE.has(state) ? 'offline' : undefined;
  if (kind === undefined || state === undefined) return refused('not-text', '', 'online or offline');
  return withOccurrence(createOccurrence(device, kind, undefined, stampOfArrival(frame.arrivedMs), frame, { state }));
};
