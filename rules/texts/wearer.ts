import type { Sentence } from './reasons.ts';

/** Reasons of the rules that watch people: tilt, stillness, man-down, SOS. */
export const WEARER: Readonly<Record<string, Sentence>> = {
  upright: ({ degrees }) => ({ zh: `姿态正常（倾角 ${degrees}°）`, en: `upright (${degrees}°)` }),
  tilted: ({ degrees, seconds }) => ({
    zh: `倾角 ${degrees}°，已持续 ${seconds} 秒，可能跌倒`,
    en: `tilted ${degrees}° for ${seconds} s: possible fall`,
  }),
  cancelled: ({ by }) =>
    by === '' || by === undefined
      ? { zh: '佩戴者已取消', en: 'cancelled by the wearer' }
      : { zh: `${by} 已替佩戴者取消`, en: `cancelled for the wearer by ${by}` },
  'laid-down': () => ({
    zh: '胸牌平放且完全静止：已取下，不判断跌倒',
    en: 'the badge lies flat and dead still: taken off, not judged for falls',
  }),
  riding: () => ({ zh: '乘车中，不判断跌倒', en: 'in a vehicle: not judged for falls' }),
  lying: ({ degrees }) => ({ zh: `倒下（倾角 ${degrees}°）`, en: `down (${degrees}°)` }),
  'fallen-still': ({ degrees, seconds }) => ({
    zh: `倒下（倾角 ${degrees}°）且没有活动，已 ${seconds} 秒`,
    en: `down (${degrees}°) and not moving, for ${seconds} s`,
  }),
  'fallen-impact': ({ degrees, seconds }) => ({
    zh: `撞击后倒下（倾角 ${degrees}°）且没有活动，已 ${seconds} 秒`,
    en: `down (${degrees}°) after an impact and not moving, for ${seconds} s`,
  }),
  'fallen-down': ({ degrees, seconds }) => ({
    zh: `倒下（倾角 ${degrees}°）后一直没有站起，已 ${seconds} 秒`,
    en: `down (${degrees}°) and not up again, for ${seconds} s`,
  }),
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
