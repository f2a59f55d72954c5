import type { BatchReader, Names } from '../../store/batch/reader.ts';
import { tag } from './escape.ts';
import { FAMILIES, familyOf } from './families.ts';

export interface LineOptions {
  readonly venue: string;
  /** Zone by device. */
  readonly zones: ReadonlyMap<string, string>;
  readonly positions: boolean;
}

/** Stamps that are less apart than this are one: stored time is moved by microseconds to stay unique. */
const SAME_US = 1000;

/** The tags of a device's lines, in the order in which InfluxDB sorts them. */
export const deviceTags = ({ venue, zones }: LineOptions, device: string, channel: string): string =>
  tag('channel', channel) + tag('device', device) + tag('venue', venue) + tag('zone', zones.get(device));

/**
 * Lines of the sample that a reader stands at, one for each family that it has metrics of. Measurement and tags of a
 * source are put together once; as many are kept as there are registered sources.
 */
export const sampleLines = (options: LineOptions, names: Names): ((at: BatchReader, lines: string[]) => void) => {
  const prefixes: string[][] = FAMILIES.map(() => []);
  const fields = FAMILIES.map(() => '');
  const families = names.metrics.map((name) => (name === undefined ? -1 : familyOf(name, options.positions)));
  const keys = names.metrics.map((name) => `${name}=`);

  const prefixOf = (family: number, source: number): string => {
    const { device, channel } = names.sources[source] ?? { device: `unknown-${source}`, channel: '' };
    return `${FAMILIES[family]}${deviceTags(options, device, channel)} `;
  };

  const collect = (at: BatchReader): void => {
    for (let index = 0; index < at.metricCount; index += 1) {
      const metric = at.metric(index);
      const family = families[metric] ?? -1;
      const value = at.value(index);
      if (family === -1 || !Number.isFinite(value)) continue;
      const before = fields[family];
      fields[family] = before === '' ? `${keys[metric]}${value}` : `${before},${keys[metric]}${value}`;
    }
  };

  const ending = (at: BatchReader): string => {
    const aheadUs = at.timeMs * 1000 - at.storedUs;
    if (!at.isFromDevice || (aheadUs > -SAME_US && aheadUs < SAME_US)) return ` ${at.storedUs}`;
    return `,deviceTimeMs=${at.timeMs},deviceOffsetMs=${Math.round(aheadUs / 1000)} ${at.storedUs}`;
  };

  return (at, lines) => {
    collect(at);
    const end = ending(at);
    for (let family = 0; family < FAMILIES.length; family += 1) {
      const written = fields[family];
      const known = prefixes[family];
      if (written === undefined || written === '' || known === undefined) continue;
      fields[family] = '';
      const prefix = known[at.source] ?? prefixOf(family, at.source);
      known[at.source] = prefix;
      lines.push(prefix + written + end);
    }
  };
};
