import { isMetricName, type MetricName } from '../../model/metrics.ts';
import { fitsUnit, isEmergency, quantityOf } from '../quantities.ts';

/** What a metric of an edge node means here. */
export interface Meaning {
  /** Folders, and what precedes the quantity in the name: `line_1` of `Line 1/Current`. */
  readonly channel: string;
  readonly metric: MetricName;
  readonly convert: (value: number) => number;
  /** False: nobody here knows the unit that was announced. */
  readonly isUnitKnown: boolean;
}

const MAX_CHANNEL_CHARACTERS = 32;

/** The session's own metrics (sections 6.4.18 and 6.4.20). */
const CONTROL = /^(?:bdSeq$|Node Control\/|Device Control\/)/;

/** `SupplyVoltage` and `Supply Voltage` are `supply_voltage`. */
const wordsOf = (text: string): string =>
  text
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');

/** Other spellings of units that `quantities.ts` knows. */
const UNITS: ReadonlyMap<string, string> = new Map([
  ['C', '°C'],
  ['degC', '°C'],
  ['Cel', '°C'],
  ['F', '°F'],
  ['degF', '°F'],
  ['lux', 'lx'],
]);

const same = (value: number): number => value;

/**
 * Sparkplug leaves names to the edge node. Understood are names that end in a usual word for a quantity, in any case
 * (`Supply Voltage`, `Line 1/Current`, `peopleCount`), those whose unit means one quantity only, and this model's own
 * (`temperatureCelsius`). Everything else is no matter of ours: undefined.
 * @param engUnit property `engUnit`, '' where there is none; then in the unit that `quantities.ts` names
 */
export const meaningOf = (name: string, engUnit: string): Meaning | undefined => {
  if (CONTROL.test(name)) return undefined;
  const unit = UNITS.get(engUnit) ?? engUnit;
  const folders = name.split('/');
  const leaf = folders.pop() ?? '';
  const found = isMetricName(leaf) ? { metric: leaf, convert: same, prefix: '' } : quantityOf(wordsOf(leaf), unit, '');
  if (found === undefined) return undefined;
  const channel = [...folders.map(wordsOf), found.prefix].filter((part) => part !== '').join('_');
  return {
    channel: channel.replace(/^phase_/, '').slice(0, MAX_CHANNEL_CHARACTERS),
    metric: found.metric,
    convert: found.convert,
    isUnitKnown: fitsUnit(found.metric, unit),
  };
};

/** Whether a truth value of this name is a call for help. */
export const isCall = (name: string): boolean => isEmergency(wordsOf(name));
