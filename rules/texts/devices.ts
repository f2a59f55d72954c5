import { durationText } from '../rounding.ts';
import type { Params, Sentence } from './reasons.ts';
import { measured } from './threshold.ts';

const rate =
  (zh: string, en: string): Sentence =>
  (params) => {
    const { name, value } = measured(params);
    const time = durationText(Number(params.windowSeconds));
    return {
      zh: `${name.zh}${zh.replace('{value}', `${value.zh}/分钟`)}${limitOf(params).zh}（按 ${time.zh}计）`,
      en: `${name.en} ${en.replace('{value}', `${value.en}/min`)}${limitOf(params).en} (over ${time.en})`,
    };
  };

const limitOf = ({ limit }: Params) =>
  limit === undefined ? { zh: '', en: '' } : { zh: `，限值 ${limit}`, en: `, limit ${limit}` };

const heat =
  (zh: string, en: string): Sentence =>
  ({ value, celsius, humidity, limit, seconds }) => {
    const after = seconds === undefined ? { zh: '', en: '' } : durationText(Number(seconds));
    const filled = (text: string, time: string): string =>
      text.replace('{limit}', String(limit)).replace('{time}', time);
    return {
      zh: `体感 ${value} °C（${celsius} °C，湿度 ${humidity} %）${filled(zh, after.zh)}`,
      en: `heat index ${value} °C (${celsius} °C at ${humidity} %)${filled(en, after.en)}`,
    };
  };

/** Reasons of the rules on what devices measure: rates, heat, batteries. */
export const DEVICES: Readonly<Record<string, Sentence>> = {
  'rate-normal': rate('变化正常，{value}', 'changes by {value}: normal'),
  'rate-unknown': ({ metric }) => {
    const { name } = measured({ metric: metric ?? '', value: '' });
    return { zh: `${name.zh}读数不足，变化率未知`, en: `too few readings to tell how ${name.en} changes` };
  },
  'rising-fast': rate('快速上升，{value}', 'rises by {value}'),
  'rising-fast-soon': rate('快速上升，{value}，待确认', 'rises by {value}, to be confirmed'),
  'rising-fast-easing': rate('上升趋缓，{value}', 'rises more slowly, by {value}'),
  'falling-fast': rate('快速下降，{value}', 'falls by {value}'),
  'falling-fast-soon': rate('快速下降，{value}，待确认', 'falls by {value}, to be confirmed'),
  'falling-fast-easing': rate('下降趋缓，{value}', 'falls more slowly, by {value}'),
  'heat-normal': heat('，正常', ': normal'),
  'heat-rising': heat('，已达限值 {limit}，持续 {time}将报警', ', at the limit of {limit}: alarm if it lasts {time}'),
  heat: heat('，超过限值 {limit}', ', above the limit of {limit}'),
  'heat-easing': heat('，正在回到限值 {limit} 以内', ', coming back within the limit of {limit}'),
  'heat-stale': ({ what, seconds }) => {
    const time = durationText(Number(seconds));
    const name = what === 'humidity' ? '湿度' : '温度';
    return {
      zh: `${name}已 ${time.zh}未更新，体感温度未知`,
      en: `no ${what} for ${time.en}: the heat index is unknown`,
    };
  },
  'battery-normal': ({ value, unit }) => ({
    zh: `电池 ${value} ${unit}，正常`,
    en: `battery ${value} ${unit}: normal`,
  }),
  'battery-fine': () => ({ zh: '电池正常', en: 'battery normal' }),
  'battery-charging': () => ({ zh: '充电中', en: 'charging' }),
  'battery-falling': ({ value, unit, limit }) => ({
    zh: `电池 ${value} ${unit}，已降至限值 ${limit}`,
    en: `battery ${value} ${unit}, down to the limit of ${limit}`,
  }),
  'battery-low': ({ value, unit, limit }) => ({
    zh: `电池仅剩 ${value} ${unit}（限值 ${limit}）`,
    en: `battery low: ${value} ${unit} (limit ${limit})`,
  }),
  'battery-recovering': ({ value, unit, limit }) => ({
    zh: `电池 ${value} ${unit}，正在回到限值 ${limit} 以上`,
    en: `battery ${value} ${unit}, coming back above the limit of ${limit}`,
  }),
  'battery-says-low': () => ({ zh: '设备报告电池电量低', en: 'the device says that its battery is low' }),
};
