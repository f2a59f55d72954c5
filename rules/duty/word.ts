import type { Metrics } from '../../ingest/model/metrics.ts';

/** What a badge says of its wearer's duty; both hold until it says otherwise. Null: it has never said. */
export interface DutyWord {
  readonly charging: boolean | null;
  readonly offDuty: boolean | null;
}

export const NO_WORD: DutyWord = { charging: null, offDuty: null };

/** Whether a device is in its charger; `before` where the sample does not say. */
export const chargingBy = <Before>({ charging }: Metrics, before: Before): Before | boolean =>
  charging === undefined ? before : charging > 0;

/** Whether a wearer is off duty; `before` where the sample does not say. */
export const offDutyBy = <Before>({ onDuty }: Metrics, before: Before): Before | boolean =>
  onDuty === undefined ? before : onDuty === 0;

/** The word with what a sample adds; the same object where it adds nothing. */
export const withWord = (word: DutyWord, metrics: Metrics): DutyWord => {
  const charging = chargingBy(metrics, word.charging);
  const offDuty = offDutyBy(metrics, word.offDuty);
  return charging === word.charging && offDuty === word.offDuty ? word : { charging, offDuty };
};

/** True while nobody is on duty with it: off duty, or in its charger. */
export const isOff = ({ charging, offDuty }: DutyWord): boolean => charging === true || offDuty === true;
