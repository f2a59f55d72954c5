import { expect, test } from 'vitest';
import type { Frame } from '../../../ingest/model/frame.ts';
import type { MqttTap } from '../../../ingest/sources/mqtt-broker.ts';
import { mqttBrokerSource } from '../../../ingest/sources/mqtt-broker.ts';

test('makes frames of what the broker taps, until it is stopped', async () => {
  let tap: MqttTap | undefined;
  const source = mqttBrokerSource({
    id: 'mqtt',
    broker: {
      tap: (handler) => {
        tap = handler;
      },
      publish: () => undefined,
    },
    nowMs: () => 42,
  });
  const frames: [Frame, (() => void) | undefined][] = [];
  await source.start((frame, settle) => frames.push([frame, settle]));
  const payload = Buffer.from('x');
  const settle = (): void => undefined;
  tap?.({ topic: 'muster/v/up/d', place: 7, payload, qos: 1, retain: true, client: 'd', role: undefined }, settle);
  tap?.({ topic: 't', place: undefined, payload, qos: 0, retain: false, client: undefined, role: undefined });
  const common = { source: 'mqtt', transport: 'mqtt', payload, arrivedMs: 42, retained: false };
  expect(frames).toEqual([
    [{ ...common, address: 'muster/v/up/d', place: 7, client: 'd' }, settle],
    [{ ...common, address: 't' }, undefined],
  ]);
  await source.stop();
  expect(tap).toBeUndefined();
});

test('sends through the broker, neither retained nor repeated', () => {
  const sent: unknown[] = [];
  const broker = { tap: () => undefined, publish: (...publish: unknown[]) => sent.push(publish) };
  const source = mqttBrokerSource({ id: 'mqtt', broker, nowMs: () => 42 });
  expect(source.send?.('spBv1.0/g/NCMD/n', Buffer.from('x'))).toBe(true);
  expect(sent).toEqual([['spBv1.0/g/NCMD/n', Buffer.from('x'), { retain: false, qos: 0 }]]);
});
