import type { Clock } from '../clock.ts';
import type { Link, LinkOptions } from '../link.ts';
import { seededRandom } from '../random.ts';
import type { ScenarioActor } from '../scenario.ts';
import type { Format } from '../senml.ts';
import { lorawanTransport } from './lorawan.ts';
import { createModbusBus, type ModbusBus, modbusTransport } from './modbus.ts';
import { mqttTransport } from './mqtt.ts';
import { createPorts } from './ports.ts';
import { serialTransport } from './serial.ts';
import type { Medium, Transport, TransportOptions, Wires } from './transport.ts';

export interface TransportsOptions {
  readonly broker: string;
  readonly venueId: string;
  readonly seed: number;
  /** Of those who speak SenML. `both`: actors take turns. */
  readonly format: Format | 'both';
  readonly secrets: ReadonlyMap<string, string>;
  /** Where serial ports are linked. */
  readonly portsDirectory?: string | undefined;
  readonly clock: Clock;
  /** Makes a device's MQTT connection; a rehearsal needs no broker. */
  readonly connect: (options: LinkOptions) => Link;
}

/** Every way out of a scenario, and what devices share on it. */
export interface Transports {
  /** `index`: the actor's place in the scenario. */
  create(cast: ScenarioActor, index: number, wires: Wires): Transport;
  /** What events can befall, by name. */
  medium(name: string): Medium | undefined;
  /** Ends what devices shared, after their transports were closed. */
  stop(): Promise<void>;
}

export const createTransports = (
  options: TransportsOptions,
  onProblem: (actor: string, message: string) => void,
): Transports => {
  const { clock, seed, secrets } = options;
  const ports = createPorts(options.portsDirectory, clock, onProblem);
  const buses = new Map<string, ModbusBus>();

  const busOn = (name: string): ModbusBus => {
    const bus = buses.get(name) ?? createModbusBus(ports.get(name));
    buses.set(name, bus);
    return bus;
  };

  const formatOf = (index: number): Format => {
    if (options.format !== 'both') return options.format;
    return index % 2 === 0 ? 'cbor' : 'json';
  };

  const create = ({ id, options: actor }: ScenarioActor, index: number, wires: Wires): Transport => {
    const common: TransportOptions = { ...wires, device: id, clock, random: seededRandom(seed, `${id} reconnects`) };
    const emit = actor.emit ?? { transport: 'mqtt' };
    switch (emit.transport) {
      case 'mqtt':
        return mqttTransport({
          ...options,
          ...common,
          secret: secrets.get(id),
          listens: actor.type === 'badge',
          format: formatOf(index),
        });
      case 'lorawan': {
        const radio = seededRandom(seed, `${id} radio`);
        return lorawanTransport({ ...options, ...common, secret: secrets.get(id), emit, radio });
      }
      case 'serial':
        return serialTransport({ ...common, emit, port: ports.get(emit.port) });
      case 'modbus-rtu':
        return modbusTransport({ ...common, emit, bus: busOn(emit.port) });
    }
  };

  return {
    create,
    medium: (name: string): Medium | undefined => ports.find(name),
    stop: ports.stop,
  };
};
