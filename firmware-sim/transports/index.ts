import type { Clock } from '../clock.ts';
import type { Link, LinkOptions } from '../link.ts';
import { seededRandom } from '../random.ts';
import type { ScenarioActor } from '../scenario.ts';
import type { Format } from '../senml.ts';
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
      case 'serial':
        return serialTransport({ ...common, emit, port: ports.get(emit.port) });
    }
  };

  return {
    create,
    medium: (name: string): Medium | undefined => ports.find(name),
    stop: ports.stop,
  };
};
