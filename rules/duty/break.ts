import type { Metrics } from '../../ingest/model/metrics.ts';

/** What a badge says of its wearer's duty; both hold until it says otherwise. Null: it has never said. */
export interface DutyWord {
  readonly charging: boolean | null;
  readonly offDuty: boolean | null;
}

export const NO_WORD: DutyWord = { charging: null, offDuty: null };

/** The word with what a sample adds; the same object where it adds nothing. */
export const withWord = (word: DutyWord, { charging, onDuty }: Metrics): DutyWord => {
  const isCharging = charging === undefined ? word.charging : charging > 0;
  const isOffDuty = onDuty === undefined ? word.offDuty : onDuty === 0;
  if (isCharging === word.charging && isOffDuty === word.offDuty) return word;
  return { charging: isCharging, offDuty: isOffDuty };
};

/** True while nobody is on duty with it: off duty, or in its charger. */
export const isOff = ({ charging, offDuty }: DutyWord): boolean => charging === true || offDuty === true;
