import { STILLNESS, TILT, TILT_LIMITS } from '../panels/limits.ts';
import { series, table } from '../panels/panels.ts';
import { unitOf } from '../panels/units.ts';
import { occurrencesOf } from '../queries/common.ts';
import { byDevice } from '../queries/devices.ts';
import { as, growth, influxql, last, max, mean, min } from '../queries/influxql.ts';
import { deviceOf, venueOf, zoneOf } from '../queries/variables.ts';
import { dashboardOf } from './dashboard.ts';

const X = mean('badge', 'accelerationXG');
const Y = mean('badge', 'accelerationYG');
const Z = mean('badge', 'accelerationZG');
const DEGREES_PER_RADIAN = 180 / Math.PI;

/** Angle between gravity and the badge's z axis. */
const leaning = `atan2(sqrt(${X} * ${X} + ${Y} * ${Y}), ${Z}) * ${DEGREES_PER_RADIAN}`;

export const badges = () =>
  dashboardOf({
    uid: 'muster-badges',
    title: { zh: '胸牌', en: 'Badges' },
    about: {
      zh: '胸牌是否在线、有电、在动，何时有人求助。不显示位置：默认不写入 InfluxDB。',
      en: 'Whether badges are heard, charged and moving, and when somebody called. No positions: by default they are not written to InfluxDB.',
    },
    variables: [venueOf('badge'), zoneOf('badge'), deviceOf('badge')],
    panels: [
      series({
        title: { zh: '求助与签到', en: 'Calls and check-ins' },
        about: {
          zh: '每 10 分钟的次数，按胸牌自己的上报；重复的无线电报文也计入。',
          en: 'Count of each ten minutes, as badges sent them: repetitions by radio are counted too.',
        },
        unit: 'none',
        draw: 'bars',
        queries: [
          occurrencesOf('sos', '求助 SOS'),
          occurrencesOf('fall', '跌倒 fall'),
          occurrencesOf('cancel', '取消 cancel'),
          occurrencesOf('checkin', '签到 check-in'),
        ],
      }),
      table({
        title: { zh: '最后听到的时间', en: 'Last heard' },
        about: {
          zh: '所选时间内每个胸牌最后一次上报加速度和电量的时间；不在表中的胸牌没有上报过。',
          en: 'When each badge last reported acceleration and battery within the time shown; one that is not listed was not heard.',
        },
        unit: 'none',
        width: 12,
        overrides: [
          { column: 'Time', properties: [{ id: 'unit', value: 'dateTimeFromNow' }] },
          { column: 'battery', properties: [{ id: 'unit', value: unitOf('batteryPercent') }] },
          { column: 'acceleration', properties: [{ id: 'unit', value: unitOf('accelerationXG') }] },
        ],
        queries: [
          {
            query: influxql({
              from: 'badge',
              select: [as(last('badge', 'accelerationXG'), 'acceleration')],
              by: ['device', 'zone'],
            }),
          },
          {
            query: influxql({
              from: 'badge',
              select: [as(last('badge', 'batteryPercent'), 'battery')],
              by: ['device', 'zone'],
            }),
          },
        ],
      }),
      series({
        title: { zh: '与 z 轴的倾角', en: 'Angle to the z axis' },
        about: {
          zh: `由平均加速度算出。线为规则默认值 ${TILT.degrees}°（持续 ${TILT.holdSeconds} s，低于 ${TILT.clearDegrees}° 解除）；规则用各胸牌校准的直立方向，佩戴方式不同的胸牌与此线不可比。`,
          en: `From the mean acceleration. The line is the rule's default, ${TILT.degrees}° (for ${TILT.holdSeconds} s; clears under ${TILT.clearDegrees}°); the rule measures from each badge's own calibrated upright, so the line does not fit badges worn another way.`,
        },
        unit: unitOf('tiltDegrees'),
        min: 0,
        limits: TILT_LIMITS,
        queries: [byDevice('badge', leaning, 'angle')],
      }),
      series({
        title: { zh: '上报的倾角', en: 'Tilt as reported' },
        about: {
          zh: `自行计算倾角的设备；线为规则默认值 ${TILT.degrees}°。`,
          en: `Of devices that work it out themselves; the line is the rule's default, ${TILT.degrees}°.`,
        },
        unit: unitOf('tiltDegrees'),
        limits: TILT_LIMITS,
        queries: [byDevice('badge', max('badge', 'tiltDegrees'), 'tilt')],
      }),
      series({
        title: { zh: '动作次数', en: 'Movements' },
        about: {
          zh: `胸牌动作计数在各时段的增量。${STILLNESS.minutes} 分钟没有动作即报警（规则默认值）。`,
          en: `What the badge's own count of movements grew by in each step. ${STILLNESS.minutes} minutes without any raise an alarm (the rule's default).`,
        },
        unit: unitOf('movementCount'),
        draw: 'bars',
        queries: [byDevice('badge', growth(last('badge', 'movementCount')), 'movements')],
      }),
      series({
        title: { zh: '值勤与充电', en: 'On duty and charging' },
        about: {
          zh: '1 是，0 否。充电或不值勤时不判断静止。',
          en: '1 yes, 0 no. A badge that charges or is off duty is not judged for stillness.',
        },
        unit: unitOf('onDuty'),
        draw: 'line',
        min: 0,
        queries: [
          { ...byDevice('badge', last('badge', 'onDuty'), 'on duty'), alias: '$tag_device 值勤 on duty' },
          { ...byDevice('badge', last('badge', 'charging'), 'charging'), alias: '$tag_device 充电 charging' },
        ],
      }),
      series({
        title: { zh: '电量', en: 'Battery' },
        about: {
          zh: '各时段最低电量；只有以百分比上报的胸牌。',
          en: 'The lowest of each step; of badges that report percent.',
        },
        unit: unitOf('batteryPercent'),
        width: 8,
        queries: [byDevice('badge', min('badge', 'batteryPercent'), 'battery')],
      }),
      series({
        title: { zh: '电池电压', en: 'Battery voltage' },
        about: {
          zh: '各时段最低电压；只有上报电压的胸牌。',
          en: 'The lowest of each step; of badges that report volts.',
        },
        unit: unitOf('batteryVolts'),
        width: 8,
        queries: [byDevice('badge', min('badge', 'batteryVolts'), 'battery')],
      }),
      series({
        title: { zh: '信号强度', en: 'Signal strength' },
        about: {
          zh: '各时段最弱信号；只有无线接收器上报的胸牌。',
          en: 'The weakest of each step; of badges whose receiver reports it.',
        },
        unit: unitOf('rssiDbm'),
        width: 8,
        queries: [byDevice('badge', min('badge', 'rssiDbm'), 'signal')],
      }),
    ],
  });
