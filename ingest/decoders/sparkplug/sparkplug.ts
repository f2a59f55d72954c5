import type { Frame } from '../../model/frame.ts';
import type { Decoded, Occurrence, OccurrenceKind } from '../../model/sample.ts';
import { createOccurrence, stampOfArrival } from '../../model/stamp.ts';
import type { About } from '../about.ts';
import { defineDecoder } from '../decoder.ts';
import { type Findings, NOTHING, refused, startFindings } from '../findings.ts';
import { addDevice, announce, hasDevice, mend, type SparkplugMemory, startSparkplugMemory } from './memory.ts';
import { readPayload, rebirthCommand, type SparkplugPayload } from './payload.ts';
import { numberOf } from './value.ts';
import { takeValues } from './values.ts';

/** A message of an edge node, and what came of it so far. */
interface Message {
  readonly frame: Frame;
  readonly group: string;
  readonly node: string;
  /** '' for the node itself. */
  readonly device: string;
  readonly memory: SparkplugMemory;
  readonly payload: SparkplugPayload;
  readonly findings: Findings;
}

const nameOf = ({ group, node }: Message, device: string): string =>
  device === '' ? `${group}/${node}` : `${group}/${node}/${device}`;

const says = (message: Message, kind: OccurrenceKind, device: string, state: string): Occurrence => {
  const { frame } = message;
  return createOccurrence(nameOf(message, device), kind, undefined, stampOfArrival(frame.arrivedMs), frame, { state });
};

/** What was found, and the wish to hear everything anew: births explain what data mean. */
const asking = ({ group, node, frame, findings }: Message): Decoded => ({
  ...findings,
  requests: [{ topic: `spBv1.0/${group}/NCMD/${node}`, payload: rebirthCommand(frame.arrivedMs) }],
});

/** Which birth a death belongs to; -1 where it does not say. */
const birthNumberOf = ({ metrics }: SparkplugPayload): number => {
  const metric = metrics.find(({ name }) => name === 'bdSeq');
  return metric?.value === undefined ? -1 : (numberOf(metric.value, metric.datatype === 0 ? 8 : metric.datatype) ?? -1);
};

/** Every message of a node, its devices' too, counts on by one and wraps at 255 (section 6.4.3, seq). */
const isNext = ({ memory, payload, findings }: Message): boolean => {
  const expected = (memory.seq + 1) % 256;
  const { seq } = payload;
  memory.seq = seq === undefined ? expected : seq % 256;
  if (seq === undefined) findings.failures.push({ code: 'wrong-shape', where: 'seq', expected: 'a sequence number' });
  if (seq === undefined || seq === expected) return true;
  findings.failures.push({ code: 'sequence-gap', where: 'seq', expected: `${expected}` });
  return false;
};

const learn = ({ memory, payload, device, findings }: Message): void => {
  const { failures } = findings;
  const named = payload.metrics.filter(({ name }) => name !== undefined);
  if (named.length < payload.metrics.length) {
    failures.push({
      code: 'wrong-shape',
      where: 'metrics',
      expected: 'a name for every metric of a birth certificate',
    });
  }
  const left = named.filter((metric) => !announce(memory, device, metric));
  if (left.length === 0 && !payload.isCut) return;
  const expected = 'fewer metrics, with names of at most 128 characters';
  failures.push({ code: 'too-large', where: 'metrics', expected });
};

const placeOf = (message: Message) => ({ ...message, name: nameOf(message, message.device) });

const takeNodeBirth = (message: Message): Decoded => {
  const { memory, payload, findings } = message;
  Object.assign(memory, startSparkplugMemory(), { isBorn: true, last: memory.last });
  memory.bdSeq = birthNumberOf(payload);
  memory.seq = (payload.seq ?? 0) % 256;
  learn(message);
  findings.occurrences.push(says(message, 'online', '', 'birth'));
  takeValues(placeOf(message), payload, findings);
  return findings;
};

const takeNodeDeath = (message: Message): Decoded => {
  const { memory, payload, findings } = message;
  const number = birthNumberOf(payload);
  // The will of a connection that another one has replaced (section 6.4.22).
  if (memory.isBorn && memory.bdSeq !== -1 && number !== -1 && number !== memory.bdSeq) return NOTHING;
  for (const device of ['', ...memory.devices]) findings.occurrences.push(says(message, 'offline', device, 'death'));
  memory.isBorn = false;
  memory.devices = [];
  return findings;
};

const takeDeviceDeath = (message: Message): Decoded => {
  const { memory, device, findings } = message;
  const isNextOne = isNext(message);
  memory.devices = memory.devices.filter((known) => known !== device);
  findings.occurrences.push(says(message, 'offline', device, 'death'));
  return isNextOne || !memory.isBorn ? findings : asking(message);
};

