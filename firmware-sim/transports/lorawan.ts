import { z } from 'zod';
import type { Link, LinkOptions } from '../link.ts';
import type { Random } from '../random.ts';
import { encodeUplink, type Reception } from '../wire/chirpstack.ts';
import { encodeMilesight, milesightModel } from '../wire/milesight.ts';
import type { Transport, TransportOptions } from './transport.ts';

/** Uplinks of a LoRaWAN sensor, as ChirpStack 4 publishes them. */
export const lorawanEmit = z.strictObject({
  transport: z.literal('lorawan'),
  devEui: z
    .string()
    .regex(/^[0-9a-f]{16}$/, 'a DevEUI: 16 hexadecimal digits, lower case')
    .describe('in venue.yaml its address is chirpstack:<devEui>'),
  model: milesightModel.describe('what it is; decides which of the actor’s values go into the payload'),
  application: z.string().min(1).max(64).default('venue').describe('id of the application, a level of the topic'),
  gateways: z.int().min(1).max(8).default(2).describe('LoRaWAN gateways in reach'),
  repeatsFraction: z.number().min(0).max(1).default(0).describe('share of uplinks that come a second time'),
  lossFraction: z.number().min(0).max(1).default(0).describe('share of uplinks that nobody hears'),
});

export interface LorawanTransportOptions extends TransportOptions {
  readonly broker: string;
  readonly secret: string | undefined;
  readonly emit: z.output<typeof lorawanEmit>;
  /** Draws receptions, losses and repetitions. */
  readonly radio: Random;
  /** Makes the network server's connection; a rehearsal needs no broker. */
  readonly connect: (options: LinkOptions) => Link;
}

/** The port that Milesight's devices come with. */
const PORT = 85;

const hexOf = (random: Random, digits: number): string =>
  Array.from({ length: digits }, () => Math.floor(random.next() * 16).toString(16)).join('');

const heardBy = (gateways: number, random: Random): readonly Reception[] =>
  Array.from({ length: gateways }, (_, gateway) => ({
    gatewayId: `0016c001f153a1${gateway.toString(16).padStart(2, '0')}`,
    rssiDbm: -Math.round(random.between(60, 118)),
    snrDecibels: Math.round(random.between(-10, 10) * 2) / 2,
  }));

export const lorawanTransport = (options: LorawanTransportOptions): Transport => {
  const { broker, device, secret, emit, radio, clock, random, onCommand, onReady, onProblem } = options;
  const upTopic = `application/${emit.application}/device/${emit.devEui}/event/up`;
  const link = options.connect({
    broker,
    device,
    secret,
    upTopic,
    downTopic: undefined,
    clock,
    random,
    onCommand,
    onReady,
    onProblem,
  });
  let devAddr = '';
  let counter = 0;
  let dropped = 0;
  return {
    open: () => {
      // A device that was off joins anew: another address, and its counter begins again.
      devAddr = hexOf(radio, 8);
      counter = 0;
      link.open();
    },
    send: ({ records, stampMs }, urgent) => {
      const payload = encodeMilesight(emit.model, records);
      if (payload.length === 0) {
        dropped += 1;
        return;
      }
      const uplink = encodeUplink({
        devEui: emit.devEui,
        deviceName: device,
        deviceProfileName: `Milesight ${emit.model}`,
        devAddr,
        counter,
        port: PORT,
        payload,
        timeMs: stampMs,
        heard: heardBy(emit.gateways, radio),
      });
      counter += 1;
      const [isLost, isRepeated] = [radio.next() < emit.lossFraction, radio.next() < emit.repeatsFraction];
      if (isLost) {
        dropped += 1;
        return;
      }
      link.send(uplink, urgent);
      if (isRepeated) link.send(uplink, urgent);
    },
    cut: link.cut,
    close: link.close,
    get dropped() {
      return dropped + link.dropped;
    },
  };
};
