import type { Reason, Text } from '../rule.ts';
import { ACCESS } from './access.ts';
import { BOX } from './box.ts';
import { CROWD_DENSITY } from './crowd-density.ts';
import { DEVICES } from './devices.ts';
import { DUTY } from './duty.ts';
import { INCIDENT } from './incident.ts';
import { LIVENESS } from './liveness.ts';
import { IMBALANCE, OVERCURRENT } from './overcurrent.ts';
import { THRESHOLD } from './threshold.ts';
import { WEARER } from './wearer.ts';

export type Params = Reason['params'];

/** The sentence of a reason in both languages, from its figures. */
export type Sentence = (params: Params) => Text;

const SENTENCES: Readonly<Record<string, Sentence>> = {
  ...CROWD_DENSITY,
  ...OVERCURRENT,
  ...IMBALANCE,
  ...THRESHOLD,
  ...WEARER,
  ...DUTY,
  ...DEVICES,
  ...LIVENESS,
  ...INCIDENT,
  ...ACCESS,
  ...BOX,
};

const unobserved = (params: Params): Text => {
  const seconds = params.unobservedSeconds;
  if (seconds === undefined) return { zh: '', en: '' };
  return { zh: `（含 ${seconds} 秒未观测）`, en: ` (includes ${seconds} s not observed)` };
};

/** Renders a reason for people; a code without a sentence is shown as it is rather than hidden. */
export const reasonText = (reason: Reason): Text => {
  const sentence = SENTENCES[reason.code];
  const text = sentence === undefined ? { zh: reason.code, en: reason.code } : sentence(reason.params);
  const gap = unobserved(reason.params);
  return { zh: text.zh + gap.zh, en: text.en + gap.en };
};

export const REASON_CODES: readonly string[] = Object.keys(SENTENCES);
