import { httpSource } from '../ingest/sources/http.ts';
import { modbusRtuSource } from '../ingest/sources/modbus-rtu.ts';
import { modbusTcpSource } from '../ingest/sources/modbus-tcp.ts';
import { mqttBrokerSource } from '../ingest/sources/mqtt-broker.ts';
import { mqttClientSource } from '../ingest/sources/mqtt-client.ts';
import { serialLinesSource } from '../ingest/sources/serial-lines.ts';
import type { Source } from '../ingest/sources/source.ts';
import type { Inbox } from './api/ingest/inbox.ts';
import { type Broker, createBroker } from './broker/broker.ts';
import { systemClock } from './broker/clock.ts';
import { brokerOptions } from './config/broker-options.ts';
import { mqttClientOptions } from './config/mqtt-client-options.ts';
import type { Registry } from './config/registry.ts';
import type { VenueConfig } from './config/schema.ts';
import { serialLinesOptions } from './config/serial-lines-options.ts';
import type { Log } from './log.ts';

export interface SourcesOptions {
  readonly config: VenueConfig;
  readonly registry: Registry;
  readonly inbox: Inbox;
  readonly log: Log;
  /** The venue's clock, Unix milliseconds. */
  nowMs(): number;
  /** How much faster than real time that clock runs; 1 where absent. */
  readonly speed?: number | undefined;
}

/** Everything that frames come from. Nothing listens or dials yet. */
export interface Sources {
  readonly sources: readonly Source[];
  /** Those of them that are brokers of ours: they publish, too. */
  readonly brokers: readonly Broker[];
}

/** What venue.yaml lists under `sources`, and HTTP. */
export const createSources = ({ config, registry, inbox, log, nowMs, speed = 1 }: SourcesOptions): Sources => {
  const brokers: Broker[] = [];
  const monotonicMs = systemClock.now;
  const sources: Source[] = [httpSource({ id: 'http', server: inbox, nowMs })];
  for (const source of config.sources) {
    switch (source.kind) {
      case 'mqtt-broker': {
        const broker = createBroker({ ...brokerOptions(source, config, registry), log });
        brokers.push(broker);
        sources.push(mqttBrokerSource({ id: source.id, broker, nowMs }));
        break;
      }
      case 'mqtt-client':
        sources.push(mqttClientSource({ ...mqttClientOptions(source, registry.venueId), log, nowMs }));
        break;
      case 'serial-lines':
        sources.push(serialLinesSource({ ...serialLinesOptions(source), log, nowMs }));
        break;
      case 'modbus-rtu':
        sources.push(modbusRtuSource({ ...source, dataBits: 8, speed, log, nowMs, monotonicMs }));
        break;
      case 'modbus-tcp':
        sources.push(modbusTcpSource({ ...source, speed, log, nowMs, monotonicMs }));
    }
  }
  return { sources, brokers };
};
