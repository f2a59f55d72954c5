import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { z } from 'zod';
import { type App, startApp } from '../../gateway/app.ts';
import { liveClock, type VenueClock } from '../../gateway/clock.ts';
import { loadVenue } from '../../gateway/config/load.ts';
import type { VenueConfig } from '../../gateway/config/schema.ts';
import { createLog } from '../../gateway/log.ts';
import type { Sink } from '../../gateway/sinks/sink.ts';
import type { Alarm } from '../../rules/alarms/alarm.ts';

export const configOf = (text: string): VenueConfig => {
  const loaded = loadVenue(text, 'venue.yaml');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors, null, 1));
  return loaded.config;
};

/** A venue with the embedded broker and the HTTP side on free ports of loopback. */
export const venueYaml = (rest: string): string => `
venue: { id: hall, name: { zh: 大厅, en: Hall }, timezone: Asia/Shanghai, locale: en }
sources: [{ kind: mqtt-broker, tcp: { port: 0 } }]
http: { port: 0 }
${rest}
`;

const silent = () => createLog({ write: () => undefined });

/** A gateway that keeps nothing but by the sinks given. */
export const start = (yaml: string, sinks: readonly Sink[] = [], clock: VenueClock = liveClock()): Promise<App> =>
  startApp({ config: configOf(venueYaml(yaml)), clock, log: silent(), sinks });

/** A gateway with a store of its own, which goes when it stops. */
export const startKeeping = async (yaml: string): Promise<App> => {
  const storeDirectory = mkdtempSync(join(tmpdir(), 'muster-kept-'));
  const remove = (): void => rmSync(storeDirectory, { recursive: true, force: true });
  try {
    const config = configOf(venueYaml(yaml));
    const app = await startApp({ config, clock: liveClock(), log: silent(), storeDirectory });
    return { ...app, stop: () => app.stop().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
};

export const portOf = (app: App): number => {
  const port = app.mqtt[0]?.port;
  if (port === undefined) throw new Error('no MQTT listener');
  return port;
};

export const connect = (app: App, options: { username?: string; password?: string } = {}): Promise<MqttClient> =>
  connectAsync(`mqtt://127.0.0.1:${portOf(app)}`, { protocolVersion: 4, reconnectPeriod: 0, ...options }, false);

/** Alarms as a subscriber sees them, by topic; a cleared topic is gone. */
export const watchAlarms = async (client: MqttClient): Promise<ReadonlyMap<string, Alarm>> => {
  const alarms = new Map<string, Alarm>();
  client.on('message', (topic, payload) => {
    if (payload.length === 0) alarms.delete(topic);
    else alarms.set(topic, JSON.parse(payload.toString()));
  });
  await client.subscribeAsync('muster/hall/alarm/+', { qos: 1 });
  return alarms;
};

export const getJson = async (app: App, path: string): Promise<Record<string, unknown>> => {
  const response = await fetch(`http://127.0.0.1:${app.http.port}${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return z.record(z.string(), z.unknown()).parse(await response.json());
};
