import { z } from 'zod';

const days = (what: string, standard: number) =>
  z.number().positive().max(36_500).default(standard).describe(`how long ${what} are kept, days`);

export const retentionSchema = z
  .strictObject({
    samplesDays: days('samples', 90),
    alarmsDays: days('alarms and decisions', 1095),
    journalDays: days('entries of the journal', 1095),
    positionsDays: days('positions of wearers', 7),
    identitiesDays: days('names of wearers', 30),
    rawFramesDays: days('raw frames', 7),
    rejectedDays: days('rejected and quarantined frames', 30),
  })
  .optional()
  .describe('how long each class of record is kept');
