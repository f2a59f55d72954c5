import type { Sample } from '../ingest/model/sample.ts';
import type { Venue } from '../rules/rule.ts';

/** The last sample of each channel of every registered device. Written for every sample, read now and then. */
export class LastSamples {
  readonly #venue: Venue;
  /** Of channel `''`, by the device's seat. */
  readonly #main: (Sample | undefined)[] = [];
  readonly #others = new Map<string, Map<string, Sample>>();

  constructor(venue: Venue) {
    this.#venue = venue;
  }

  put(sample: Sample): void {
    const { device, channel, seat } = sample;
    if (channel === '') {
      this.#main[seat] = sample;
      return;
    }
    const channels = this.#others.get(device);
    if (channels === undefined) this.#others.set(device, new Map([[channel, sample]]));
    else channels.set(channel, sample);
  }

  /** By channel; empty for a device that has not been heard. */
  get(device: string): ReadonlyMap<string, Sample> {
    const main = this.#main[this.#venue.devices.get(device)?.seat ?? -1];
    const others = this.#others.get(device) ?? [];
    return new Map(main === undefined ? others : [['', main], ...others]);
  }
}
