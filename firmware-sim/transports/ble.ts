import { createHash } from 'node:crypto';
import { z } from 'zod';
import { manufacturerAdvert, SERVICE_DATA_OVERHEAD, serviceDataAdvert } from '../bluetooth/advertising.ts';
import type { Advertiser, Air, Place } from '../bluetooth/air.ts';
import { createAttServer, type Service } from '../bluetooth/att.ts';
import { bthomeObjects, bthomeServiceData } from '../bluetooth/bthome.ts';
import { LEGACY_DATA_MAX } from '../bluetooth/events.ts';
import { placeSchema } from '../bluetooth/receiver.ts';
import { ruuvi5Data } from '../bluetooth/ruuvi5.ts';
import type { Pack } from '../senml.ts';
import type { Transport, TransportOptions } from './transport.ts';

/** Adverts of Bluetooth LE, heard by the receivers of the scenario; buzzer and lamp over a connection. */
export const bleEmit = z.strictObject({
  transport: z.literal('ble'),
  format: z.enum(['bthome', 'ruuvi5']).default('bthome'),
  mac: z
    .string()
    .regex(/^([0-9A-F]{2}:){5}[0-9A-F]{2}$/, 'AA:BB:CC:DD:EE:FF')
    .optional()
    .describe('default: by its id'),
  addressType: z.enum(['public', 'random']).default('random'),
  keyHex: z
    .string()
    .regex(/^[0-9a-fA-F]{32}$/, '32 hexadecimal digits')
    .optional()
    .describe('BTHome: encrypts with it'),
  atM: placeSchema.default([0, 0]).describe('metres on the plan'),
  txPowerDbm: z.number().min(-40).max(20).default(0),
  connectable: z.boolean().default(true).describe('takes a connection, by which it is buzzed'),
  repeats: z.int().min(1).max(20).default(3).describe('how often one report is radiated'),
  repeatMs: z.number().min(1).max(10_000).default(100).describe('real milliseconds between repeats'),
});

export type BleEmit = z.output<typeof bleEmit>;

/** A static random address, as chips without an address of their own make it: the two highest bits set. */
export const addressOfId = (id: string): string => {
  const bytes = createHash('sha256').update(id).digest().subarray(0, 6);
  return [(bytes[0] ?? 0) | 0xc0, ...bytes.subarray(1)]
    .map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
    .join(':');
};

export interface BleTransportOptions extends TransportOptions {
  readonly emit: BleEmit;
  readonly air: Air;
  /** Settles when every receiver is listened to. */
  readonly heard: Promise<void>;
}

/** Core Specification Supplement: Immediate Alert; Nordic Semiconductor: LED Button Service. */
const IMMEDIATE_ALERT = { service: '1802', level: '2a06' } as const;
const LED = { service: '00001523-1212-efde-1523-785feabcd123', led: '00001525-1212-efde-1523-785feabcd123' } as const;
const WRITE_WITHOUT_RESPONSE = 0x04;
const WRITE = 0x08;

interface Walk {
  readonly from: Place;
  readonly to: Place;
  readonly startMs: number;
  readonly durationMs: number;
}

const placeOn = ({ from, to, startMs, durationMs }: Walk, atMs: number): Place => {
  const share = durationMs <= 0 ? 1 : Math.max(0, Math.min(1, (atMs - startMs) / durationMs));
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
};

/** The counters that a reboot sets back. */
interface Counters {
  /** The last sequence number that the device gave, and the advert that came of it: a repeat is the same bytes. */
  sequence: number | undefined;
  advert: Buffer | undefined;
  /** Sequence number at the last reboot: ids count from there. */
  base: number;
  messages: number;
}

