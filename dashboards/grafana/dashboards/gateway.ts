import { NONE_EXPECTED } from '../panels/limits.ts';
import { number, series } from '../panels/panels.ts';
import { suffix } from '../panels/units.ts';
import type { Field } from '../queries/fields.ts';
import { as, growth, growthPer, INTERVAL, influxql, last, lastLike, max } from '../queries/influxql.ts';
import type { Query } from '../queries/target.ts';
import { venueOf } from '../queries/variables.ts';
import { dashboardOf } from './dashboard.ts';

const of = (...select: string[]): string => influxql({ from: 'gateway', select, every: INTERVAL });

/** Each counter as a series of its own, called as in /healthz. */
const grown = (...counters: Field[]): Query => ({
  query: of(...counters.map((name) => as(growth(last('gateway', name)), name))),
  alias: '$col',
});

const perSecond = (...counters: Field[]): Query => ({
  query: of(...counters.map((name) => as(growthPer('1s', last('gateway', name)), name))),
  alias: '$col',
});

/** The embedded broker, and further ones by number. */
const BROKERS = '^mqtt[0-9]*';
const grownLike = (pattern: RegExp): Query => ({ query: of(growth(lastLike(pattern))), alias: '$col' });
const perSecondLike = (pattern: RegExp): Query => ({ query: of(growthPer('1s', lastLike(pattern))), alias: '$col' });

const LOST = suffix('lost');

