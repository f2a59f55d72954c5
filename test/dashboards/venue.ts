import type { MqttClient } from 'mqtt';
import type { App } from '../../gateway/app.ts';
import { connect, startKeeping } from '../gateway/fixture.ts';
import { builtConsole } from './browser.ts';

/** A venue with one of each thing that the console shows. */
const YAML = `
zones:
  lane: { name: { zh: 东通道, en: East lane }, areaM2: 10, use: moving }
  stage: { name: { zh: 舞台, en: Stage } }
profiles:
  climate: { reports: { everySeconds: 60 } }
  probe: { reports: { everySeconds: 1 } }
devices:
  oven: { name: { zh: 烤箱, en: Oven }, profile: climate, zone: stage }
  fridge: { name: { zh: 冰箱, en: Fridge }, profile: probe, zone: stage }
  gate: { name: { zh: 东门, en: East gate }, profile: people-counter, zone: lane }
badges:
  badge-1: { role: steward, wearer: "W. Li", zone: stage }
roles:
  steward: { name: { zh: 引导员, en: Steward } }
rules:
  - { id: heat, kind: threshold, metric: temperatureCelsius, for: { devices: [oven] }, above: { orange: 40 }, latching: true }
  - { id: cold, kind: threshold, metric: temperatureCelsius, for: { devices: [fridge] }, above: { yellow: 8 } }
  - { id: help, kind: sos }
  - { id: density, kind: crowd-density, holdSeconds: 0, clearSeconds: 0 }
security: { anonymous: loopback }
`;

export interface Venue {
  readonly app: App;
  readonly client: MqttClient;
  readonly url: string;
  /** Publishes a SenML pack as the device would. */
  report(device: string, records: readonly Readonly<Record<string, unknown>>[]): void;
  warm(device: string, celsius: number): void;
  stop(): Promise<void>;
}

/** `more`: further lines of the venue file. */
export const startVenue = async (more = ''): Promise<Venue> => {
  await builtConsole();
  const app = await startKeeping(YAML + more);
  const client = await connect(app);
  const report: Venue['report'] = (device, records) => {
    client.publish(`muster/hall/up/${device}`, JSON.stringify(records));
  };
  return {
    app,
    client,
    url: `http://127.0.0.1:${app.http.port}`,
    report,
    warm: (device, celsius) => report(device, [{ n: 'temperature', u: 'Cel', v: celsius }]),
    stop: async () => {
      await client.endAsync();
      await app.stop();
    },
  };
};