const encode = (
  { format, keyHex }: BleEmit,
  address: string,
  { records }: Pack,
  counters: Counters,
): Buffer | undefined => {
  const id = (counters.sequence ?? 0) - counters.base;
  if (format === 'ruuvi5') {
    const data = ruuvi5Data(records, address, id);
    return data === undefined ? undefined : manufacturerAdvert(data);
  }
  const secret =
    keyHex === undefined ? undefined : { key: Buffer.from(keyHex, 'hex'), address, counter: counters.messages };
  const room = LEGACY_DATA_MAX - SERVICE_DATA_OVERHEAD - 1 - (secret === undefined ? 0 : 8);
  const objects = bthomeObjects(records, id, room);
  return objects === undefined ? undefined : serviceDataAdvert(bthomeServiceData(objects, secret));
};

export const bleTransport = (options: BleTransportOptions): Transport => {
  const { device, emit, air, clock, heard, onCommand, onReady, onProblem } = options;
  const address = emit.mac ?? addressOfId(device);
  const counters: Counters = { sequence: undefined, advert: undefined, base: 0, messages: 0 };
  let walk: Walk = { from: emit.atM, to: emit.atM, startMs: 0, durationMs: 0 };
  let nowStampMs = 0;
  let alive = false;
  let dropped = 0;
  let buzzes = 0;

  const command = (what: 'buzz' | 'led', value: Uint8Array): void => {
    // Zero is "off": nothing that anybody would feel.
    if (!alive || (value[0] ?? 0) === 0) return;
    buzzes += 1;
    onCommand(Buffer.from(JSON.stringify({ id: `ble-${buzzes}`, do: what })));
  };
  const services: readonly Service[] = [
    {
      uuid: IMMEDIATE_ALERT.service,
      characteristics: [
        { uuid: IMMEDIATE_ALERT.level, properties: WRITE_WITHOUT_RESPONSE, onWrite: (value) => command('buzz', value) },
      ],
    },
    {
      uuid: LED.service,
      characteristics: [{ uuid: LED.led, properties: WRITE, onWrite: (value) => command('led', value) }],
    },
  ];
  const server = createAttServer(services);
  const advertiser: Advertiser = {
    address,
    addressType: emit.addressType,
    txPowerDbm: emit.txPowerDbm,
    isConnectable: emit.connectable,
    place: () => placeOn(walk, nowStampMs),
    answers: () => (alive ? { address, addressType: emit.addressType, server } : undefined),
  };

  const radiate = (advert: Buffer, left: number): void => {
    if (!alive || left === 0) return;
    air.radiate(advertiser, advert);
    if (left > 1) clock.after(emit.repeatMs, () => radiate(advert, left - 1));
  };

  /** Undefined: the format has no words for it. */
  const advertOf = (pack: Pack): Buffer | undefined => {
    const sequence = pack.records.find(({ n }) => n === 'seq')?.v;
    if (sequence !== undefined && sequence === counters.sequence) return counters.advert;
    counters.sequence = sequence ?? (counters.sequence ?? 0) + 1;
    counters.messages += 1;
    counters.advert = encode(emit, address, pack, counters);
    return counters.advert;
  };

  return {
    open: () => {
      alive = true;
      air.join(advertiser);
      heard.then(onReady, (error: unknown) => onProblem(error instanceof Error ? error.message : String(error)));
    },
    send: (pack) => {
      if (!alive) return;
      nowStampMs = pack.stampMs;
      const advert = advertOf(pack);
      if (advert === undefined) dropped += 1;
      else radiate(advert, emit.repeats);
    },
    cut: () => {
      alive = false;
      air.leave(advertiser);
    },
    close: () => {
      alive = false;
      air.leave(advertiser);
      return Promise.resolve();
    },
    reboot: () => {
      counters.base = counters.sequence ?? 0;
      counters.messages = 0;
    },
    go: (to, overSeconds, stampMs) => {
      walk = { from: placeOn(walk, stampMs), to, startMs: stampMs, durationMs: overSeconds * 1000 };
    },
    get dropped() {
      return dropped;
    },
  };
};
