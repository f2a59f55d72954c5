import net from 'node:net';
import { MqttClient } from 'mqtt';
import type { Alarm } from '../../../rules/alarms/alarm.ts';
import { ACKNOWLEDGED, GUARD, type Message, messages } from './evening.ts';

const RECONNECT_MS = 50;

export interface PeopleOptions {
  readonly mqttPort: number;
  after(atSeconds: number, work: () => void): void;
  /** An alarm was raised, or a call or an acknowledgement was answered, in this very moment. */
  onSeen(): void;
}

/**
 * From an address of its own: where nobody listens, a connection from 127.0.0.1 may by chance get the very port that it
 * is to, and is then one with itself, which keeps a device silent and the port taken.
 */
const dial = (port: number, clientId: string, reconnectPeriod: number, login: object = {}): MqttClient => {
  const open = () => net.connect({ host: '127.0.0.1', port, localAddress: '127.0.0.2' });
  const client = new MqttClient(open, { protocolVersion: 4, clientId, reconnectPeriod, ...login });
  // Nobody listens there while the gateway is down.
  client.on('error', () => undefined);
  return client;
};

interface Device {
  send(message: Message): void;
  end(): void;
}

/**
 * Keeps what was not acknowledged, and sends all of it again at once where it is connected again, calls first: mqtt.js
 * itself waits for an answer to each before it sends the next, so that a call would stand behind reports.
 */
const startDevice = (id: string, mqttPort: number, onSeen: () => void): Device => {
  const waiting = new Set<Message>();
  let client: MqttClient | undefined;
  let timer: NodeJS.Timeout | undefined;
  const publish = (message: Message): void => {
    client?.publish(`muster/hall/up/${id}`, message.payload, { qos: 1 }, (error) => {
      if (error) return;
      waiting.delete(message);
      if (message.isCall) onSeen();
    });
  };
  const open = (): void => {
    const fresh = dial(mqttPort, id, 0);
    fresh.on('connect', () => {
      client = fresh;
      for (const message of [...waiting].toSorted((a, b) => Number(b.isCall) - Number(a.isCall))) publish(message);
    });
    fresh.on('close', () => {
      client = undefined;
      fresh.end(true);
      timer = setTimeout(open, RECONNECT_MS);
    });
    client = undefined;
    stop = () => fresh.end(true);
  };
  let stop = (): unknown => undefined;
  open();
  return {
    send: (message) => {
      waiting.add(message);
      publish(message);
    },
    end: () => {
      stop();
      clearTimeout(timer);
    },
  };
};

const startDevices = ({ mqttPort, after, onSeen }: PeopleOptions): readonly Device[] => {
  const all = messages();
  const ids = new Set(all.map(({ device }) => device));
  const devices = new Map([...ids].map((id) => [id, startDevice(id, mqttPort, onSeen)]));
  for (const message of all) after(message.atSeconds, () => devices.get(message.device)?.send(message));
  return [...devices.values()];
};

/** Sees alarms on MQTT, and takes each of its list on once. */
const startGuard = ({ mqttPort, after, onSeen }: PeopleOptions): MqttClient => {
  const guard = dial(mqttPort, 'phone', RECONNECT_MS, GUARD);
  const open = new Map<string, Alarm>();
  const due: (typeof ACKNOWLEDGED)[number][] = [];
  const asked = new Set<string>();
  /** Severities seen so far, also of what was raised while the phone was not connected. */
  const seen = new Map<string, string>();
  const look = (): void => {
    for (const [, rule, subject] of due) {
      const alarm = [...open.values()].find((candidate) => candidate.rule === rule && candidate.subject === subject);
      if (alarm === undefined || asked.has(alarm.id)) continue;
      asked.add(alarm.id);
      guard.publish(`muster/hall/alarm/${alarm.id}/ack`, '{}', { qos: 1 }, () => onSeen());
    }
  };
  guard.on('message', (topic, payload) => {
    if (payload.length === 0) open.delete(topic);
    else {
      const alarm: Alarm = JSON.parse(payload.toString());
      const isRaise = seen.get(alarm.id) !== alarm.severity;
      seen.set(alarm.id, alarm.severity);
      open.set(topic, alarm);
      if (isRaise) onSeen();
    }
    look();
  });
  guard.on('connect', () => {
    open.clear();
    guard.subscribe('muster/hall/alarm/+', { qos: 1 });
  });
  for (const entry of ACKNOWLEDGED) {
    after(entry[0], () => {
      due.push(entry);
      look();
    });
  }
  return guard;
};

/** Devices and a guard, who know nothing of kills. Answers how to end them. */
export const startPeople = (options: PeopleOptions): (() => Promise<void>) => {
  const devices = startDevices(options);
  const guard = startGuard(options);
  return async () => {
    for (const device of devices) device.end();
    await guard.endAsync(true);
  };
};
