import { METRICS } from '../../model/metrics.ts';
import type { Decoded, DecodeFailure, Hearing, Occurrence, Sample } from '../../model/sample.ts';
import { createOccurrence, createSample, type Stamp, stampOf, stampOfArrival } from '../../model/stamp.ts';
import { hasMetrics, NOTHING, refused } from '../findings.ts';
import type { Badge, BadgeMemory } from './badges.ts';
import { isNewPress, isNewRemark, judgePacket, judgePlain, type News, packetName } from './news.ts';
import type { Press, Reading } from './reading.ts';

/** By whom an advert was heard, and how. */
export interface Heard {
  /** MAC address in canonical spelling: the name of the device. */
  readonly mac: string;
  /** `<source id>` of a radio of our own; `<format>:<name>` of a gateway that speaks over MQTT. */
  readonly receiver: string;
  readonly rssiDbm: number | undefined;
  readonly arrivedMs: number;
  /** True where another broker replayed it from its store. */
  readonly retained: boolean;
  /** When the receiver heard it, by its own clock; undefined: at arrival. */
  readonly stampMs?: number | undefined;
}

const NO_OCCURRENCES: readonly Occurrence[] = NOTHING.occurrences;
const NO_SAMPLES: readonly Sample[] = NOTHING.samples;
const NO_FAILURES: readonly DecodeFailure[] = NOTHING.failures;

const NO_HEARINGS: readonly Hearing[] = Object.freeze([]);

/** What another broker replays was heard at an unknown time before. */
const hearingsOf = ({ mac, receiver, rssiDbm, arrivedMs, retained }: Heard): readonly Hearing[] =>
  retained ? NO_HEARINGS : [{ device: mac, receiver, rssiDbm, arrivedMs }];

/** Somebody was heard, and said nothing that is news. */
export const onlyHeard = (heard: Heard, failures: readonly DecodeFailure[] = NO_FAILURES): Decoded => ({
  samples: NO_SAMPLES,
  occurrences: NO_OCCURRENCES,
  hearings: hearingsOf(heard),
  failures,
});

/** What somebody else has decoded cannot be told from a plain advert: a device with a key is not believed that way. */
export const refusesPlain = (badge: Badge | undefined): Decoded | undefined =>
  badge?.key === undefined ? undefined : refused('unencrypted', '', 'encrypted, as this device has a bind key');

const samplesOf = (reading: Reading, heard: Heard, { timeMs, timeFrom }: Stamp, sequence: number | undefined) => {
  const { metrics, others } = reading;
  const { mac, arrivedMs, rssiDbm } = heard;
  const { min, max } = METRICS.rssiDbm;
  if (rssiDbm !== undefined && rssiDbm >= min && rssiDbm <= max) metrics.rssiDbm = rssiDbm;
  // The packet id alone still says that the device lives.
  if (reading.packet !== undefined && others === undefined && !hasMetrics(metrics)) metrics.sequence = reading.packet;
  const samples: Sample[] = [];
  if (hasMetrics(metrics)) samples.push(createSample(mac, '', timeMs, timeFrom, arrivedMs, sequence, metrics));
  if (others === undefined) return samples;
  for (const [channel, values] of others) {
    if (hasMetrics(values)) samples.push(createSample(mac, channel, timeMs, timeFrom, arrivedMs, sequence, values));
  }
  return samples;
};

const pressOf = (reading: Reading, each: Press, heard: Heard, stamp: Stamp, memory: BadgeMemory | undefined) => {
  const { press, button, code, steps } = each;
  const name = reading.packet === undefined ? undefined : packetName(memory, reading.counter, reading.packet);
  const id = name === undefined || button === 1 ? name : `${name}/${button}`;
  const attributes = steps === undefined ? { press, button, code } : { press, button, code, steps };
  return createOccurrence(heard.mac, 'button', id, stamp, heard, attributes);
};

const isPressNews = (reading: Reading, { press, button }: Press, heard: Heard, memory: BadgeMemory | undefined) =>
  reading.packet !== undefined || memory === undefined || isNewPress(memory, `${button}/${press}`, heard.arrivedMs);

const occurrencesOf = (reading: Reading, heard: Heard, memory: BadgeMemory | undefined): readonly Occurrence[] => {
  const { presses, remarks } = reading;
  if (presses === undefined && remarks === undefined) return NO_OCCURRENCES;
  const stamp = pressedAt(heard);
  const occurrences: Occurrence[] = [];
  for (const press of presses ?? []) {
    if (isPressNews(reading, press, heard, memory)) occurrences.push(pressOf(reading, press, heard, stamp, memory));
  }
  // A stranger's texts would be told with every advert.
  if (memory === undefined) return occurrences;
  for (const { about, attributes } of remarks ?? []) {
    if (!isNewRemark(memory, about, JSON.stringify(attributes))) continue;
    occurrences.push(createOccurrence(heard.mac, 'log', undefined, stamp, heard, attributes));
  }
  return occurrences;
};

const stampAt = (reading: Reading, heard: Heard): Stamp => {
  const own = reading.stampMs ?? heard.stampMs;
  return own === undefined ? stampOfArrival(heard.arrivedMs) : stampOf(own, heard.arrivedMs, 'time', reading.failures);
};

/** A badge's clock that was never set must not make its call for help an old one: only the receiver's is believed. */
const pressedAt = ({ stampMs, arrivedMs }: Heard): Stamp => stampOf(stampMs, arrivedMs, 'time', []);

const newsOf = (reading: Reading, heard: Heard, memory: BadgeMemory): News =>
  reading.packet === undefined
    ? judgePlain(memory, reading.hash, heard.receiver, heard.arrivedMs)
    : judgePacket(
        memory,
        reading.counter,
        reading.packetBits,
        reading.packet,
        reading.hash,
        heard.arrivedMs,
        heard.retained,
      );

/** A stranger's advert, without looking back. */
const settleStranger = (reading: Reading, heard: Heard): Decoded => {
  const stamp = stampAt(reading, heard);
  return {
    samples: samplesOf(reading, heard, stamp, reading.packet),
    occurrences: occurrencesOf(reading, heard, undefined),
    hearings: hearingsOf(heard),
    failures: NO_FAILURES,
  };
};

/**
 * What an advert brings: samples and occurrences where it is news, a hearing in any case. Presses without a packet id
 * are told apart by quiet, so that they are asked for however often the advert came.
 */
export const settle = (reading: Reading, heard: Heard, badge: Badge | undefined, isPast = false): Decoded => {
  if (badge === undefined) return settleStranger(reading, heard);
  const { memory } = badge;
  const judged = newsOf(reading, heard, memory);
  const news = judged === 'new' && isPast ? 'late' : judged;
  const isNew = news === 'new' || news === 'late';
  if (news === 'duplicate' && reading.packet !== undefined) return onlyHeard(heard);
  const stamp = stampAt(reading, heard);
  const sequence = news === 'new' ? reading.packet : undefined;
  const told = isNew || reading.packet === undefined ? occurrencesOf(reading, heard, memory) : NO_OCCURRENCES;
  return {
    samples: news === 'new' || news === 'again' ? samplesOf(reading, heard, stamp, sequence) : NO_SAMPLES,
    occurrences: told,
    hearings: hearingsOf(heard),
    failures: news === 'duplicate' ? NO_FAILURES : reading.failures,
  };
};
