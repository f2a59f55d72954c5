/** A device's channel: what a sample's source number stands for. */
export interface SourceName {
  readonly device: string;
  readonly channel: string;
}

/** A source as it is kept: with the last stored time it was given, Unix microseconds; 0: none yet. */
export interface KnownSource extends SourceName {
  readonly number: number;
  readonly lastUs: number;
}

/** A clock that was set back by more than this starts again from there; less is jitter, and time waits for it. */
const STEP_BACK_US = 1_000_000;

const INITIAL_SOURCES = 1024;

const grown = (old: Float64Array): Float64Array<ArrayBuffer> => {
  const larger = new Float64Array(old.length * 2);
  larger.set(old);
  return larger;
};

/**
 * The numbers of sources, and their stored time: strictly increasing per source in whole microseconds, so that two
 * samples of one millisecond do not overwrite each other. Late samples keep their own time, in a lane of its own.
 * As many entries as there are registered devices and their channels (at most 64 each).
 */
export class Sources {
  /** Of the channel `''`, which nearly every device has alone, by the device's seat: numbers, and whose they are. */
  readonly #seatNumbers: number[] = [];
  readonly #seatDevices: string[] = [];
  readonly #plain = new Map<string, number>();
  readonly #channels = new Map<string, Map<string, number>>();
  readonly #names: SourceName[] = [];
  #lastUs = new Float64Array(INITIAL_SOURCES);
  #lastLateUs = new Float64Array(INITIAL_SOURCES);

  /** @param known of earlier runs, numbered from 0 without a gap */
  constructor(known: Iterable<KnownSource> = []) {
    for (const { device, channel, number, lastUs } of known) {
      if (this.add(device, channel) !== number) throw new TypeError(`source ${number} is out of order`);
      this.#lastUs[number] = lastUs;
    }
  }

  get names(): readonly SourceName[] {
    return this.#names;
  }

  /**
   * -1: not known yet.
   * @param seat the device's place in the registry; -1: it has none
   */
  numberOf(device: string, channel: string, seat: number): number {
    if (channel !== '') return this.#channels.get(device)?.get(channel) ?? -1;
    if (seat >= 0 && this.#seatDevices[seat] === device) return this.#seatNumbers[seat] ?? -1;
    const number = this.#plain.get(device) ?? -1;
    if (seat >= 0 && number >= 0) this.#takeSeat(seat, device, number);
    return number;
  }

  #takeSeat(seat: number, device: string, number: number): void {
    // Without holes: V8 would make a hash table of a list that begins at its end.
    for (let next = this.#seatDevices.length; next <= seat; next += 1) {
      this.#seatDevices.push('');
      this.#seatNumbers.push(-1);
    }
    this.#seatDevices[seat] = device;
    this.#seatNumbers[seat] = number;
  }

  add(device: string, channel: string): number {
    const number = this.#names.length;
    this.#names.push({ device, channel });
    const channels = this.#channels.get(device);
    if (channel === '') this.#plain.set(device, number);
    else if (channels === undefined) this.#channels.set(device, new Map([[channel, number]]));
    else channels.set(channel, number);
    if (number >= this.#lastUs.length) {
      this.#lastUs = grown(this.#lastUs);
      this.#lastLateUs = grown(this.#lastLateUs);
    }
    return number;
  }

  /** The stored time of a source's next sample, Unix microseconds. */
  stamp(number: number, timeMs: number, late: boolean): number {
    const last = late ? this.#lastLateUs : this.#lastUs;
    const wantedUs = Math.round(timeMs * 1000);
    const lastUs = last[number] ?? 0;
    const us = wantedUs <= lastUs && lastUs - wantedUs < STEP_BACK_US ? lastUs + 1 : wantedUs;
    last[number] = us;
    return us;
  }
}
