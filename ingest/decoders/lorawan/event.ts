import type { Frame } from '../../model/frame.ts';
import type { DecodeFailure } from '../../model/sample.ts';
import type { Stamp } from '../../model/stamp.ts';
import type { JsonObject } from '../json.ts';

/** An event of a device, and when the network server had it. */
export interface ChirpstackEvent {
  readonly frame: Frame;
  /** EUI-64, lower case. */
  readonly device: string;
  readonly message: JsonObject;
  readonly stamp: Stamp;
  readonly failures: DecodeFailure[];
}
