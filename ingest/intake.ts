import { type Badges, createBadges } from './decoders/ble/badges.ts';
import { decodeFrame, decodeRoute } from './decoders/decode-frame.ts';
import { DECODERS } from './decoders/index.ts';
import { createMemories, type Memories } from './decoders/memories.ts';
import { createRouter, type Route } from './decoders/router.ts';
import { type DiscoveredList, discoveredList } from './discovered.ts';
import { addressKind, judgedFromStrangers, meantBy } from './meaning.ts';
import type { Device } from './model/device.ts';
import type { Frame } from './model/frame.ts';
import type { DecodeFailure, Hearing, Occurrence, Request, Sample } from './model/sample.ts';
import { type RejectedLog, rejectedLog } from './rejected.ts';

/** How a source's stamps are to be trusted. */
export interface SourceTrust {
  /** It sends what it stored while cut off: judged by its own stamps. */
  readonly backfills: boolean;
  /** Older than this is historical: kept, never judged. */
  readonly lateToleranceSeconds: number;
}

export interface IntakeOptions {
  readonly venueId: string;
  readonly extraTopics?: Readonly<Record<string, readonly string[]>> | undefined;
  /** The registered device that a decoder's name for it stands for. */
  resolve(decoderKind: string, name: string): Device | undefined;
  /** True for the id of a registered device: a stranger must not pass for it. */
  isRegistered(id: string): boolean;
  /** Bind keys of devices whose adverts are encrypted, by device id. */
  readonly bindKeys?: ReadonlyMap<string, Uint8Array> | undefined;
  /** By source id; a source that is not listed is judged by arrival. */
  readonly trust?: ReadonlyMap<string, SourceTrust>;
  onSample(sample: Sample): void;
  onOccurrence(occurrence: Occurrence): void;
  /** A receiver heard a device; undefined: one that nobody has registered. */
  onHearing?(device: Device | undefined, hearing: Hearing): void;
  /** A format asks for something to be sent back to where the frame came from. */
  onRequest?(request: Request, frame: Frame): void;
  /** A device that nobody has registered was seen for the first time. */
  onDiscovered?(address: string, frame: Frame): void;
}

export interface IntakeCounters {
  frames: number;
  bytes: number;
  samples: number;
  occurrences: number;
  failures: number;
  /** Samples of devices that nobody has registered: shown, not judged. */
  unregistered: number;
  /** Adverts of strangers with nothing of use in them. */
  strangeAdverts: number;
}

/** Turns frames into samples of registered devices. Synchronous; never throws for what a frame contains. */
export interface Intake {
  take(frame: Frame): void;
  /** Other devices are registered now, or by other names or keys. */
  relearn(): void;
  readonly rejected: RejectedLog;
  readonly discovered: DiscoveredList;
  readonly memories: Memories;
  readonly counters: Readonly<IntakeCounters>;
  /** When each source last gave a frame. */
  readonly lastFrameMs: ReadonlyMap<string, number>;
}

const CHANNELS_MAX = 64;

/**
 * No device's topic is longer; MQTT allows 65,535 bytes. V8 hashes strings above 16,383 characters by their length alone,
 * so that a thousand invented topics of one length would make every look-up compare them all.
 */
const ADDRESS_CHARACTERS_MAX = 1024;

const ADDRESS_TOO_LONG: DecodeFailure = {
  code: 'too-large',
  where: 'address',
  expected: `at most ${ADDRESS_CHARACTERS_MAX} characters`,
};

const TOO_MANY_CHANNELS: DecodeFailure = {
  code: 'too-large',
  where: 'channel',
  expected: `at most ${CHANNELS_MAX} channels a device`,
};

