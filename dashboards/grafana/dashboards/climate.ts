import { series } from '../panels/panels.ts';
import { suffix, unitOf } from '../panels/units.ts';
import { byChannel, byDevice } from '../queries/devices.ts';
import { max, mean } from '../queries/influxql.ts';
import { deviceOf, venueOf, zoneOf } from '../queries/variables.ts';
import { dashboardOf } from './dashboard.ts';

export const climate = () =>
  dashboardOf({
    uid: 'muster-climate',
    title: { zh: '环境', en: 'Climate' },
    about: {
      zh: '哪里热、湿、闷，升温多快。',
      en: 'Where it is hot, damp or stuffy, and how fast it gets hotter.',
    },
    variables: [venueOf('climate'), zoneOf('climate'), deviceOf('climate')],
    panels: [
      series({
        title: { zh: '温度', en: 'Temperature' },
        about: {
          zh: '各时段最高温度。阈值规则没有默认限值，因此没有线；何时越限见「报警」。',
          en: 'The highest of each step. A threshold rule has no default limits, so there are no lines; Alarms shows when one was passed.',
        },
        unit: unitOf('temperatureCelsius'),
        queries: [byChannel('climate', 'temperatureCelsius', max)],
      }),
      series({
        title: { zh: '升温速度', en: 'Rate of rise' },
        about: {
          zh: '平均温度每分钟的变化；持续快速上升可能是起火。',
          en: 'Change of the mean temperature per minute; a fast and steady rise may be a fire.',
        },
        unit: suffix('°C/min'),
        queries: [byDevice('climate', `derivative(${mean('climate', 'temperatureCelsius')}, 1m)`, 'rise')],
      }),
      series({
        title: { zh: '相对湿度', en: 'Relative humidity' },
        about: {
          zh: '各时段平均值；结露时可超过 100 %。',
          en: 'Mean of each step; some sensors report above 100 % when damp.',
        },
        unit: unitOf('humidityPercent'),
        queries: [byChannel('climate', 'humidityPercent', mean)],
      }),
      series({
        title: { zh: '露点', en: 'Dew point' },
        about: { zh: '各时段平均值；只有上报的设备。', en: 'Mean of each step; of devices that report it.' },
        unit: unitOf('dewPointCelsius'),
        queries: [byChannel('climate', 'dewPointCelsius', mean)],
      }),
      series({
        title: { zh: '二氧化碳', en: 'Carbon dioxide' },
        about: {
          zh: '各时段最高值；升高说明人多而通风不足。',
          en: 'The highest of each step; it rises where many people have little fresh air.',
        },
        unit: unitOf('co2Ppm'),
        width: 8,
        queries: [byChannel('climate', 'co2Ppm', max)],
      }),
      series({
        title: { zh: '气压', en: 'Pressure' },
        about: { zh: '各时段平均值；只有上报的设备。', en: 'Mean of each step; of devices that report it.' },
        unit: unitOf('pressurePascals'),
        width: 8,
        queries: [byChannel('climate', 'pressurePascals', mean)],
      }),
      series({
        title: { zh: '照度', en: 'Illuminance' },
        about: {
          zh: '各时段平均值；疏散通道应始终有光。',
          en: 'Mean of each step; escape routes should never be dark.',
        },
        unit: unitOf('illuminanceLux'),
        width: 8,
        queries: [byChannel('climate', 'illuminanceLux', mean)],
      }),
    ],
  });
