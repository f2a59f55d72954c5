import { createEventReader } from '../../../../ingest/sources/ble/hci/events.ts';
import { createFraming } from '../../../../ingest/sources/ble/hci/framing.ts';
import type { Advert } from '../../../../ingest/sources/ble/hci/reports.ts';
import { newScannerCounters } from '../../../../ingest/sources/ble/hci/scanner.ts';

export interface Answered {
  readonly opcode: number;
  readonly status: number;
  readonly result: readonly number[];
}

/** The parser alone: what it makes of the bytes that are pushed into it. */
export const listen = () => {
  const counters = newScannerCounters();
  const adverts: Advert[] = [];
  const answers: Answered[] = [];
  const errors: number[] = [];
  const reader = createEventReader(
    {
      onAdvert: (advert) => adverts.push(advert),
      onAnswer: (opcode, status, result) => answers.push({ opcode, status, result: [...result] }),
      onHardwareError: (code) => errors.push(code),
    },
    counters,
  );
  const { push } = createFraming(reader.read, counters);
  return { push, counters, adverts, answers, errors };
};

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