export const createIntake = (options: IntakeOptions): Intake => {
  const router = createRouter(DECODERS, options);
  const memories = createMemories();
  const rejected = rejectedLog();
  const discovered = discoveredList();
  const lastFrameMs = new Map<string, number>();
  // Of the last frame: many come from one source in one millisecond.
  let lastMs = -1;
  let lastSource = '';
  let trust: SourceTrust | undefined;
  const channels = new Map<string, Set<string>>();
  /** Judged time of the last sample of each channel of sources that backfill. */
  const judgedMs = new Map<string, number>();
  const counters = {
    frames: 0,
    bytes: 0,
    samples: 0,
    occurrences: 0,
    failures: 0,
    unregistered: 0,
    strangeAdverts: 0,
  };
  const makeBadges = (): Badges =>
    createBadges({
      memories,
      idOf: (kind, mac) => options.resolve(kind, mac)?.id,
      ...(options.bindKeys === undefined ? {} : { keys: options.bindKeys }),
    });
  let badges = makeBadges();

  const refuse = (frame: Frame, failure: DecodeFailure): void => {
    counters.failures += 1;
    rejected.add(frame, failure);
  };

  const channelFits = (device: string, channel: string): boolean => {
    const known = channels.get(device) ?? new Set<string>();
    if (known.has(channel)) return true;
    if (known.size >= CHANNELS_MAX) return false;
    channels.set(device, known.add(channel));
    return true;
  };

  /** Stamps of a source that backfills are judged time; what comes too late for that is historical. */
  const place = (item: Sample | Occurrence, trust: SourceTrust | undefined): void => {
    // Its format says so: a source that is trusted less knows no better.
    if (item.historical) return;
    if (trust === undefined || !trust.backfills || item.timeFrom !== 'device') return;
    item.historical = item.arrivedMs - item.timeMs > trust.lateToleranceSeconds * 1000;
    if (!item.historical) item.nowMs = Math.min(item.arrivedMs, item.timeMs);
  };

  /** Of a channel's samples, one from before the last that was judged changes nothing any more. */
  const placeSample = (sample: Sample, trust: SourceTrust): void => {
    place(sample, trust);
    if (!trust.backfills || sample.historical) return;
    const key = `${sample.device}/${sample.channel}`;
    if (sample.nowMs < (judgedMs.get(key) ?? 0)) sample.historical = true;
    else judgedMs.set(key, sample.nowMs);
  };

  const discover = (kind: string, name: string, frame: Frame, sample: Sample | undefined): void => {
    const ofAddress = addressKind(kind, name);
    const isNew = discovered.see(ofAddress, name, frame, sample?.channel ?? '', sample?.metrics ?? {});
    if (isNew) options.onDiscovered?.(`${ofAddress}:${name}`, frame);
  };

  /** Puts the registered device in place of its name, false where there is none; a topic nearly always speaks for one. */
  const identify = (kind: string, sample: Sample, route: Route | undefined): boolean => {
    const name = sample.device;
    if (route?.name === name) {
      sample.device = route.device;
      sample.seat = route.seat;
      return true;
    }
    const device = options.resolve(kind, name);
    if (device === undefined) return false;
    sample.device = device.id;
    sample.seat = device.seat;
    if (route !== undefined) {
      route.name = name;
      route.device = device.id;
      route.seat = device.seat;
    }
    return true;
  };

  const takeSample = (kind: string, frame: Frame, sample: Sample, trust?: SourceTrust, route?: Route): void => {
    if (!identify(kind, sample, route)) {
      counters.unregistered += 1;
      discover(kind, sample.device, frame, sample);
      return;
    }
    if (sample.channel !== '' && !channelFits(sample.device, sample.channel)) {
      refuse(frame, TOO_MANY_CHANNELS);
      return;
    }
    counters.samples += 1;
    if (trust !== undefined) placeSample(sample, trust);
    // Of unknown age: it must neither clear an alarm nor prove that the device lives.
    if (frame.retained) sample.historical = true;
    options.onSample(sample);
  };

  const takeOccurrence = (kind: string, frame: Frame, found: Occurrence, trust?: SourceTrust): void => {
    const device = options.resolve(kind, found.device);
    const occurrence = device === undefined ? found : meantBy(device, found);
    if (device !== undefined) occurrence.device = device.id;
    else {
      discover(kind, occurrence.device, frame, undefined);
      if (!judgedFromStrangers(occurrence)) return;
      if (options.isRegistered(occurrence.device)) occurrence.device = `${kind}:${occurrence.device}`;
    }
    counters.occurrences += 1;
    place(occurrence, trust);
    options.onOccurrence(occurrence);
  };

  const takeHearing = (kind: string, hearing: Hearing, isAll: boolean): void => {
    const device = options.resolve(kind, hearing.device);
    if (device === undefined) {
      discovered.hear(addressKind(kind, hearing.device), hearing);
      if (isAll) counters.strangeAdverts += 1;
    }
    options.onHearing?.(device, hearing);
  };

  const routeOf = ({ place, address }: Frame): Route | undefined =>
    place === undefined ? router.route(address) : router.routeAt(place, address);

  const take = (frame: Frame): void => {
    counters.frames += 1;
    counters.bytes += frame.payload.byteLength;
    if (frame.arrivedMs !== lastMs || frame.source !== lastSource) {
      lastMs = frame.arrivedMs;
      lastSource = frame.source;
      lastFrameMs.set(lastSource, lastMs);
      trust = options.trust?.get(lastSource);
    }
    if (frame.address.length > ADDRESS_CHARACTERS_MAX) {
      refuse(frame, ADDRESS_TOO_LONG);
      return;
    }
    const route = frame.transport === 'mqtt' ? routeOf(frame) : undefined;
    const { kind, decoded } =
      route === undefined
        ? decodeFrame(frame, router, memories, badges)
        : { kind: route.decoder.kind, decoded: decodeRoute(route, frame, memories, badges) };
    const isHearingAll = decoded.samples.length + decoded.occurrences.length + decoded.failures.length === 0;
    if (kind !== undefined) {
      // Who heard it comes first: some badges are heard only when they call, and the alarm is to say where from.
      // What another broker replays from its store was heard at an unknown time before.
      if (decoded.hearings !== undefined && !frame.retained)
        for (const hearing of decoded.hearings) takeHearing(kind, hearing, isHearingAll);
      // A call for help is not kept waiting by the figures beside it.
      for (const occurrence of decoded.occurrences) takeOccurrence(kind, frame, occurrence, trust);
      for (const sample of decoded.samples) takeSample(kind, frame, sample, trust, route);
      if (decoded.requests !== undefined) for (const request of decoded.requests) options.onRequest?.(request, frame);
    }
    for (const failure of decoded.failures) refuse(frame, failure);
  };

  const relearn = (): void => {
    router.forgetDevices();
    badges = makeBadges();
    discovered.drop((kind, name) => options.resolve(kind, name) !== undefined);
  };

  return { take, relearn, rejected, discovered, memories, counters, lastFrameMs };
};
