import type { Finding } from '../finding.ts';
import type { VenueConfig } from '../schema.ts';
import type { Lint } from './lint.ts';

type BleSource = Extract<VenueConfig['sources'][number], { kind: 'ble' }>;

/** The radio that is meant where nothing is named. */
const DEFAULT_ADAPTER = 'hci0';

/** What a source takes for itself, to scan and to connect. */
const radiosOf = ({ adapter, uart, connectAdapter }: BleSource): readonly string[] => [
  uart === undefined ? (adapter ?? DEFAULT_ADAPTER) : uart.path,
  ...(connectAdapter === undefined ? [] : [typeof connectAdapter === 'string' ? connectAdapter : connectAdapter.path]),
];

const finding = (index: number, radio: string): Finding => ({
  code: 'shared-adapter',
  severity: 'finding',
  path: ['sources', index],
  message: {
    zh: `蓝牙适配器 ${radio} 已被占用：一个适配器只能有一个用途`,
    en: `Bluetooth adapter ${radio} is taken already: one adapter has one owner`,
  },
  advice: { zh: '为它另接一个适配器，并写明 adapter', en: 'Give it an adapter of its own, and name it under adapter' },
});

/** Radios that two would use: the second cannot be opened. */
export const sharedAdapter: Lint = ({ config }) => {
  const taken = new Set<string>();
  return config.sources.flatMap((source, index) => {
    if (source.kind !== 'ble') return [];
    return radiosOf(source).flatMap((radio) => {
      if (taken.has(radio)) return [finding(index, radio)];
      taken.add(radio);
      return [];
    });
  });
};
