import type { Duplex } from 'node:stream';
import type { Timers } from '../timers.ts';
import {
  hasExtendedAdvertising,
  leReadLocalFeatures,
  leSetEventMask,
  leSetExtendedScanEnable,
  leSetExtendedScanParameters,
  leSetScanEnable,
  leSetScanParameters,
  OPCODE,
  reset,
  type ScanRhythm,
  setEventMask,
  UNKNOWN_COMMAND,
} from './commands.ts';
import { createEventReader, type EventCounters } from './events.ts';
import { type Answer, createExchange } from './exchange.ts';
import { createFraming, type FramingCounters } from './framing.ts';
import type { Advert } from './reports.ts';

export type ScanMode = 'extended' | 'legacy';

/** Why a scan did not come about. */
export type Refusal = Exclude<Answer, { readonly ok: true }>;

export type ScannerCounters = EventCounters & FramingCounters;

export interface ScannerOptions {
  readonly stream: Duplex;
  readonly rhythm: ScanRhythm;
  readonly timers: Timers;
  readonly counters: ScannerCounters;
  /** Stamps all that came in one piece. */
  nowMs(): number;
  onAdvert(advert: Advert, arrivedMs: number): void;
  /** The controller began anew, or says that it is broken: what it was told before is void. */
  onRestarted(why: 'reset' | 'hardware-error'): void;
}

/** A host that does one thing: listens. It keeps nothing about those it hears. */
export interface Scanner {
  /** Resets the controller and begins to scan. Never rejects. */
  begin(): Promise<ScanMode | Refusal>;
  /** Takes its hands off the stream, which is not its own to close. */
  release(): void;
}

/** The specification allows a second; a controller that boots takes longer to its first answer. */
const ANSWER_MS = 2_000;

/** "No operation": what a controller says when it has just begun (vol 4, part E, section 7.7.14). */
const NO_OPERATION = 0x0000;

export const newScannerCounters = (): ScannerCounters => ({
  bytes: 0,
  garbageBytes: 0,
  malformedEvents: 0,
  adverts: 0,
  anonymous: 0,
  otherEvents: 0,
  fragmentsDropped: 0,
  truncated: 0,
});

type Ask = (command: Uint8Array) => Promise<Answer>;

/** Asks one after the other; the first refusal ends it. */
const inTurn = async (ask: Ask, commands: readonly Uint8Array[]): Promise<Refusal | undefined> => {
  for (const command of commands) {
    const answer = await ask(command);
    if (!answer.ok) return answer;
  }
  return undefined;
};

const scanLegacy = async (ask: Ask, rhythm: ScanRhythm): Promise<ScanMode | Refusal> =>
  (await inTurn(ask, [leSetScanParameters(rhythm), leSetScanEnable()])) ?? 'legacy';

/** The old commands and the new ones must not be mixed until a reset; a refused unknown one is no use of it. */
const scanExtended = async (ask: Ask, rhythm: ScanRhythm): Promise<ScanMode | Refusal> => {
  const refused = await inTurn(ask, [leSetExtendedScanParameters(rhythm), leSetExtendedScanEnable()]);
  if (refused?.why === 'refused' && refused.status === UNKNOWN_COMMAND) return scanLegacy(ask, rhythm);
  return refused ?? 'extended';
};

const bringUp = async (ask: Ask, rhythm: ScanRhythm): Promise<ScanMode | Refusal> => {
  const refused = await inTurn(ask, [reset(), setEventMask(), leSetEventMask()]);
  if (refused !== undefined) return refused;
  const features = await ask(leReadLocalFeatures());
  if (!features.ok) return features;
  return hasExtendedAdvertising(features.result) ? scanExtended(ask, rhythm) : scanLegacy(ask, rhythm);
};

export const createScanner = (options: ScannerOptions): Scanner => {
  const { stream, rhythm, timers, counters } = options;
  const exchange = createExchange({ write: (command) => stream.write(command), timeoutMs: ANSWER_MS, timers });
  let arrivedMs = 0;
  let beginning = false;

  const reader = createEventReader(
    {
      onAdvert: (advert) => options.onAdvert(advert, arrivedMs),
      onAnswer: (opcode, status, result) => {
        if (exchange.answer(opcode, status, result) || beginning) return;
        if (opcode === NO_OPERATION || opcode === OPCODE.reset) options.onRestarted('reset');
      },
      onHardwareError: () => {
        if (!beginning) options.onRestarted('hardware-error');
      },
    },
    counters,
  );
  const framing = createFraming(reader.read, counters);

  const onData = (chunk: Uint8Array): void => {
    arrivedMs = options.nowMs();
    framing.push(chunk);
  };
  stream.on('data', onData);

  return {
    begin: async () => {
      beginning = true;
      reader.clear();
      try {
        return await bringUp(exchange.ask, rhythm);
      } finally {
        beginning = false;
      }
    },
    release: () => {
      stream.off('data', onData);
      exchange.end();
    },
  };
};
