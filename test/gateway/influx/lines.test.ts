import { describe, expect, test } from 'vitest';
import { eventLine } from '../../../gateway/influx/lines/events.ts';
import { factLine } from '../../../gateway/influx/lines/facts.ts';
import { counterField, gatewayLine } from '../../../gateway/influx/lines/gateway.ts';
import { recordLines } from '../../../gateway/influx/lines/record-lines.ts';
import type { BatchEncoder } from '../../../gateway/store/batch/encoder.ts';
import { BatchReader } from '../../../gateway/store/batch/reader.ts';
import { createOccurrence, createSample } from '../../../ingest/model/stamp.ts';
import type { Alarm } from '../../../rules/alarms/alarm.ts';
import { sampleOf, testLog } from './log.ts';

const T = 1_795_485_952_000;
const OPTIONS = {
  venue: 'hall',
  zones: new Map([
    ['kitchen', 'foyer'],
    ['badge-07', 'stage'],
  ]),
  positions: false,
};

const linesOf = (pack: (batch: BatchEncoder) => void, options = OPTIONS): readonly string[] => {
  const log = testLog();
  log.commit(pack);
  const records = recordLines(options, log.names);
  const lines: string[] = [];
  const reader = new BatchReader(log.after(0)?.bytes ?? new Uint8Array());
  records.begin();
  while (reader.next()) records.add(reader, lines);
  return lines;
};

const ALARM: Alarm = {
  id: 'heat.kitchen.abc',
  rule: 'heat',
  kind: 'threshold',
  subject: 'kitchen',
  zone: 'foyer',
  severity: 'orange',
  condition: 'active',
  human: 'unacknowledged',
  raisedAt: '',
  changedAt: '',
  value: 41.5,
  limit: 40,
  reason: { code: 'x', zh: '', en: '' },
  guidance: { zh: '', en: '' },
};

describe('samples', () => {
  test('a line a family; tags in order, none without a value', () => {
    expect(
      linesOf((batch) => {
        batch.sample(sampleOf('kitchen', { temperatureCelsius: 21.5, batteryVolts: 3.01, linkQuality: 88 }, T));
        batch.sample(sampleOf('mains', { currentAmps: 12, voltageVolts: -0 }, T + 1, 'a'));
      }),
    ).toEqual([
      `climate,device=kitchen,venue=hall,zone=foyer temperatureCelsius=21.5 ${T}000`,
      `badge,device=kitchen,venue=hall,zone=foyer batteryVolts=3.01 ${T}000`,
      `gateway,device=kitchen,venue=hall,zone=foyer linkQuality=88 ${T}000`,
      `power,channel=a,device=mains,venue=hall currentAmps=12,voltageVolts=0 ${T + 1}000`,
    ]);
  });

  test('where a wearer is goes nowhere unless it is asked for; a sample of nothing else makes no line', () => {
    const position = { latitudeDegrees: 31.2, longitudeDegrees: 121.5, speedMetersPerSecond: 1, courseDegrees: 90 };
    const pack = (batch: BatchEncoder): void => {
      batch.sample(sampleOf('badge-07', { ...position, batteryPercent: 80 }, T));
      batch.sample(sampleOf('badge-07', position, T + 1));
    };
    expect(linesOf(pack)).toEqual([`badge,device=badge-07,venue=hall,zone=stage batteryPercent=80 ${T}000`]);
    const [first, second] = linesOf(pack, { ...OPTIONS, positions: true });
    expect(first).toContain('latitudeDegrees=31.2,longitudeDegrees=121.5');
    expect(second).toContain('courseDegrees=90');
  });

  test('samples of one millisecond stay apart; the stamp of the device stands beside the time where they differ', () => {
    const lines = linesOf((batch) => {
      batch.sample(sampleOf('kitchen', { co2Ppm: 1 }, T));
      batch.sample(sampleOf('kitchen', { co2Ppm: 2 }, T));
      batch.sample(createSample('kitchen', '', T - 90_000, 'device', T + 5, undefined, { co2Ppm: 3 }));
      batch.sample(createSample('kitchen', '', T + 6, 'device', T + 6, undefined, { co2Ppm: 4 }));
    });
    expect(lines.map((line) => line.split(' ').slice(1).join(' '))).toEqual([
      `co2Ppm=1 ${T}000`,
      `co2Ppm=2 ${T}001`,
      `co2Ppm=3,deviceTimeMs=${T - 90_000},deviceOffsetMs=-90005 ${T + 5}000`,
      `co2Ppm=4 ${T + 6}000`,
    ]);
  });

  test('numbers that are none are left out', () => {
    const lines = linesOf((batch) => {
      batch.sample(sampleOf('kitchen', { co2Ppm: Number.NaN, humidityPercent: 5 }, T));
      batch.sample(sampleOf('kitchen', { co2Ppm: Infinity }, T + 1));
    });
    expect(lines).toEqual([`climate,device=kitchen,venue=hall,zone=foyer humidityPercent=5 ${T}000`]);
  });
});

