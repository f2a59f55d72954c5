import { join } from 'node:path';
import { keepAdapter } from '../../ingest/sources/ble/adapter-line.ts';
import type { BadgeRadioOptions } from '../../ingest/sources/ble/badge-radio.ts';
import { centralLink } from '../../ingest/sources/ble/central/link.ts';
import type { CentralAdapter } from '../../ingest/sources/ble/central/protocol.ts';
import { realTimers } from '../../ingest/sources/ble/timers.ts';
import { keepUart } from '../../ingest/sources/ble/uart-line.ts';
import type { BleOptions } from '../../ingest/sources/ble.ts';
import { PACKAGE_ROOT } from '../version.ts';
import type { VenueConfig } from './schema.ts';

type BleConfig = Extract<VenueConfig['sources'][number], { kind: 'ble' }>;

/** Compiled, also where the gateway itself runs from its sources: Node 20 starts no TypeScript. */
const CENTRAL = join(PACKAGE_ROOT, 'dist', 'ingest', 'sources', 'ble', 'central', 'main.js');

/** What venue.yaml says of a radio, in the words of the source. */
export const bleOptions = (
  { id, adapter = 'hci0', uart, scan, silenceSeconds }: BleConfig,
  nowMs: () => number,
): Omit<BleOptions, 'log'> => ({
  id,
  where: uart?.path ?? adapter,
  line: uart === undefined ? keepAdapter({ adapter, timers: realTimers, nowMs }) : keepUart({ ...uart, nowMs }),
  rhythm: scan,
  silenceSeconds,
  timers: realTimers,
  nowMs,
});

const centralOf = (adapter: NonNullable<BleConfig['connectAdapter']>): CentralAdapter =>
  typeof adapter === 'string'
    ? { kind: 'hci', device: Number(adapter.replace(/^hci/, '')) }
    : { kind: 'uart', path: adapter.path, baudRate: adapter.baudRate };

/** The way to buzz badges; undefined: no controller is set aside for it. */
export const badgeRadioOptions = ({ connectAdapter, buzz, led }: BleConfig): BadgeRadioOptions | undefined =>
  connectAdapter === undefined
    ? undefined
    : { link: centralLink({ program: CENTRAL, adapter: centralOf(connectAdapter) }), buzz, led };
