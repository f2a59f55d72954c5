import type { Registry } from '../config/registry.ts';
import type { VenueConfig } from '../config/schema.ts';

export type InfluxSink = Extract<VenueConfig['sinks'][number], { kind: 'influxdb' }>;

/** What a writer needs to know: plain data, to be handed to a worker. Secrets stay in their files until used. */
export interface InfluxSettings {
  readonly sink: InfluxSink;
  readonly venue: string;
  /** Zone by device. */
  readonly zones: ReadonlyMap<string, string>;
}

/** The InfluxDB sinks of venue.yaml. */
export const influxSettings = (config: VenueConfig, { venueId, venue }: Registry): readonly InfluxSettings[] => {
  const zones = new Map<string, string>();
  for (const { id, zone } of venue.devices.values()) if (zone !== undefined) zones.set(id, zone);
  return config.sinks.filter(({ kind }) => kind === 'influxdb').map((sink) => ({ sink, venue: venueId, zones }));
};