describe('facts', () => {
  test('a zone has no device; what is not known is no field, and least of all 0', () => {
    const zone = (fields: Extract<Parameters<typeof factLine>[1], { type: 'zone' }>['fields']): string =>
      factLine(OPTIONS, { type: 'zone', zone: 'east gate', fields }, 5);
    expect(
      zone({ complete: 1, standing: 0, capacity: 300, areaM2: 60, errorPersons: 0, densityPerM2: 2.05, persons: 123 }),
    ).toBe(
      'crowd,venue=hall,zone=east\\ gate persons=123,densityPerM2=2.05,errorPersons=0,areaM2=60,capacity=300,standing=0,complete=1 5',
    );
    expect(zone({ persons: 0, densityPerM2: 0, standing: 1, complete: 1 })).toContain(' persons=0,densityPerM2=0,');
    expect(zone({ persons: Number.NaN, areaM2: 60, standing: 0, complete: 0 })).toBe(
      'crowd,venue=hall,zone=east\\ gate areaM2=60,standing=0,complete=0 5',
    );
  });

  test('a rating has the tags of the readings that it is about', () => {
    const rating = (device: string, channel: string): string =>
      factLine(OPTIONS, { type: 'rating', device, channel, ratedAmps: 32 }, 5);
    expect(rating('kitchen', '')).toBe('power,device=kitchen,venue=hall,zone=foyer ratedAmps=32 5');
    expect(rating('mains', 'a')).toBe('power,channel=a,device=mains,venue=hall ratedAmps=32 5');
  });
});

describe('events', () => {
  test('an alarm as numbers, each event a point of its own', () => {
    const tags = 'kind=threshold,rule=heat,subject=kitchen,venue=hall,zone=foyer';
    const closed: Alarm = { ...ALARM, condition: 'cleared', human: 'acknowledged', lateBySeconds: 4 };
    expect(
      linesOf((batch) => {
        batch.event({ type: 'raised', atMs: T, alarm: ALARM });
        batch.event({ type: 'cleared', atMs: T, alarm: closed });
        batch.event({ type: 'closed', atMs: T + 7, alarm: closed });
      }),
    ).toEqual([
      `alarm,event=raised,${tags} severity=3,condition=2,human=0,open=1,value=41.5,limit=40 ${T}000`,
      `alarm,event=cleared,${tags} severity=3,condition=0,human=1,open=1,value=41.5,limit=40,lateBySeconds=4 ${T}001`,
      `alarm,event=closed,${tags} severity=3,condition=0,human=1,open=0,value=41.5,limit=40,lateBySeconds=4 ${T + 7}002`,
    ]);
  });

  test('a wearer who is being asked', () => {
    const event = { type: 'pre-alarm' as const, atMs: T, rule: 'still', kind: 'stillness', subject: 'badge-07' };
    expect(eventLine(OPTIONS, { ...event, device: 'badge-07', untilMs: T + 15_000 }, T * 1000)).toBe(
      `alarm,event=pre-alarm,kind=stillness,rule=still,subject=badge-07,venue=hall,zone=stage countdownSeconds=15 ${T}000`,
    );
  });

  test('an occurrence says that it happened, and nothing of whom', () => {
    const arrival = { arrivedMs: T, retained: false };
    const stamp = { timeMs: T, timeFrom: 'arrival' as const };
    const lines = linesOf((batch) => {
      batch.occurrence(createOccurrence('badge-07', 'sos', '1', stamp, arrival, {}));
      batch.occurrence(createOccurrence('desk', 'log', undefined, stamp, arrival, { account: 'w.li' }));
      batch.occurrence(createOccurrence('badge-07', 'offline', undefined, stamp, arrival, {}));
    });
    expect(lines).toEqual([
      `badge,device=badge-07,venue=hall,zone=stage sos=1 ${T}000`,
      `gateway,device=desk,venue=hall log=1 ${T}001`,
      `gateway,device=badge-07,venue=hall,zone=stage online=0 ${T}002`,
    ]);
  });

  test('the same batch gives the same lines, however often it is sent', () => {
    const log = testLog();
    log.commit((batch) => {
      for (let index = 0; index < 3; index += 1) batch.event({ type: 'changed', atMs: T, alarm: ALARM });
    });
    const records = recordLines(OPTIONS, log.names);
    const [first, second] = [1, 2].map(() => {
      const lines: string[] = [];
      const reader = new BatchReader(log.after(0)?.bytes ?? new Uint8Array());
      records.begin();
      while (reader.next()) records.add(reader, lines);
      return lines;
    });
    expect(new Set(first).size).toBe(3);
    expect(second).toEqual(first);
  });
});

test('the gateway counts in one line, by names that need no escape', () => {
  expect(counterField('mqtt', 'outbox-dropped messages')).toBe('mqttOutboxDroppedMessages');
  expect(gatewayLine('a b', { intake: { frames: 7, lost: Number.NaN }, rejected: { 'not-json': 2 } }, 5)).toBe(
    'gateway,venue=a\\ b intakeFrames=7,rejectedNotJson=2 5',
  );
  expect(gatewayLine('hall', {}, 5)).toBeUndefined();
});
