import { z } from 'zod';
import type { Link, LinkOptions } from '../link.ts';
import { encodePack, type Format } from '../senml.ts';
import { portName } from './ports.ts';
import type { Transport, TransportOptions } from './transport.ts';

/** SenML over MQTT 3.1.1, one connection per device: what an actor does that says nothing of `emit`. */
export const mqttEmit = z.strictObject({
  transport: z.literal('mqtt'),
  broker: portName
    .optional()
    .describe('a broker of the venue, by the id of its mqtt-client source; absent: that of the gateway'),
});

export type MqttEmit = z.output<typeof mqttEmit>;

export interface MqttTransportOptions extends TransportOptions {
  readonly broker: string;
  readonly venueId: string;
  readonly secret: string | undefined;
  /** Whether it subscribes to commands. */
  readonly listens: boolean;
  readonly format: Format;
  /** Makes the connection; a rehearsal needs no broker. */
  readonly connect: (options: LinkOptions) => Link;
}

export const mqttTransport = (options: MqttTransportOptions): Transport => {
  const { broker, device, secret, clock, random, onCommand, onReady, onProblem, format } = options;
  const topic = (way: 'up' | 'down'): string => `muster/${options.venueId}/${way}/${device}`;
  const link = options.connect({
    broker,
    device,
    secret,
    upTopic: topic('up'),
    downTopic: options.listens ? topic('down') : undefined,
    clock,
    random,
    onCommand,
    onReady,
    onProblem,
  });
  return {
    open: link.open,
    send: (pack, urgent) => link.send(encodePack(pack, format), urgent),
    cut: link.cut,
    close: link.close,
    get dropped() {
      return link.dropped;
    },
  };
};
