import { durationText } from '../rounding.ts';
import type { Sentence } from './reasons.ts';

/** Reasons of the rules on people's duty: check-ins, hours, where they have to be. */
export const DUTY: Readonly<Record<string, Sentence>> = {
  'check-in-awaited': ({ at }) => ({ zh: `下次报到时间 ${at}`, en: `next check-in at ${at}` }),
  'check-in-due': ({ at, seconds }) => ({
    zh: `应在 ${at} 报到，${seconds} 秒内未报到将报警`,
    en: `check-in due at ${at}: alarm if it does not come within ${seconds} s`,
  }),
  'check-in-missed': ({ misses, at }) => ({
    zh: `连续 ${misses} 次未报到，下次应在 ${at}`,
    en: `${misses === 1 ? 'check-in missed' : `${misses} check-ins missed in a row`}; the next is due at ${at}`,
  }),
  'on-duty': () => ({ zh: '在岗时间正常', en: 'hours on duty within limits' }),
  rested: () => ({ zh: '离岗或已休息', en: 'off duty or rested' }),
  'on-duty-too-long': ({ hours, limit }) => ({
    zh: `已连续在岗 ${hours} 小时未休息（限 ${limit} 小时）`,
    en: `on duty for ${hours} h without a break (limit ${limit} h)`,
  }),
  'fence-kept': ({ area }) => ({ zh: `位置正常（${area}）`, en: `where they should be (${area})` }),
  'fence-outside': ({ area, meters }) => ({
    zh: `已离开 ${area}${meters === undefined ? '' : `，距边界约 ${meters} 米`}`,
    en: `outside ${area}${meters === undefined ? '' : `, about ${meters} m from its edge`}`,
  }),
  'fence-inside': ({ area, meters }) => ({
    zh: `已进入 ${area}${meters === undefined ? '' : `，距边界约 ${meters} 米`}`,
    en: `inside ${area}${meters === undefined ? '' : `, about ${meters} m from its edge`}`,
  }),
  'fence-returning': ({ area }) => ({ zh: `正在返回（${area}）`, en: `coming back (${area})` }),
  'position-unclear': ({ area }) => ({
    zh: `定位精度不足，无法判断是否在 ${area} 内`,
    en: `position too inaccurate to tell whether it is in ${area}`,
  }),
  'object-left': ({ labels, count, minutes, dropped }) => {
    const time = durationText(Number(minutes) * 60);
    return {
      zh: `${count} 件物品（${labels}）已静置 ${time.zh}${dropped === undefined ? '' : `；另有 ${dropped} 件未能跟踪`}`,
      en: `${count} object(s) (${labels}) left for ${time.en}${dropped === undefined ? '' : `; ${dropped} more not tracked`}`,
    };
  },
  'object-uncertain': ({ labels }) => ({
    zh: `摄像机已不再提及该物品（${labels}），是否移走不明`,
    en: `the camera no longer mentions the object (${labels}): whether it is gone is unknown`,
  }),
  'nothing-left': () => ({ zh: '没有遗留物品', en: 'nothing left behind' }),
};