/** DBIRTH, NDATA, DDATA. Values that explain themselves are used even where the birth was missed. */
const takeData = (message: Message, isBirth: boolean): Decoded => {
  const { memory, payload, device, findings } = message;
  const isNextOne = isNext(message);
  if (isBirth) {
    learn(message);
    addDevice(memory, device);
    findings.occurrences.push(says(message, 'online', device, 'birth'));
  }
  const isExplained = takeValues(placeOf(message), payload, findings);
  const isKnown = memory.isBorn && (device === '' || hasDevice(memory, device));
  if (!isKnown || !isExplained) {
    const where = isExplained ? 'topic' : 'alias';
    findings.failures.push({ code: 'before-birth', where, expected: 'a birth certificate before data' });
  }
  return isKnown && isExplained && isNextOne ? findings : asking(message);
};

const takeMessage = (type: string, message: Message): Decoded => {
  switch (type) {
    case 'NBIRTH':
      return takeNodeBirth(message);
    case 'NDEATH':
      return takeNodeDeath(message);
    case 'DDEATH':
      return takeDeviceDeath(message);
    default:
      return takeData(message, type === 'DBIRTH');
  }
};

const NODE_TYPES: ReadonlySet<string> = new Set(['NBIRTH', 'NDATA', 'NDEATH']);
const DEVICE_TYPES: ReadonlySet<string> = new Set(['DBIRTH', 'DDATA', 'DDEATH']);
/** What host applications say to edge nodes. */
const COMMANDS: ReadonlySet<string> = new Set(['NCMD', 'DCMD']);

const isRepeated = (memory: SparkplugMemory, type: string, device: string, payload: SparkplugPayload): boolean => {
  if (payload.seq === undefined || payload.timestampMs === undefined) return false;
  const last = `${type}/${device}/${payload.seq}/${payload.timestampMs}`;
  if (memory.last === last) return true;
  memory.last = last.slice(0, 256);
  return false;
};

const ABOUT: About = {
  devices: {
    zh: 'Sparkplug B 3.0 边缘节点及其设备（Ignition、PLC、工业网关）',
    en: 'Sparkplug B 3.0 edge nodes and their devices (Ignition, PLCs, industrial gateways)',
  },
  specification: 'https://sparkplug.eclipse.org/specification/version/3.0/documents/sparkplug-specification-3.0.0.pdf',
  examples: [
    {
      address: 'spBv1.0/Hall/NBIRTH/Panel',
      payloadHex:
        '08d2e283b9fa32120d0a056264536571100120085800121c0a144e6f646520436f6e74726f6c2f526562697274681002200b7000121a0a0b54656d70657261747572651064200a6900000000008035401800',
    },
    { address: 'spBv1.0/Hall/NDATA/Panel', payloadHex: '08d2e283b9fa32120d1064200a6900000000008036401801' },
  ],
  notes: {
    zh: '名称末尾为常用量名（如 Supply Voltage、Line 1/Current、peopleCount）者才被采用，文件夹与前缀成为通道；属性 engUnit 给出单位。布尔量名含 sos、panic、emergency 且为真，即为求助。序号中断或别名未宣布时，网关发布 NCMD 请求重新上线（每节点最多 10 秒一次）：节点须可订阅 spBv1.0/<组>/NCMD/<节点>。',
    en: 'Names that end in a usual word for a quantity are used (Supply Voltage, Line 1/Current, peopleCount); folders and what precedes it become the channel, property engUnit gives the unit. A true value named sos, panic or emergency is a call for help. After a gap in the sequence or an alias nobody announced, the gateway publishes an NCMD that asks for rebirth (once in 10 s a node): the node must be allowed to subscribe to spBv1.0/<group>/NCMD/<node>.',
  },
};

/** Sparkplug B. Device: `<group>/<edge node>` or `<group>/<edge node>/<device>`. Source: Eclipse Sparkplug 3.0. */
export const sparkplugDecoder = defineDecoder<SparkplugMemory>({
  kind: 'sparkplug',
  topics: ['spBv1.0/{group}/{type}/{node}', 'spBv1.0/{group}/{type}/{node}/{device}', 'spBv1.0/STATE/{host}'],
  about: ABOUT,
  memoryKey: ({ group, node }) => `${group}/${node}`,
  startMemory: startSparkplugMemory,
  decode(frame, { params, memory: kept }) {
    const { group, type, node, device = '' } = params;
    if (group === undefined || type === undefined || node === undefined || COMMANDS.has(type)) return NOTHING;
    if (!(device === '' ? NODE_TYPES : DEVICE_TYPES).has(type)) {
      return refused('unknown-name', 'topic', 'NBIRTH, NDATA, NDEATH, or with a device DBIRTH, DDATA, DDEATH');
    }
    // Births, data and deaths must not be retained (section 6.4.16 on): nobody knows how old they are.
    if (frame.retained) return refused('retained-action', 'topic', 'a message as it happens');
    const payload = readPayload(frame.payload);
    if (payload === undefined) return refused('not-protobuf', '', 'a Sparkplug B payload');
    const memory = mend(kept);
    if (isRepeated(memory, type, device, payload)) return NOTHING;
    return takeMessage(type, { frame, group, node, device, memory, payload, findings: startFindings() });
  },
});
