import type { Sentence } from './reasons.ts';

/** Reasons of the rules that watch people: tilt, stillness, SOS. */
export const WEARER: Readonly<Record<string, Sentence>> = {
  upright: ({ degrees }) => ({ zh: `姿态正常（倾角 ${degrees}°）`, en: `upright (${degrees}°)` }),
  tilted: ({ degrees, seconds }) => ({
    zh: `倾角 ${degrees}°，已持续 ${seconds} 秒，可能跌倒`,
    en: `tilted ${degrees}° for ${seconds} s: possible fall`,
  }),
  'tilt-cancelled': () => ({ zh: '佩戴者已取消', en: 'cancelled by the wearer' }),
  moving: () => ({ zh: '有活动', en: 'moving' }),
  still: ({ minutes }) => ({ zh: `已 ${minutes} 分钟没有活动`, en: `no movement for ${minutes} min` }),
  paused: () => ({ zh: '充电中或不在岗，暂停监测', en: 'charging or off duty: not watched' }),
  'sos-pressed': ({ presses }) => ({
    zh: presses === 1 ? '按下求助键' : `第 ${presses} 次按下求助键`,
    en: presses === 1 ? 'SOS pressed' : `SOS pressed ${presses} times`,
  }),
  'sos-unregistered': ({ device }) => ({
    zh: `未登记的胸牌 ${device} 按下求助键`,
    en: `SOS pressed on the unregistered badge ${device}`,
  }),
  'sos-missed': () => ({
    zh: '可能有漏掉的求助：请确认佩戴者情况',
    en: 'possible missed SOS: check on the wearer',
  }),
  'sos-answered': () => ({ zh: '求助已处理', en: 'call answered' }),
  'sos-cancelled': () => ({ zh: '佩戴者已取消求助', en: 'call cancelled by the wearer' }),
};
