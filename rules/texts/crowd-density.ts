import type { Text } from '../rule.ts';
import type { Params, Sentence } from './reasons.ts';

/** The persons counted, with the error band. */
const persons = ({ persons: count, errorPersons, from }: Params): Text => {
  const band = errorPersons === undefined ? '' : `±${errorPersons}`;
  return {
    zh: `${from === 'cameras' ? '按摄像头' : ''}约 ${count}${band} 人`,
    en: `about ${count}${band} persons${from === 'cameras' ? ' by camera' : ''}`,
  };
};

/** What a reader should know of how sure the count is. */
const notes = (params: Params): Text => {
  const { lacking, driftPersons, resets, jumpPersons, overflow } = params;
  const found: Text[] = [];
  if (lacking !== undefined)
    found.push({ zh: `${lacking} 无数据，计数不完整`, en: `no data from ${lacking}: incomplete` });
  if (overflow !== undefined) found.push({ zh: '计数设备过多，计数不完整', en: 'too many counters: incomplete' });
  if (jumpPersons !== undefined) {
    found.push({ zh: `单次上报增加 ${jumpPersons} 人，请核实`, en: `one report added ${jumpPersons}: please check` });
  }
  if (driftPersons !== undefined) {
    found.push({ zh: `计数器漏计 ${driftPersons} 人`, en: `counters missed ${driftPersons}` });
  }
  if (resets !== undefined) found.push({ zh: `计数器重置 ${resets} 次`, en: `counters reset ${resets}x` });
  return {
    zh: found.map(({ zh }) => `；${zh}`).join(''),
    en: found.map(({ en }) => `; ${en}`).join(''),
  };
};

const density =
  (zh: string, en: string): Sentence =>
  (params) => ({
    zh: `密度 ${params.density} 人/㎡${zh.replace('{limit}', String(params.limit))}（${persons(params).zh}）${notes(params).zh}`,
    en: `${params.density} persons/m²${en.replace('{limit}', String(params.limit))} (${persons(params).en})${notes(params).en}`,
  });

const capacity =
  (zh: string, en: string): Sentence =>
  (params) => ({
    zh: `${persons(params).zh}，核定 ${params.capacity} 人${zh.replace('{limit}', String(params.limit))}${notes(params).zh}`,
    en: `${persons(params).en}, capacity ${params.capacity}${en.replace('{limit}', String(params.limit))}${notes(params).en}`,
  });

const known = (params: Params): Text => {
  const count = persons(params);
  if (params.density === undefined) return count;
  return { zh: `${params.density} 人/㎡，${count.zh}`, en: `${params.density} persons/m², ${count.en}` };
};

export const CROWD_DENSITY: Readonly<Record<string, Sentence>> = {
  'density-over': density('，超过限值 {limit}', ', above the limit of {limit}'),
  'density-rising': density('，已达限值 {limit}', ', at the limit of {limit}'),
  'density-easing': density('，正在回到限值 {limit} 以内', ', coming back within the limit of {limit}'),
  'density-normal': (params) => ({
    zh: `${known(params).zh}，正常${notes(params).zh}`,
    en: `${known(params).en}: normal${notes(params).en}`,
  }),
  'density-unknown': (params) => ({
    zh: `人数不明，目前已知 ${known(params).zh}${notes(params).zh}`,
    en: `persons unknown, known so far: ${known(params).en}${notes(params).en}`,
  }),
  'capacity-over': capacity('，已达 {limit} 人', ', {limit} reached'),
  'capacity-rising': capacity('，接近上限', ', close to the limit'),
  'capacity-easing': capacity('，正在回到 {limit} 人以内', ', coming back under {limit}'),
};
