import type { Metrics } from '../../model/metrics.ts';
import type { Decoded, DecodeFailure, Hearing, Occurrence } from '../../model/sample.ts';
import { createOccurrence, createSample, msOfDate, stampOf } from '../../model/stamp.ts';
import type { About } from '../about.ts';
import { defineDecoder } from '../decoder.ts';
import { hasMetrics, NOTHING, onlyFailures, readMetric, refused, textOrNull } from '../findings.ts';
import { isJsonObject, parseJsonObject } from '../json.ts';
import { type ChirpstackMemory, isRepeated, startChirpstackMemory } from './chirpstack-memory.ts';
import type { ChirpstackEvent } from './event.ts';
import { takeUplink } from './uplink.ts';

const EUI = /^[0-9a-f]{16}$/;

const occurrenceOf = (
  event: ChirpstackEvent,
  kind: 'online' | 'log',
  attributes: Occurrence['attributes'],
): Decoded => {
  const { frame, device, message, stamp, failures } = event;
  const id = textOrNull(message.deduplicationId) ?? undefined;
  return { samples: [], occurrences: [createOccurrence(device, kind, id, stamp, frame, attributes)], failures };
};

const sampleOf = ({ frame, device, stamp, failures }: ChirpstackEvent, metrics: Metrics): Decoded => {
  if (!hasMetrics(metrics)) return onlyFailures(failures);
  const { timeMs, timeFrom } = stamp;
  const sample = createSample(device, '', timeMs, timeFrom, frame.arrivedMs, undefined, metrics);
  return { samples: [sample], occurrences: [], failures };
};

/** `DevStatusAns`: no level where the device has mains, or does not know (LoRaWAN 1.0.4 section 5.5). */
const takeStatus = (event: ChirpstackEvent): Decoded => {
  const { message, failures } = event;
  if (message.externalPowerSource === true || message.batteryLevelUnavailable === true) return NOTHING;
  const metrics: Metrics = {};
  readMetric(metrics, 'batteryPercent', message.batteryLevel, 'batteryLevel', failures);
  return sampleOf(event, metrics);
};

const takeLocation = (event: ChirpstackEvent): Decoded => {
  const { message, failures } = event;
  const { location } = message;
  if (!isJsonObject(location)) return refused('wrong-shape', 'location', 'an object');
  const metrics: Metrics = {};
  readMetric(metrics, 'latitudeDegrees', location.latitude, 'location.latitude', failures);
  readMetric(metrics, 'longitudeDegrees', location.longitude, 'location.longitude', failures);
  readMetric(metrics, 'altitudeMeters', location.altitude, 'location.altitude', failures);
  readMetric(metrics, 'accuracyMeters', location.accuracy, 'location.accuracy', failures);
  return sampleOf(event, metrics);
};

/** Counters begin again with each session. */
const takeJoin = (event: ChirpstackEvent, memory: ChirpstackMemory): Decoded => {
  memory.seen = [];
  return occurrenceOf(event, 'online', { state: 'join', devAddr: textOrNull(event.message.devAddr) });
};

const takeLog = (event: ChirpstackEvent): Decoded => {
  const { level, code, description } = event.message;
  const attributes = { level: textOrNull(level), code: textOrNull(code), description: textOrNull(description) };
  return occurrenceOf(event, 'log', attributes);
};

/** The radio's best reception, and which gateways heard it. Protocol Buffers leave out what is zero. */
const hearingsOf = ({ frame, device, message }: ChirpstackEvent): readonly Hearing[] =>
  (Array.isArray(message.rxInfo) ? message.rxInfo.slice(0, 64) : []).filter(isJsonObject).flatMap((rx) => {
    const gateway = textOrNull(rx.gatewayId);
    if (gateway === null) return [];
    const rssiDbm = typeof rx.rssi === 'number' && Number.isFinite(rx.rssi) ? rx.rssi : undefined;
    return [{ device, receiver: `chirpstack:${gateway}`, rssiDbm, arrivedMs: frame.arrivedMs }];
  });

const takeUp = (event: ChirpstackEvent, memory: ChirpstackMemory): Decoded => {
  const { message, stamp } = event;
  const hearings = hearingsOf(event);
  const counter = message.fCnt ?? 0;
  if (typeof counter !== 'number' || !Number.isSafeInteger(counter) || counter < 0) {
    return refused('wrong-type', 'fCnt', 'a frame counter');
  }
  if (isRepeated(memory, `${textOrNull(message.devAddr)}/${counter}`, stamp.timeMs)) return { ...NOTHING, hearings };
  return { ...takeUplink(event, counter), hearings };
};

