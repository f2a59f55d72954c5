import type { Frame } from '../model/frame.ts';
import type { Accept, Source } from './source.ts';

/** A message that a client published to the embedded broker. */
export interface MqttPublish {
  readonly topic: string;
  /** The broker's number for the topic, where it has one. */
  readonly place: number | undefined;
  /** A view into the bytes received: copy what is to be kept. */
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  /** The sender wishes the broker to keep it; the message itself is live. */
  readonly retain: boolean;
  /** Name of the credential; undefined for an anonymous client. */
  readonly client: string | undefined;
  readonly role: string | undefined;
}

/** `settle` is there when the sender waits for an acknowledgement; it may be called at any time, once. */
export type MqttTap = (publish: MqttPublish, settle?: () => void) => void;

/** The narrow side of the embedded broker that a source needs. */
export interface MqttTapPort {
  /** One handler at a time; undefined takes it away. Only telemetry comes: no alarms, commands or acknowledgements. */
  tap(handler: MqttTap | undefined): void;
  /** Queued for a later turn. */
  publish(topic: string, payload: Uint8Array, options: { readonly retain: false; readonly qos: 0 }): void;
}

export interface MqttBrokerSourceOptions {
  readonly id: string;
  readonly broker: MqttTapPort;
  /** The gateway's clock, Unix milliseconds. */
  nowMs(): number;
}

/** Frames from the embedded broker, tapped in-process: judged before the sender gets its acknowledgement. */
export const mqttBrokerSource = ({ id, broker, nowMs }: MqttBrokerSourceOptions): Source => ({
  id,
  start: async (accept: Accept) => {
    broker.tap((publish, settle) => {
      accept(frameOf(id, publish, nowMs()), settle);
    });
  },
  stop: async () => {
    broker.tap(undefined);
  },
  send: (topic, payload) => {
    broker.publish(topic, payload, { retain: false, qos: 0 });
    return true;
  },
});

/** Spelled out twice: a spread costs more than the rest of the way to the decoder. */
const frameOf = (source: string, { topic, place, payload, client }: MqttPublish, arrivedMs: number): Frame =>
  // Here `retain` is the sender's wish to keep, not age: the message is live.
  client === undefined
    ? { source, transport: 'mqtt', address: topic, payload, place, arrivedMs, retained: false }
    : { source, transport: 'mqtt', address: topic, payload, place, arrivedMs, retained: false, client };