export const gateway = () =>
  dashboardOf({
    uid: 'muster-gateway',
    title: { zh: '网关', en: 'Gateway' },
    about: {
      zh: '网关本身是否正常：负荷、丢弃、磁盘、InfluxDB 的滞后。每 10 秒一次，与 /healthz 相同。',
      en: 'Whether the gateway itself is well: load, losses, disk, how far InfluxDB is behind. Every ten seconds, as in /healthz.',
    },
    variables: [venueOf('gateway')],
    panels: [
      number({
        title: { zh: '问题', en: 'Problems' },
        about: {
          zh: '/healthz 中问题的个数；名称见 /healthz。',
          en: 'How many problems /healthz tells of; it has their names.',
        },
        unit: 'none',
        limits: NONE_EXPECTED,
        queries: [{ query: of(as(last('gateway', 'healthProblems'), 'problems')) }],
      }),
      number({
        title: { zh: '未关闭的报警', en: 'Open alarms' },
        about: { zh: '网关自己的计数。', en: "By the gateway's own count." },
        unit: suffix('alarms'),
        queries: [{ query: of(as(last('gateway', 'healthOpenAlarms'), 'alarms')) }],
      }),
      number({
        title: { zh: 'InfluxDB 滞后', en: 'InfluxDB is behind by' },
        about: {
          zh: '最早的未写入数据的年龄，每个 InfluxDB 一个；数据在本机日志中等待。',
          en: 'Age of the oldest line that is not written yet, for each InfluxDB; the log keeps it until then.',
        },
        unit: 's',
        limits: [
          { severity: 'yellow', from: 60 },
          { severity: 'orange', from: 600 },
        ],
        queries: [{ query: of(lastLike(/^influx.+LagSeconds$/)), alias: '$col' }],
      }),
      number({
        title: { zh: '最慢的提交', en: 'Slowest commit' },
        about: {
          zh: '启动以来最长的一次磁盘提交；变慢常是磁盘将坏的先兆。',
          en: 'The longest commit to disk since the start; a disk often gets slow before it fails.',
        },
        unit: 's',
        queries: [{ query: of(as(max('gateway', 'storeSlowestCommitSeconds'), 'commit')) }],
      }),
      series({
        title: { zh: '消息与样本', en: 'Messages and samples' },
        about: { zh: '每秒收到的消息和从中得到的样本。', en: 'Messages received and samples in them, per second.' },
        unit: suffix('/s'),
        min: 0,
        queries: [perSecond('intakeFrames', 'intakeSamples'), perSecondLike(new RegExp(`${BROKERS}Published$`))],
      }),
      series({
        title: { zh: '写入', en: 'Kept and written' },
        about: {
          zh: '每秒存入本机的读数、写入每个 InfluxDB 的行数。',
          en: 'Readings kept in the store, and lines written to each InfluxDB, per second.',
        },
        unit: suffix('/s'),
        min: 0,
        queries: [perSecond('storeCommittedReadings'), perSecondLike(/^influx.+WrittenLines$/)],
      }),
      series({
        title: { zh: '丢失的数据', en: 'Lost data' },
        about: {
          zh: '没能保存的样本、事件和因日志已满而未写入 InfluxDB 的读数：应当始终没有。',
          en: 'Samples and events that could not be kept, and readings given up before InfluxDB had them: there should be none.',
        },
        unit: LOST,
        draw: 'bars',
        min: 0,
        limits: NONE_EXPECTED,
        queries: [
          grown('storeDroppedSamples', 'storeDroppedOccurrences', 'storeDroppedEvents', 'storeLogRowsOverrun'),
          grownLike(/^influx.+(DroppedReadings|RejectedLines|DamagedBatches)$/),
          grown('rulesFaults', 'rulesSinkFaults', 'rulesEventListenerFaults'),
        ],
      }),
      series({
        title: { zh: '代理丢弃的消息', en: 'Messages shed by the broker' },
        about: {
          zh: '因过载、超速、订阅者太慢或队列已满而丢弃的 MQTT 消息，以及断开的慢连接。',
          en: 'MQTT messages dropped for overload, a rate, a slow subscriber or a full queue, and slow connections that were cut.',
        },
        unit: LOST,
        draw: 'bars',
        min: 0,
        limits: NONE_EXPECTED,
        queries: [
          grownLike(
            new RegExp(
              `${BROKERS}(ShedQos0|RateLimitedQos0|DroppedToSlowSubscriber|OutboxDropped|OfflineDropped|RetainRefused|TapFailures)$`,
            ),
          ),
          grown('httpDroppedConnections', 'streamSlowDropped'),
        ],
      }),
      series({
        title: { zh: '被拒的连接和请求', en: 'Refused' },
        about: {
          zh: '密码错误、越权、违反协议、连接过多：配置有误，或有人在试探。',
          en: 'Wrong credentials, forbidden topics, broken protocol, too many connections: a mistake, or somebody trying.',
        },
        unit: 'none',
        draw: 'bars',
        min: 0,
        queries: [
          grownLike(
            new RegExp(
              `${BROKERS}(RefusedConnections|RefusedCredentials|Violations|Forbidden|ForbiddenSubscriptions)$`,
            ),
          ),
        ],
      }),
      series({
        title: { zh: '无法解读的数据', en: 'Not understood' },
        about: {
          zh: '解码失败（按代码）和未登记设备的样本；详情见控制台。',
          en: 'Decode failures, by code, and samples of devices nobody has registered; the console shows them.',
        },
        unit: 'none',
        draw: 'bars',
        min: 0,
        queries: [grown('intakeFailures', 'intakeUnregistered'), grownLike(/^rejected.+/)],
      }),
      series({
        title: { zh: 'InfluxDB 滞后与重试', en: 'InfluxDB: lag and retries' },
        about: {
          zh: '滞后秒数，以及重试的请求数；滞后增长而无重试，说明写入太慢。',
          en: 'Seconds behind, and requests tried again; lag that grows without retries means that writing is too slow.',
        },
        unit: 's',
        min: 0,
        queries: [
          { query: of(lastLike(/^influx.+LagSeconds$/)), alias: '$col' },
          grownLike(/^influx.+RetriedRequests$/),
        ],
      }),
      series({
        title: { zh: '本机存储', en: 'Store' },
        about: {
          zh: '等待提交的字节、日志大小和数据库文件内的空闲空间。',
          en: 'Bytes that wait for a commit, size of the log, and unused space within the database file.',
        },
        unit: 'bytes',
        min: 0,
        queries: [
          {
            query: of(
              as(last('gateway', 'storePendingBytes'), 'storePendingBytes'),
              as(last('gateway', 'storeLogBytes'), 'storeLogBytes'),
              as(last('gateway', 'storeFreeBytes'), 'storeFreeBytes'),
            ),
            alias: '$col',
          },
        ],
      }),
    ],
  });