const takeEvent = (name: string, event: ChirpstackEvent, memory: ChirpstackMemory): Decoded => {
  switch (name) {
    case 'up':
      return takeUp(event, memory);
    case 'join':
      return takeJoin(event, memory);
    case 'status':
      return takeStatus(event);
    case 'location':
      return takeLocation(event);
    case 'log':
      return takeLog(event);
    default:
      // ack, txack, integration: about commands and other programs.
      return NOTHING;
  }
};

const ABOUT: About = {
  devices: {
    zh: 'ChirpStack 4 上的 LoRaWAN 设备：星纵（Milesight）VS121、VS133、VS135 客流计数，EM300、EM500、AM300 温湿度与 CO₂，CT101、CT103、CT105 电流，UC300、EM300-DI 脉冲；其他厂家的设备用 ChirpStack 的编解码器',
    en: 'LoRaWAN devices on ChirpStack 4: Milesight VS121, VS133, VS135 people counters, EM300, EM500, AM300 climate and CO₂, CT101, CT103, CT105 currents, UC300, EM300-DI pulses; others by a codec in ChirpStack',
  },
  specification: 'https://www.chirpstack.io/docs/chirpstack/integrations/events.html',
  examples: [
    {
      address: 'application/17c82e96-be03-4f38-aef3-f83d48582d97/device/24e124760c123456/event/up',
      payload:
        '{"time":"2026-01-01T00:00:00Z","deviceInfo":{"deviceProfileName":"VS133","devEui":"24e124760c123456"},"devAddr":"00189440","fCnt":12,"fPort":85,"data":"A9JIAAAABNLIAAAAD+MCEAcJ","rxInfo":[{"gatewayId":"0016c001f153a14c","rssi":-71,"snr":9.5}]}',
    },
    {
      address: 'application/17c82e96-be03-4f38-aef3-f83d48582d97/device/24e124136d123456/event/up',
      payload:
        '{"time":"2026-01-01T00:00:00Z","deviceInfo":{"deviceProfileName":"EM300-TH","devEui":"24e124136d123456"},"devAddr":"00189441","fCnt":3,"fPort":85,"data":"AXVcA2c0AQRoZQ==","rxInfo":[{"gatewayId":"0016c001f153a14c","rssi":-80,"snr":7}]}',
    },
  ],
  notes: {
    zh: '设备名是 DevEUI。FPort 85 或设备配置名含型号者按 Milesight 解码；否则取编解码器给出的 object；两者皆无时只留信号与一条 log。断网期间存下的数据需要设备配置名写明型号。同一会话的帧计数重复者只算一次。',
    en: 'A device is its DevEUI. FPort 85, or a device profile named after the model, is read as Milesight; else the object that a codec made; with neither only the radio and a log remain. What a device kept while offline is read where its profile names the model. A frame counter repeated within a session counts once.',
  },
};

/** LoRaWAN uplinks by way of ChirpStack 4. Source: chirpstack.io, integrations/events; JSON only. */
export const chirpstackDecoder = defineDecoder<ChirpstackMemory>({
  kind: 'chirpstack',
  topics: ['application/{application}/device/{device}/event/{event}'],
  about: ABOUT,
  memoryKey: ({ device = '' }) => device.toLowerCase(),
  startMemory: startChirpstackMemory,
  decode(frame, { params, memory }) {
    const device = params.device?.toLowerCase() ?? '';
    if (!EUI.test(device)) return refused('wrong-device', 'topic', 'a DevEUI of 16 hexadecimal digits');
    const failures: DecodeFailure[] = [];
    const message = parseJsonObject(frame.payload, failures);
    if (message === undefined) return onlyFailures(failures);
    const { deviceInfo } = message;
    const eui = isJsonObject(deviceInfo) ? deviceInfo.devEui : undefined;
    if (typeof eui !== 'string') return refused('wrong-shape', 'deviceInfo.devEui', 'an event of ChirpStack 4');
    if (eui.toLowerCase() !== device) return refused('wrong-device', 'deviceInfo.devEui', `${device}, as in the topic`);
    const stamp = stampOf(msOfDate(message.time), frame.arrivedMs, 'time', failures);
    return takeEvent(params.event ?? '', { frame, device, message, stamp, failures }, memory);
  },
});
