import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REASON_CODES, reasonText } from '../../rules/texts/reasons.ts';

const RULES = new URL('../../rules/', import.meta.url).pathname;

const codesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('texts'))
    .flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(/\bcode: '([a-z-]+)'/g)])
    .map(([, code = '']) => code);

describe('reasons', () => {
  test('every code that a rule gives has its sentence', () => {
    const codes = codesIn(RULES);
    expect(codes.length).toBeGreaterThan(8);
    expect(codes.filter((code) => !REASON_CODES.includes(code))).toEqual([]);
  });

  test.each(REASON_CODES)('%s reads in both languages and leaves nothing out', (code) => {
    const params = new Proxy({}, { get: (_, name) => (name === 'unobservedSeconds' ? undefined : 7) });
    const { zh, en } = reasonText({ code, params });
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(en).toMatch(/[a-z]/);
    expect(en).not.toMatch(/\p{Script=Han}/u);
    expect(zh + en).not.toMatch(/undefined|NaN|\[object/);
  });

  test.each([
    [10, 10, '预计约 10 分钟后达到 3 人/㎡', '3 persons/m² in about 10 min if it goes on'],
    [8, 14, '预计约 10 分钟（8–14）后达到 3 人/㎡', '3 persons/m² in about 10 min (8–14) if it goes on'],
  ])('when a limit comes, between %d and %d minutes', (earliestMinutes, latestMinutes, zh, en) => {
    const ahead = { aheadMinutes: 10, earliestMinutes, latestMinutes, aheadLimit: 3, aheadUnit: 'persons/m²' };
    const text = reasonText({ code: 'density-ahead', params: { density: 2, persons: 100, ...ahead } });
    expect(text.zh).toContain(zh);
    expect(text.en).toContain(en);
  });

  test('a code without a sentence is shown rather than hidden', () => {
    expect(reasonText({ code: 'brand-new', params: {} })).toEqual({ zh: 'brand-new', en: 'brand-new' });
  });

  test.each([
    [
      'fence-outside',
      { area: 'hall', meters: 40 },
      '已离开 hall，距边界约 40 米',
      'outside hall, about 40 m from its edge',
    ],
    ['fence-outside', { area: 'hall' }, '已离开 hall', 'outside hall'],
    ['fence-inside', { area: 'pit', meters: 7 }, '已进入 pit，距边界约 7 米', 'inside pit, about 7 m from its edge'],
    ['fence-inside', { area: 'pit' }, '已进入 pit', 'inside pit'],
    [
      'object-left',
      { labels: 'suitcase', count: 1, minutes: 5, dropped: 3 },
      '1 件物品（suitcase）已静置 5 分钟；另有 3 件未能跟踪',
      '1 object(s) (suitcase) left for 5 min; 3 more not tracked',
    ],
    [
      'object-left',
      { labels: 'suitcase', count: 1, minutes: 5 },
      '1 件物品（suitcase）已静置 5 分钟',
      '1 object(s) (suitcase) left for 5 min',
    ],
    [
      'check-in-missed',
      { misses: 1, at: '21:00' },
      '连续 1 次未报到，下次应在 21:00',
      'check-in missed; the next is due at 21:00',
    ],
    [
      'check-in-missed',
      { misses: 2, at: '21:00' },
      '连续 2 次未报到，下次应在 21:00',
      '2 check-ins missed in a row; the next is due at 21:00',
    ],
    [
      'access-burst',
      { address: 'gate', limit: 20, seconds: 60, accounts: 'li' },
      '60 秒内从 gate 读取了超过 20 条不同记录（账号 li）',
      'more than 20 different records read from gate within 60 s (accounts li)',
    ],
    [
      'access-burst',
      { address: 'gate', limit: 20, seconds: 60, accounts: 'li', locked: 1 },
      '60 秒内从 gate 读取了超过 20 条不同记录（账号 li），已要求锁定账号',
      'more than 20 different records read from gate within 60 s (accounts li): they are to be locked',
    ],
    [
      'overload',
      { amps: 20, ratedAmps: 16, percent: 125 },
      '电流 20 A，为额定 16 A 的 125 %，过载',
      '20 A, 125 % of the rated 16 A, overloaded',
    ],
    [
      'overload',
      { amps: 20, ratedAmps: 16, percent: 125, secondsToTrip: 300, curve: 'VI' },
      '电流 20 A，为额定 16 A 的 125 %，过载，约 5 分钟后跳闸（VI）',
      '20 A, 125 % of the rated 16 A, overloaded: trips in about 5 min (VI)',
    ],
    ['cancelled', {}, '佩戴者已取消', 'cancelled by the wearer'],
    ['cancelled', { by: '' }, '佩戴者已取消', 'cancelled by the wearer'],
    ['cancelled', { by: 'li' }, 'li 已替佩戴者取消', 'cancelled for the wearer by li'],
    ['sos-pressed', { presses: 1 }, '按下求助键', 'SOS pressed'],
    ['sos-pressed', { presses: 3 }, '第 3 次按下求助键', 'SOS pressed 3 times'],
    ['incident-zones', { zones: 4, alarms: 9 }, '4 个区域受影响，9 个报警', '4 zones affected, 9 alarms'],
    ['incident-zones', { zones: 4, alarms: 9, names: '' }, '4 个区域受影响，9 个报警', '4 zones affected, 9 alarms'],
    [
      'incident-alarms',
      { zones: 2, alarms: 9, names: 'hall, bar' },
      '2 个区域受影响（hall, bar），9 个报警',
      '2 zones affected (hall, bar), 9 alarms',
    ],
    [
      'box-sinkDownSeconds',
      { part: 'influx', value: 60, zh: '拒绝连接', en: 'refused' },
      '数据出口 influx 已 60 秒不可用：拒绝连接',
      'sink influx has taken nothing for 60 s: refused',
    ],
    [
      'box-sinkDownSeconds',
      { part: 'influx', value: 60 },
      '数据出口 influx 已 60 秒不可用',
      'sink influx has taken nothing for 60 s',
    ],
    [
      'box-unmeasured',
      { measure: 'queueAgeSeconds', part: 'influx' },
      '网关无法测得 queueAgeSeconds（influx），情况不明',
      'the gateway cannot measure queueAgeSeconds of influx: it is unknown',
    ],
    [
      'box-unmeasured',
      { measure: 'loopLagMilliseconds', part: '' },
      '网关无法测得 loopLagMilliseconds，情况不明',
      'the gateway cannot measure loopLagMilliseconds: it is unknown',
    ],
    [
      'rising-fast',
      { metric: 'temperatureCelsius', value: 6, windowSeconds: 300, limit: 5 },
      '温度快速上升，6 °C/分钟，限值 5（按 5 分钟计）',
      'temperature rises by 6 °C/min, limit 5 (over 5 min)',
    ],
    [
      'rate-normal',
      { metric: 'temperatureCelsius', value: 1, windowSeconds: 300 },
      '温度变化正常，1 °C/分钟（按 5 分钟计）',
      'temperature changes by 1 °C/min: normal (over 5 min)',
    ],
    [
      'rate-unknown',
      { metric: 'humidityPercent' },
      '湿度读数不足，变化率未知',
      'too few readings to tell how humidity changes',
    ],
    [
      'heat-rising',
      { value: 45, celsius: 35, humidity: 60, limit: 39.4, seconds: 300 },
      '体感 45 °C（35 °C，湿度 60 %），已达限值 39.4，持续 5 分钟将报警',
      'heat index 45 °C (35 °C at 60 %), at the limit of 39.4: alarm if it lasts 5 min',
    ],
    [
      'heat-stale',
      { what: 'humidity', seconds: 900 },
      '湿度已 15 分钟未更新，体感温度未知',
      'no humidity for 15 min: the heat index is unknown',
    ],
    [
      'heat-stale',
      { what: 'temperature', seconds: 60 },
      '温度已 60 秒未更新，体感温度未知',
      'no temperature for 60 s: the heat index is unknown',
    ],
    [
      'flow-over',
      { exit: 'gate', flow: 84, flowMax: 82, persons: 90 },
      '出口 gate每米每分钟通过 84 人，最大 82，出口拥挤（约 90 人）',
      'exit gate: 84 persons per metre and minute of 82 at most: it is crowded (about 90 persons)',
    ],
    [
      'band-over',
      { persons: 188, errorPersons: 113, upTo: 301 },
      '约 188±113 人，最多可能 301 人，误差范围已达橙色限值，请人工清点',
      'about 188±113 persons, perhaps as many as 301: the orange limit is within the error; please count',
    ],
  ])('%s with %j', (code, params, zh, en) => {
    expect(reasonText({ code, params })).toEqual({ zh, en });
  });
});
