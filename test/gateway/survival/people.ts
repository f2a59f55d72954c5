import { connect, type MqttClient } from 'mqtt';
import type { Alarm } from '../../../rules/alarms/alarm.ts';
import { ACKNOWLEDGED, GUARD, type Message, messages } from './evening.ts';

const RECONNECT_MS = 50;

export interface PeopleOptions {
  readonly mqttPort: number;
  /** Second of the evening. */
  now(): number;
  after(atSeconds: number, work: () => void): void;
  /** An alarm was raised, or a call or an acknowledgement was answered, in this very moment. */
  onSeen(): void;
}

/** Connects again and again, and sends again what was not acknowledged, as mqtt.js does. */
const persistent = (mqttPort: number, clientId: string, login: object = {}): MqttClient => {
  const client = connect({
    host: '127.0.0.1',
    port: mqttPort,
    protocolVersion: 4,
    clientId,
    reconnectPeriod: RECONNECT_MS,
    connectTimeout: 2_000,
    ...login,
  });
  // Nobody listens there while the gateway is down.
  client.on('error', () => undefined);
  return client;
};

const startDevices = ({ mqttPort, after, onSeen }: PeopleOptions): readonly MqttClient[] => {
  const clients = new Map<string, MqttClient>();
  const send = ({ device, payload, isCall }: Message): void => {
    const client = clients.get(device) ?? persistent(mqttPort, device);
    clients.set(device, client);
    client.publish(`muster/hall/up/${device}`, payload, { qos: 1 }, () => {
      if (isCall) onSeen();
    });
  };
  const all = messages();
  for (const { device } of all) if (!clients.has(device)) clients.set(device, persistent(mqttPort, device));
  for (const message of all) after(message.atSeconds, () => send(message));
  return [...clients.values()];
};

/** Sees alarms on MQTT, and takes each of its list on once. */
const startGuard = ({ mqttPort, now, after, onSeen }: PeopleOptions): MqttClient => {
  const guard = persistent(mqttPort, 'phone', GUARD);
  const open = new Map<string, Alarm>();
  const asked = new Set<string>();
  const look = (): void => {
    for (const [atSeconds, rule, subject] of ACKNOWLEDGED) {
      const alarm = [...open.values()].find((candidate) => candidate.rule === rule && candidate.subject === subject);
      if (now() < atSeconds || alarm === undefined || asked.has(alarm.id)) continue;
      asked.add(alarm.id);
      guard.publish(`muster/hall/alarm/${alarm.id}/ack`, '{}', { qos: 1 }, () => onSeen());
    }
  };
  guard.on('message', (topic, payload, { retain }) => {
    if (payload.length === 0) open.delete(topic);
    else {
      const alarm: Alarm = JSON.parse(payload.toString());
      const isRaise = !retain && open.get(topic)?.severity !== alarm.severity;
      open.set(topic, alarm);
      if (isRaise) onSeen();
    }
    look();
  });
  guard.on('connect', () => {
    open.clear();
    guard.subscribe('muster/hall/alarm/+', { qos: 1 });
  });
  for (const [atSeconds] of ACKNOWLEDGED) after(atSeconds, look);
  return guard;
};

/** Devices and a guard, who know nothing of kills. Answers how to end them. */
export const startPeople = (options: PeopleOptions): (() => Promise<void>) => {
  const clients = [...startDevices(options), startGuard(options)];
  return async () => {
    for (const client of clients) await client.endAsync(true);
  };
};
