import type { Frame } from '../../model/frame.ts';
import type { Decoded, DecodeFailure, FailureCode, Occurrence, Sample } from '../../model/sample.ts';
import { SENML_NAMES, type SenmlName } from '../../model/senml.ts';
import { createOccurrence, createSample, isPlausibleTime, type Stamp } from '../../model/stamp.ts';
import { cutText, NOTHING } from '../findings.ts';

/** A record name, taken apart: what it means and on which channel. */
export interface SenmlTarget {
  readonly name: SenmlName;
  readonly channel: string;
}

const CHANNEL = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,31}$/;
const MAX_REMEMBERED_NAMES = 1024;

const targets = new Map<string, SenmlTarget>();
for (const [text, name] of SENML_NAMES) targets.set(text, { name, channel: '' });

const channelTarget = (text: string): SenmlTarget | undefined => {
  const slash = text.lastIndexOf('/');
  const name = slash < 0 ? undefined : SENML_NAMES.get(text.slice(0, slash));
  const channel = text.slice(slash + 1);
  // `done/<id>` is the confirmation of a command; other occurrences and states have no channels.
  if (name === undefined || !CHANNEL.test(channel)) return undefined;
  return name.role === 'quantity' || name.occurrence === 'done' ? { name, channel } : undefined;
};

/** What a name of the device contract means; undefined for a name that is not in it. Names with channels are cached. */
export const targetOf = (text: string): SenmlTarget | undefined => {
  const known = targets.get(text);
  if (known !== undefined) return known;
  const target = channelTarget(text);
  if (target !== undefined && targets.size < MAX_REMEMBERED_NAMES) targets.set(text, target);
  return target;
};

/** Gathers the records of one pack: one sample for each channel and moment. */
export interface Pack {
  readonly frame: Frame;
  readonly device: string;
  readonly samples: Sample[];
  occurrences: Occurrence[] | undefined;
  failures: DecodeFailure[] | undefined;
  sequence: number | undefined;
  /** The moment that `sequence` belongs to. */
  sequenceMs: number;
}

export const startPack = (frame: Frame, device: string): Pack => ({
  frame,
  device,
  samples: [],
  occurrences: undefined,
  failures: undefined,
  sequence: undefined,
  sequenceMs: 0,
});

export const failPack = (pack: Pack, code: FailureCode, where: string, expected: string): void => {
  pack.failures ??= [];
  pack.failures.push({ code, where, expected });
};

const sampleAt = (pack: Pack, channel: string, timeMs: number, timeFrom: Stamp['timeFrom']): Sample => {
  const { samples } = pack;
  for (let at = samples.length - 1; at >= 0; at -= 1) {
    const sample = samples[at];
    if (sample !== undefined && sample.timeMs === timeMs && sample.channel === channel) return sample;
  }
  const sample = createSample(pack.device, channel, timeMs, timeFrom, pack.frame.arrivedMs, pack.sequence, {});
  samples.push(sample);
  return sample;
};

const refuseValue = (pack: Pack, name: SenmlName, value: number, index: number): void => {
  if (Number.isFinite(value)) failPack(pack, 'out-of-range', `[${index}].v`, `${name.min} to ${name.max}`);
  else failPack(pack, 'not-a-number', `[${index}].v`, 'a finite number');
};

const takeSequence = (pack: Pack, value: number | undefined, timeMs: number, index: number): void => {
  if (value === undefined || !Number.isSafeInteger(value) || value < 0) {
    failPack(pack, 'wrong-type', `[${index}].v`, 'a sequence number: a whole number from 0');
    return;
  }
  pack.sequence = value;
  pack.sequenceMs = timeMs;
};

const takeOccurrence = (
  pack: Pack,
  target: SenmlTarget,
  number: number | undefined,
  flag: boolean | undefined,
  text: string | undefined,
  stamp: Stamp,
  index: number,
): void => {
  const kind = target.name.occurrence;
  const isDone = kind === 'done' && text !== undefined;
  if (flag === false) return;
  if (flag !== true && !isDone) {
    failPack(pack, 'wrong-type', `[${index}].vb`, 'true');
    // A call for help in a wrong spelling is still a call for help.
    if (kind !== 'sos' || number === 0) return;
  }
  const command = text ?? (target.channel === '' ? undefined : target.channel);
  const attributes = kind === 'done' && command !== undefined ? { id: cutText(command) } : {};
  pack.occurrences ??= [];
  pack.occurrences.push(createOccurrence(pack.device, kind, undefined, stamp, pack.frame, attributes));
};

