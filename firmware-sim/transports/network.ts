import type { Host } from './hosts.ts';
import type { ModbusBus } from './modbus.ts';
import { createModbusHost } from './modbus-tcp.ts';
import { createSiteBroker, type SiteBroker } from './site-broker.ts';
import type { Medium } from './transport.ts';

/** What the gateway connects to on the venue's network, by the id of its source; made when it is first asked for. */
export interface Network {
  broker(name: string): SiteBroker;
  bus(name: string): ModbusBus;
  find(name: string): Medium | undefined;
  stop(): Promise<void>;
}

export const createNetwork = (
  listen: ReadonlyMap<string, number>,
  onProblem: (host: string, message: string) => void,
): Network => {
  const hosts = new Map<string, Host>();
  const brokers = new Map<string, SiteBroker>();
  const buses = new Map<string, ModbusBus>();

  const portOf = (name: string): number => {
    const port = listen.get(name);
    if (port === undefined) throw new Error(`no TCP port for ${name}: --listen ${name}=PORT`);
    return port;
  };

  return {
    broker: (name) => {
      const made = brokers.get(name) ?? createSiteBroker(portOf(name), (message) => onProblem(name, message));
      brokers.set(name, made);
      hosts.set(name, made.host);
      return made;
    },
    bus: (name) => {
      const known = buses.get(name);
      if (known !== undefined) return known;
      const { bus, host } = createModbusHost(portOf(name), (message) => onProblem(name, message));
      buses.set(name, bus);
      hosts.set(name, host);
      return bus;
    },
    find: (name) => hosts.get(name),
    stop: async () => {
      await Promise.all([...hosts.values()].map((host) => host.stop()));
    },
  };
};
