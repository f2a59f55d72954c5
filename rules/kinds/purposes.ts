import type { Text } from '../rule.ts';

/** What a kind of rule is for, in the catalogue of rules and wherever people choose one. */
export interface Purpose extends Text {
  /** How serious its alarms are where nothing is configured. */
  readonly severity: Text;
}

const plain = (severity: string): Text => ({ zh: severity, en: severity });

const BY_LEVEL: Text = { zh: 'yellow / orange / red（按级别）', en: 'yellow / orange / red by level' };
const AS_CONFIGURED: Text = { zh: '按配置', en: 'as configured' };

/** By kind. */
export const PURPOSES: Readonly<Record<string, Purpose>> = {
  'crowd-density': {
    zh: '区域的人群密度（每平方米人数），以及人数与容量之比。',
    en: 'Persons per square metre of a zone, and persons against its capacity.',
    severity: BY_LEVEL,
  },
  overcurrent: {
    zh: '回路电流超过额定值：在断路器跳闸之前告警。',
    en: 'A circuit loaded beyond its rating: warns before the breaker trips.',
    severity: BY_LEVEL,
  },
  'phase-imbalance': {
    zh: '同一配电箱的三相负载不平衡。',
    en: 'The three phases of one board are loaded unequally.',
    severity: plain('yellow'),
  },
  tilt: {
    zh: '佩戴者倒下，或带加速度计的支架倾斜。',
    en: 'A wearer lies down, or a stand with an accelerometer leans over.',
    severity: plain('orange'),
  },
  stillness: {
    zh: '佩戴者长时间没有活动。',
    en: 'A wearer has not moved for a long time.',
    severity: plain('orange'),
  },
  'man-down': {
    zh: '佩戴者倒地不动，或受到撞击后没有起身。',
    en: 'A wearer is down and does not move, or was hit and does not get up.',
    severity: plain('red'),
  },
  sos: {
    zh: '求助：按下胸牌上的按钮。',
    en: 'A call for help: a press on a badge.',
    severity: {
      zh: 'red；过时或无法判断时间的为 orange',
      en: 'red; orange for one that is too old, or of unknown age',
    },
  },
  threshold: {
    zh: '任一指标达到或超过固定限值。',
    en: 'Any metric at or beyond fixed limits.',
    severity: AS_CONFIGURED,
  },
  'rate-of-change': {
    zh: '指标变化过快，例如火灾时的温度。',
    en: 'A metric that changes too fast: a temperature as in a fire.',
    severity: AS_CONFIGURED,
  },
  'heat-index': {
    zh: '温度与湿度共同造成的热负荷。',
    en: 'Heat and humidity together are a strain on people.',
    severity: BY_LEVEL,
  },
  silent: {
    zh: '应当上报的设备没有数据。',
    en: 'A device that should report does not.',
    severity: { zh: 'yellow；有人区域的计数器为 orange', en: 'yellow; orange for the counter of an occupied zone' },
  },
  'missed-check-in': {
    zh: '应当报到的人没有报到。',
    en: 'A person who should have reported and has not.',
    severity: plain('orange'),
  },
  'on-duty-too-long': {
    zh: '佩戴者连续值班过久没有休息。',
    en: 'A wearer who has been on duty for hours without a break.',
    severity: plain('blue'),
  },
  geofence: {
    zh: '佩戴者离开或进入某个范围。',
    en: 'A wearer who has left an area, or entered one.',
    severity: plain('yellow'),
  },
  'object-left': {
    zh: '摄像机看到物品停留过久。',
    en: 'An object that a camera sees standing for too long.',
    severity: plain('yellow'),
  },
  'access-burst': {
    zh: '短时间内从同一地址读取大量不同的记录。',
    en: 'Many different records read from one address in a short time.',
    severity: plain('orange'),
  },
  'incident-class': {
    zh: '按受影响的区域和报警数量确定事件等级。',
    en: 'The class of an incident, by how many zones and alarms it affects.',
    severity: { zh: '提高等级', en: 'raises it' },
  },
  'battery-low': {
    zh: '电池即将耗尽。',
    en: 'A battery that will soon be empty.',
    severity: plain('blue'),
  },
  'gateway-health': {
    zh: '网关自身：延迟、磁盘、队列、时钟和上行连接。',
    en: 'The gateway itself: lag, disk, queues, clock and uplink.',
    severity: plain('orange'),
  },
};
