import type { Frame } from '../model/frame.ts';
import type { Decoded } from '../model/sample.ts';
import { type Badges, everyBadge } from './ble/badges.ts';
import { OWN_RADIO } from './ble/kinds.ts';
import { decodeRadioFrame } from './ble/radio.ts';
import { NOTHING, unknownTopic } from './findings.ts';
import type { Memories } from './memories.ts';
import { decodeModbusFrame } from './modbus/modbus-frame.ts';
import type { Route, Router } from './router.ts';
import { decodeSerialFrame } from './serial/index.ts';

/** How a frame was decoded: by which format, and what came of it. */
export interface DecodedFrame {
  /** `kind` of the decoder; undefined where none takes the frame. */
  readonly kind: string | undefined;
  readonly decoded: Decoded;
}

/** Runs a route's decoder with the memory that belongs to it. */
export const decodeRoute = (route: Route, frame: Frame, memories: Memories, badges: Badges): Decoded => {
  const { decoder, memoryKey, params } = route;
  if (route.overheard !== undefined) for (const other of route.overheard) decodeRoute(other, frame, memories, badges);
  if (memoryKey !== undefined) {
    const memory = memories.of(memoryKey, () => decoder.startMemory?.() ?? {});
    return decoder.decode(frame, { params, memory, badges });
  }
  if (decoder.passesAdverts) return decoder.decode(frame, { params, memory: undefined, badges });
  return decoder.decode(frame, route.context);
};

const noDecoder = (frame: Frame): DecodedFrame => ({ kind: undefined, decoded: unknownTopic(frame) });

/**
 * Any frame, by the transport it came over. Never throws.
 * @param badges which adverts are of registered devices; absent: all are, each under its own address
 */
export const decodeFrame = (
  frame: Frame,
  router: Router,
  memories: Memories,
  badges: Badges = everyBadge(memories),
): DecodedFrame => {
  switch (frame.transport) {
    case 'mqtt':
    case 'http': {
      const route = router.route(frame.address);
      if (route === undefined) return noDecoder(frame);
      return { kind: route.decoder.kind, decoded: decodeRoute(route, frame, memories, badges) };
    }
    case 'ble':
      return { kind: OWN_RADIO, decoded: decodeRadioFrame(frame, badges) };
    case 'serial':
      return decodeSerialFrame(frame, memories);
    case 'modbus':
      return decodeModbusFrame(frame);
    default:
      return { kind: undefined, decoded: NOTHING };
  }
};
