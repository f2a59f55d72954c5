import type { ActorOptions, ActorType } from '../actors/index.ts';
import { createAir } from '../bluetooth/air.ts';
import { createReceivers, type ReceiverOptions } from '../bluetooth/receiver.ts';
import type { Clock } from '../clock.ts';
import type { Link, LinkOptions } from '../link.ts';
import { seededRandom } from '../random.ts';
import type { ScenarioActor } from '../scenario.ts';
import type { Format } from '../senml.ts';
import { bleTransport } from './ble.ts';
import { httpTransport } from './http.ts';
import { lorawanTransport } from './lorawan.ts';
import { createModbusBus, type ModbusBus, modbusTransport } from './modbus.ts';
import { type MqttEmit, mqttTransport } from './mqtt.ts';
import { createNetwork } from './network.ts';
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
  /** TCP ports of what the gateway connects to, by the id of its source. */
  readonly listen?: ReadonlyMap<string, number>;
  /** The HTTP side of the gateway, http://host:port. */
  readonly http?: string | undefined;
  /** Bluetooth controllers, which all hear the same badges. */
  readonly receivers: readonly ReceiverOptions[];
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

/** A hall full of people (ITU-R P.1238 gives 2.8 to 3.3 for such rooms at 2.4 GHz). */
const PATH_LOSS_EXPONENT = 2.8;
const SHADOWING_DB = 4;

/** Types of actors that subscribe to commands. */
const LISTENERS: ReadonlySet<ActorType> = new Set(['badge', 'actuator']);

export const createTransports = (
  options: TransportsOptions,
  onProblem: (actor: string, message: string) => void,
): Transports => {
  const { clock, seed, secrets } = options;
  const ports = createPorts(options.portsDirectory, clock, onProblem);
  const air = createAir({ pathLossExponent: PATH_LOSS_EXPONENT, shadowingDb: SHADOWING_DB });
  const receivers = createReceivers(options.receivers, { ports, air, seed, clock, onProblem });
  const buses = new Map<string, ModbusBus>();

  const busOn = (name: string): ModbusBus => {
    const bus = buses.get(name) ?? createModbusBus(ports.get(name));
    buses.set(name, bus);
    return bus;
  };

  const network = createNetwork(options.listen ?? new Map(), onProblem);

  const overMqtt = (actor: ActorOptions, emit: MqttEmit, index: number, common: TransportOptions): Transport => {
    const { device } = common;
    const own = { secret: secrets.get(device), listens: LISTENERS.has(actor.type), format: formatOf(index) };
    if (emit.broker === undefined) return mqttTransport({ ...options, ...common, ...own });
    const { url, host, read } = network.broker(emit.broker);
    const onReady = (): void => void read.then(common.onReady);
    host.plug().catch((error: unknown) => common.onProblem(String(error)));
    return mqttTransport({ ...options, ...common, ...own, broker: url, onReady });
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
        return overMqtt(actor, emit, index, common);
      case 'http': {
        if (options.http === undefined) throw new Error(`${id}: emits over HTTP, which needs --http URL`);
        return httpTransport({ ...common, emit, url: options.http });
      }
      case 'lorawan': {
        const radio = seededRandom(seed, `${id} radio`);
        return lorawanTransport({ ...options, ...common, secret: secrets.get(id), emit, radio });
      }
      case 'serial':
        return serialTransport({ ...common, emit, port: ports.get(emit.port) });
      case 'modbus-rtu':
        return modbusTransport({ ...common, emit, bus: busOn(emit.port) });
      case 'modbus-tcp':
        return modbusTransport({ ...common, emit, bus: network.bus(emit.host) });
      case 'ble':
        return bleTransport({ ...common, emit, air, heard: receivers.heard });
    }
  };

  return {
    create,
    medium: (name: string): Medium | undefined => receivers.find(name) ?? ports.find(name) ?? network.find(name),
    stop: async () => {
      await receivers.stop();
      await ports.stop();
      await network.stop();
    },
  };
};