const takeQuantity = (
  pack: Pack,
  target: SenmlTarget,
  unit: string | undefined,
  raw: number,
  timeMs: number,
  timeFrom: Stamp['timeFrom'],
  index: number,
): void => {
  const { name } = target;
  let convert = name.convert;
  if (unit !== undefined && unit !== name.unit) {
    convert = name.otherUnits.get(unit);
    if (convert === undefined) {
      failPack(pack, 'wrong-unit', `[${index}].u`, name.unit);
      return;
    }
  }
  const value = convert === undefined ? raw : convert(raw);
  if (value >= name.min && value <= name.max) {
    sampleAt(pack, target.channel, timeMs, timeFrom).metrics[name.metric] = value;
  } else refuseValue(pack, name, value, index);
};

const wrongTime = (pack: Pack, index: number): void => {
  // One clock stamps the whole pack: said once.
  if (pack.failures?.some((failure) => failure.code === 'wrong-time')) return;
  failPack(pack, 'wrong-time', `[${index}].t`, 'a time from 2000 on, at most a day ahead of arrival');
};

/**
 * Takes one record into the pack; at most one of `number`, `flag` and `text` is its value.
 * @param deviceMs the device's own stamp, Unix milliseconds; undefined where the record has none
 */
export const takeRecord = (
  pack: Pack,
  target: SenmlTarget,
  unit: string | undefined,
  number: number | undefined,
  flag: boolean | undefined,
  text: string | undefined,
  deviceMs: number | undefined,
  index: number,
): void => {
  let timeMs = pack.frame.arrivedMs;
  let timeFrom: Stamp['timeFrom'] = 'arrival';
  if (deviceMs !== undefined) {
    if (isPlausibleTime(deviceMs, timeMs)) {
      timeMs = Math.round(deviceMs);
      timeFrom = 'device';
    } else wrongTime(pack, index);
  }
  switch (target.name.role) {
    case 'quantity':
      if (number === undefined) failPack(pack, 'wrong-type', `[${index}].v`, 'a number');
      else takeQuantity(pack, target, unit, number, timeMs, timeFrom, index);
      return;
    case 'state':
      if (flag === undefined) failPack(pack, 'wrong-type', `[${index}].vb`, 'true or false');
      else sampleAt(pack, '', timeMs, timeFrom).metrics[target.name.metric] = flag ? 1 : 0;
      return;
    case 'occurrence':
      takeOccurrence(pack, target, number, flag, text, { timeMs, timeFrom }, index);
      return;
    case 'sequence':
      takeSequence(pack, number, timeMs, index);
  }
};

/**
 * Gives the pack's sequence number to the samples it identifies. Of several moments on one channel only one may carry
 * it (the record's own moment, else the latest), because device, channel and sequence are one sample's identity; the
 * others are known by their own stamp.
 */
const numbered = (pack: Pack, sequence: number): readonly Sample[] => {
  const { samples } = pack;
  if (samples.length === 0 && pack.occurrences === undefined) {
    // A sequence number alone: a sign of life.
    const { arrivedMs } = pack.frame;
    return [createSample(pack.device, '', arrivedMs, 'arrival', arrivedMs, sequence, { sequence })];
  }
  const ownMoment = new Set<string>();
  const latest = new Map<string, number>();
  for (const { channel, timeMs } of samples) {
    if (timeMs === pack.sequenceMs) ownMoment.add(channel);
    latest.set(channel, Math.max(timeMs, latest.get(channel) ?? timeMs));
  }
  return samples.map((one) => {
    const moment = ownMoment.has(one.channel) ? pack.sequenceMs : latest.get(one.channel);
    const own = moment === one.timeMs ? sequence : undefined;
    return createSample(one.device, one.channel, one.timeMs, one.timeFrom, one.arrivedMs, own, one.metrics);
  });
};

const identified = (occurrences: readonly Occurrence[], sequence: number): readonly Occurrence[] => {
  const seen = new Map<string, number>();
  return occurrences.map((occurrence) => {
    const before = seen.get(occurrence.kind) ?? 0;
    seen.set(occurrence.kind, before + 1);
    return { ...occurrence, id: before === 0 ? `${sequence}` : `${sequence}.${before}` };
  });
};

/** What came of the pack: samples in order of time. */
export const finishPack = (pack: Pack): Decoded => {
  const { occurrences = NOTHING.occurrences, failures = NOTHING.failures, sequence } = pack;
  if (pack.samples.length > 1) pack.samples.sort((one, other) => one.timeMs - other.timeMs);
  if (sequence === undefined) return { samples: pack.samples, occurrences, failures };
  // Devices put the sequence number first: then the one sample of most packs was begun with it.
  const isDone = pack.samples.length === 1 && pack.samples[0]?.sequence === sequence && pack.occurrences === undefined;
  if (isDone) return { samples: pack.samples, occurrences, failures };
  return { samples: numbered(pack, sequence), occurrences: identified(occurrences, sequence), failures };
};
