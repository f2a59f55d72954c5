import type { Text } from '../rule.ts';
import type { Params, Sentence } from './reasons.ts';

const SOURCES = {
  cameras: { zh: '按摄像头', en: ' by camera' },
  fused: { zh: '综合', en: ' by all counts' },
} as const;

/** The persons counted, with the error band. */
const persons = ({ persons: count, errorPersons, from }: Params): Text => {
  const band = errorPersons === undefined ? '' : `±${errorPersons}`;
  const source = from === 'cameras' || from === 'fused' ? SOURCES[from] : { zh: '', en: '' };
  return { zh: `${source.zh}约 ${count}${band} 人`, en: `about ${count}${band} persons${source.en}` };
};

const UNITS: Readonly<Record<string, Text>> = {
  persons: { zh: ' 人', en: ' persons' },
  'persons/m²': { zh: ' 人/㎡', en: ' persons/m²' },
};

/** When the next limit comes, if it goes on like this. */
const outlook = ({ aheadMinutes, earliestMinutes, latestMinutes, aheadLimit, aheadUnit }: Params): Text | undefined => {
  if (aheadMinutes === undefined) return undefined;
  const unit = UNITS[String(aheadUnit)] ?? { zh: '', en: '' };
  const range = earliestMinutes === latestMinutes ? '' : `${earliestMinutes}–${latestMinutes}`;
  return {
    zh: `预计约 ${aheadMinutes} 分钟${range === '' ? '' : `（${range}）`}后达到 ${aheadLimit}${unit.zh}`,
    en: `${aheadLimit}${unit.en} in about ${aheadMinutes} min${range === '' ? '' : ` (${range})`} if it goes on`,
  };
};

const conflictText = ({ conflict, seen }: Params): Text =>
  conflict === 'more'
    ? {
        zh: `摄像头看到 ${seen} 人，远多于门禁计数，请清点`,
        en: `cameras see ${seen}, far more than gates let in: please count`,
      }
    : { zh: `摄像头只看到 ${seen} 人，未采信`, en: `cameras see only ${seen}: not believed` };

/** What a reader should know of how sure the count is. */
const notes = (params: Params, withOutlook = true): Text => {
  const { lacking, driftPersons, resets, jumpPersons, overflow, conflict, zeroSkipped } = params;
  const found: Text[] = [];
  const ahead = withOutlook ? outlook(params) : undefined;
  if (ahead !== undefined) found.push(ahead);
  if (lacking !== undefined)
    found.push({ zh: `${lacking} 无数据，计数不完整`, en: `no data from ${lacking}: incomplete` });
  if (overflow !== undefined) found.push({ zh: '计数设备过多，计数不完整', en: 'too many counters: incomplete' });
  if (conflict !== undefined) found.push(conflictText(params));
  if (jumpPersons !== undefined) {
    found.push({ zh: `单次上报增加 ${jumpPersons} 人，请核实`, en: `one report added ${jumpPersons}: please check` });
  }
  if (driftPersons !== undefined) {
    found.push({ zh: `计数器漏计 ${driftPersons} 人`, en: `counters missed ${driftPersons}` });
  }
  if (resets !== undefined) found.push({ zh: `计数器重置 ${resets} 次`, en: `counters reset ${resets}x` });
  if (zeroSkipped !== undefined)
    found.push({ zh: '场内似有人，未按时归零', en: 'not set to zero: it did not look empty' });
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

const flow =
  (zh: string, en: string): Sentence =>
  (params) => ({
    zh: `出口 ${params.exit ?? ''}每米每分钟通过 ${params.flow ?? 0} 人，最大 ${params.flowMax ?? ''}${zh}（${persons(params).zh}）${notes(params).zh}`,
    en: `exit ${params.exit ?? ''}: ${params.flow ?? 0} persons per metre and minute of ${params.flowMax ?? ''} at most${en} (${persons(params).en})${notes(params).en}`,
  });

const known = (params: Params): Text => {
  const count = persons(params);
  if (params.density === undefined) return count;
  return { zh: `${params.density} 人/㎡，${count.zh}`, en: `${params.density} persons/m², ${count.en}` };
};

/** The estimate is within the limits, and its error is not. */
const band =
  (zh: string, en: string): Sentence =>
  (params) => ({
    zh: `${known(params).zh}，最多可能 ${params.upTo ?? params.persons} 人${zh}${notes(params).zh}`,
    en: `${known(params).en}, perhaps as many as ${params.upTo ?? params.persons}${en}${notes(params).en}`,
  });

export const CROWD_DENSITY: Readonly<Record<string, Sentence>> = {
  'density-over': density('，超过限值 {limit}', ', above the limit of {limit}'),
  'density-rising': density('，已达限值 {limit}', ', at the limit of {limit}'),
  'density-easing': density('，正在回到限值 {limit} 以内', ', coming back within the limit of {limit}'),
  'density-ahead': (params) => ({
    zh: `${outlook(params)?.zh ?? '上升趋势已减弱'}，目前 ${known(params).zh}${notes(params, false).zh}`,
    en: `${outlook(params)?.en ?? 'the rise is over'}; now ${known(params).en}${notes(params, false).en}`,
  }),
  'density-normal': (params) => ({
    zh: `${known(params).zh}，正常${notes(params).zh}`,
    en: `${known(params).en}: normal${notes(params).en}`,
  }),
  'density-unknown': (params) => ({
    zh: `人数不明，目前已知 ${known(params).zh}${notes(params).zh}`,
    en: `persons unknown, known so far: ${known(params).en}${notes(params).en}`,
  }),
  'band-over': band('，误差范围已达橙色限值，请人工清点', ': the orange limit is within the error; please count'),
  'band-touches': band('，误差范围已达限值', ': a limit is within the error'),
  'capacity-over': capacity('，已达 {limit} 人', ', {limit} reached'),
  'capacity-rising': capacity('，接近上限', ', close to the limit'),
  'capacity-easing': capacity('，正在回到 {limit} 人以内', ', coming back under {limit}'),
  'flow-over': flow('，出口拥挤', ': it is crowded'),
  'flow-rising': flow('', ''),
  'flow-easing': flow('，正在缓解', ', easing'),
};
