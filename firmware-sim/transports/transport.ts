import type { RawEvent } from '../actors/actor.ts';
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { Pack } from '../senml.ts';

/**
 * How one device's packs get out. An actor says what it measured (names and units of SenML); a transport puts that into
 * the bytes of its own wire: SenML over MQTT, lines on a serial port, registers that a master reads, adverts.
 */
export interface Transport {
  open(): void;
  /** `urgent`: a press or a confirmation, the last to be dropped. */
  send(pack: Pack, urgent: boolean): void;
  /** Breaks off without a word, as a device does whose battery died; `open` brings it back. */
  cut(): void;
  /** Ends it, after what was sent has left or `graceMs` have passed. */
  close(graceMs: number): Promise<void>;
  /** Packs that were lost, or that this wire has no words for. */
  readonly dropped: number;
}

/** What a device is told by its transport. */
export interface Wires {
  /** A command as CONTRACT has it: JSON `{ "id", "do" }`. */
  readonly onCommand: (payload: Uint8Array) => void;
  /** Can be heard: the scenario begins when all devices can. */
  readonly onReady: () => void;
  readonly onProblem: (message: string) => void;
}

/** What every transport is made from. */
export interface TransportOptions extends Wires {
  readonly device: string;
  readonly clock: Clock;
  /** A stream of its own: what the transport draws does not disturb the actor. */
  readonly random: Random;
}

/** What several devices share: a serial port, a radio, a bus. Its name is an `actor` of events such as `unplug`. */
export interface Medium {
  happen(event: RawEvent): void;
  /** After the transports on it are closed. */
  stop(): Promise<void>;
}
