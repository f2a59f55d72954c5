import type { Text } from '../rule.ts';
import type { Params, Sentence } from './reasons.ts';

const affected = ({ zones, alarms, names }: Params): Text => {
  const list = names === '' || names === undefined ? '' : String(names);
  return {
    zh: `${zones} 个区域受影响${list === '' ? '' : `（${list}）`}，${alarms} 个报警`,
    en: `${zones} zones affected${list === '' ? '' : ` (${list})`}, ${alarms} alarms`,
  };
};

export const INCIDENT: Readonly<Record<string, Sentence>> = {
  'incident-zones': affected,
  'incident-alarms': affected,
  'incident-zones-soon': (params) => ({
    zh: `${affected(params).zh}，持续将升级`,
    en: `${affected(params).en}: a class if it lasts`,
  }),
  'incident-alarms-soon': (params) => ({
    zh: `${affected(params).zh}，持续将升级`,
    en: `${affected(params).en}: a class if it lasts`,
  }),
  'incident-zones-easing': (params) => ({
    zh: `${affected(params).zh}，正在缓解`,
    en: `${affected(params).en}: easing`,
  }),
  'incident-alarms-easing': (params) => ({
    zh: `${affected(params).zh}，正在缓解`,
    en: `${affected(params).en}: easing`,
  }),
  'incident-over': (params) => ({
    zh: `${affected(params).zh}，未构成事件`,
    en: `${affected(params).en}: no incident`,
  }),
};
