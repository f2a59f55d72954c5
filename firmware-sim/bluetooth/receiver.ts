import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { RawEvent } from '../actors/actor.ts';
import type { Clock } from '../clock.ts';
import { type Random, seededRandom } from '../random.ts';
import { type Port, type Ports, portEvent, portName } from '../transports/ports.ts';
import type { Medium } from '../transports/transport.ts';
import type { Air } from './air.ts';
import { type Controller, createController } from './controller.ts';

const fraction = z.number().min(0).max(1);
export const placeSchema = z.tuple([z.number(), z.number()]);

/** A Bluetooth controller on a serial port, at a place of the venue. */
export const receiverOptions = z.strictObject({
  port: portName.describe('name of the port; `uart.path` of a ble source in venue.yaml ends with it'),
  atM: placeSchema.default([0, 0]).describe('metres on the plan'),
  connects: z.boolean().default(false).describe('of a host that only connects: nobody need scan with it'),
  extended: z.boolean().default(true).describe('a Bluetooth 5 controller; false: Bluetooth 4'),
  lossFraction: fraction.default(0.05).describe('adverts that it misses, however near'),
  duplicateFraction: fraction.default(0.02).describe('adverts that it reports twice'),
});

export type ReceiverOptions = z.output<typeof receiverOptions>;

/** What may befall a receiver. */
export const receiverEvent = z.discriminatedUnion('do', [
  ...portEvent.options,
  z.strictObject({ do: z.literal('mute') }).describe('its firmware hangs: it says nothing and answers nothing'),
  z.strictObject({ do: z.literal('unmute') }),
  z.strictObject({ do: z.literal('reset') }).describe('it begins anew by itself'),
  z.strictObject({ do: z.literal('fail'), code: z.int().min(0).max(255).default(1) }).describe('Hardware Error'),
  z
    .strictObject({ do: z.literal('garbage'), bytes: z.int().min(1).max(4096).default(16) })
    .describe('noise on the wire'),
]);

export interface Receiver extends Medium {
  readonly controller: Controller;
  /** Resolves when a host scans for the first time; rejects where the port cannot be made. */
  readonly heard: Promise<void>;
}

interface ReceiverParts {
  readonly port: Port;
  readonly air: Air;
  /** Of what it hears. */
  readonly random: Random;
  /** Of the noise on its wire: drawn apart, so that it does not change what is heard. */
  readonly noise: Random;
}

const controllerAddress = (port: string): string => {
  const bytes = createHash('sha256').update(port).digest().subarray(0, 3);
  return `00:1A:7D:${[...bytes].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(':')}`;
};

const createReceiver = (options: ReceiverOptions, { port, air, random, noise }: ReceiverParts): Receiver => {
  let scanned = (): void => {};
  const scanning = new Promise<void>((resolve) => {
    scanned = resolve;
  });
  const controller = createController({
    address: controllerAddress(options.port),
    isExtended: options.extended,
    write: (bytes) => void port.write(bytes),
    reach: air.reach,
    onScanning: (isScanning) => {
      if (isScanning) scanned();
    },
  });
  air.add(controller, { ...options, place: options.atM, random });
  port.listen(controller.receive);

  const happen = (event: RawEvent): void => {
    const parsed = receiverEvent.parse(event);
    switch (parsed.do) {
      case 'mute':
        controller.mute();
        return;
      case 'unmute':
        controller.unmute();
        return;
      case 'reset':
        controller.restart();
        return;
      case 'fail':
        controller.fail(parsed.code);
        return;
      case 'garbage':
        port.write(Buffer.from(Array.from({ length: parsed.bytes }, () => Math.floor(noise.next() * 256))));
        return;
      case 'unplug':
      case 'replug':
        // A dongle without power forgets what it was told.
        controller.powerCycle();
        port.happen(parsed);
    }
  };

  return {
    controller,
    heard: port.plug().then(() => scanning),
    happen,
    stop: async () => {
      air.remove(controller);
      await port.stop();
    },
  };
};

/** The receivers of a scenario, by the names of their ports. */
export interface Receivers {
  find(name: string): Receiver | undefined;
  /** Settles when a host scans on each of them. */
  readonly heard: Promise<void>;
  stop(): Promise<void>;
}

interface ReceiversParts {
  readonly ports: Ports;
  readonly air: Air;
  readonly seed: number;
  readonly clock: Clock;
  readonly onProblem: (port: string, message: string) => void;
}

/** A gateway that has started opens its radios within a few tries. */
const SCAN_WITHIN_MS = 8_000;

export const createReceivers = (
  list: readonly ReceiverOptions[],
  { ports, air, seed, clock, onProblem }: ReceiversParts,
): Receivers => {
  const receivers = new Map<string, Receiver>();
  for (const options of list) {
    const random = (what: string): Random => seededRandom(seed, `${options.port} ${what}`);
    const parts = { port: ports.get(options.port), air, random: random('hears'), noise: random('noise') };
    receivers.set(options.port, createReceiver(options, parts));
  }
  const scanners = list.filter(({ connects }) => !connects).flatMap(({ port }) => receivers.get(port) ?? []);
  const heard = Promise.all(scanners.map((receiver) => receiver.heard)).then(() => undefined);
  // Whoever waits for it is told; nobody may.
  heard.catch(() => undefined);
  const cancel = clock.after(SCAN_WITHIN_MS, () => {
    for (const [port, { controller }] of receivers) {
      if (scanners.some((scanner) => scanner.controller === controller) && !controller.isScanning)
        onProblem(port, 'nobody scans with this receiver');
    }
  });
  void heard.then(cancel, cancel);
  return {
    find: (name) => receivers.get(name),
    heard,
    stop: async () => {
      cancel();
      await Promise.all([...receivers.values()].map((receiver) => receiver.stop()));
    },
  };
};
