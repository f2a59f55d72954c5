import type { Frame } from '../model/frame.ts';
import type { Decoded } from '../model/sample.ts';
import { decodeAdvertisementFrame } from './ble/advertisement-frame.ts';
import { NOTHING, refused } from './findings.ts';
import type { Memories } from './memories.ts';
import type { Route, Router } from './router.ts';
import { decodeSerialFrame } from './serial/index.ts';

/** How a frame was decoded: by which format, and what came of it. */
export interface DecodedFrame {
  /** `kind` of the decoder; undefined where none takes the frame. */
  readonly kind: string | undefined;
  readonly decoded: Decoded;
}

/** Runs a route's decoder with the memory that belongs to it. */
export const decodeRoute = (route: Route, frame: Frame, memories: Memories): Decoded => {
  const { decoder, memoryKey } = route;
  if (memoryKey === undefined) return decoder.decode(frame, route.context);
  const memory = memories.of(memoryKey, () => decoder.startMemory?.() ?? {});
  return decoder.decode(frame, { params: route.params, memory });
};

const noDecoder = (frame: Frame): DecodedFrame => ({
  kind: undefined,
  decoded: refused('unknown-topic', frame.address.slice(0, 256), `a ${frame.transport} format that Muster knows`),
});

/** Any frame, by the transport it came over. Never throws. */
export const decodeFrame = (frame: Frame, router: Router, memories: Memories): DecodedFrame => {
  switch (frame.transport) {
    case 'mqtt':
    case 'http': {
      const route = router.route(frame.address);
      if (route === undefined) return noDecoder(frame);
      return { kind: route.decoder.kind, decoded: decodeRoute(route, frame, memories) };
    }
    case 'ble':
      return decodeAdvertisementFrame(frame);
    case 'serial':
      return decodeSerialFrame(frame, memories);
    case 'modbus':
      return noDecoder(frame);
    default:
      return { kind: undefined, decoded: NOTHING };
  }
};
