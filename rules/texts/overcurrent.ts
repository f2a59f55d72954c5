import { durationText } from '../rounding.ts';
import type { Text } from '../rule.ts';
import type { Params, Sentence } from './reasons.ts';

const load = ({ amps, ratedAmps, percent }: Params): Text => ({
  zh: `电流 ${amps} A，为额定 ${ratedAmps} A 的 ${percent} %`,
  en: `${amps} A, ${percent} % of the rated ${ratedAmps} A`,
});

const untilTrip = ({ secondsToTrip, curve }: Params): Text => {
  if (secondsToTrip === undefined) return { zh: '', en: '' };
  const time = durationText(Number(secondsToTrip));
  return { zh: `，约 ${time.zh}后跳闸（${curve}）`, en: `: trips in about ${time.en} (${curve})` };
};

export const OVERCURRENT: Readonly<Record<string, Sentence>> = {
  'circuit-normal': (params) => ({ zh: `${load(params).zh}，正常`, en: `${load(params).en}: normal` }),
  'overload-rising': (params) => ({
    zh: `${load(params).zh}，持续将报警${untilTrip(params).zh}`,
    en: `${load(params).en}: alarm if it lasts${untilTrip(params).en}`,
  }),
  'overload-continuous': (params) => {
    const time = durationText(Number(params.seconds));
    return {
      zh: `${load(params).zh}，已持续超过 ${time.zh}`,
      en: `${load(params).en} for more than ${time.en}`,
    };
  },
  overload: (params) => ({
    zh: `${load(params).zh}，过载${untilTrip(params).zh}`,
    en: `${load(params).en}, overloaded${untilTrip(params).en}`,
  }),
  'overload-trip': (params) => ({
    zh: `${load(params).zh}，随时可能跳闸`,
    en: `${load(params).en}: about to trip`,
  }),
  'overload-instantaneous': (params) => ({
    zh: `${load(params).zh}，疑似短路，将立即跳闸`,
    en: `${load(params).en}: possible short circuit, trips at once`,
  }),
  'overload-easing': (params) => ({
    zh: `${load(params).zh}，正在回落`,
    en: `${load(params).en}: coming back`,
  }),
};

const phases = ({ percent, a, b, c }: Params): Text => ({
  zh: `三相不平衡 ${percent} %（${a} / ${b} / ${c} A）`,
  en: `phases unequal by ${percent} % (${a} / ${b} / ${c} A)`,
});

export const IMBALANCE: Readonly<Record<string, Sentence>> = {
  'phases-normal': (params) => ({ zh: `${phases(params).zh}，正常`, en: `${phases(params).en}: normal` }),
  'phases-unequal': (params) => ({
    zh: `${phases(params).zh}，超过 ${params.limit} %`,
    en: `${phases(params).en}, above ${params.limit} %`,
  }),
  'phases-unequal-soon': (params) => ({
    zh: `${phases(params).zh}，持续将报警`,
    en: `${phases(params).en}: alarm if it lasts`,
  }),
  'phases-easing': (params) => ({
    zh: `${phases(params).zh}，正在恢复`,
    en: `${phases(params).en}: coming back`,
  }),
  'phases-missing': ({ phases: lacking }) => ({
    zh: `${lacking} 相没有数据，不平衡度不明`,
    en: `no data of phase ${lacking}: the imbalance is unknown`,
  }),
};
