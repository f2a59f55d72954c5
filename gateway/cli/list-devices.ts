import type { z } from 'zod';
import type { DeviceStatus } from '../api/contract.ts';
import { listOf } from '../api/schemas/common.ts';
import { deviceSchema } from '../api/schemas/devices.ts';
import { dataDirectory } from '../config/data-directory.ts';
import type { VenueConfig } from '../config/schema.ts';
import type { Locale } from '../config/sections/venue.ts';
import { askGateway, type GatewayTarget } from './ask-gateway.ts';
import type { Write } from './check.ts';
import { printRegistered } from './devices.ts';

const listSchema = listOf(deviceSchema);

/** A venue has 10,000 badges, and as many strangers as are remembered. */
const PAGES_MAX = 100;

const VALUES_SHOWN = 4;

const devicesOf = async (
  target: GatewayTarget,
  config: VenueConfig,
  directory: string,
): Promise<readonly DeviceStatus[]> => {
  const gateway = await askGateway(target, config, directory);
  try {
    const devices: DeviceStatus[] = [];
    let page: z.output<typeof listSchema> | undefined;
    for (let left = PAGES_MAX; left > 0 && (page === undefined || page.next !== undefined); left -= 1) {
      const cursor = page?.next === undefined ? '' : `&cursor=${page.next}`;
      page = listSchema.parse(await gateway.get(`/api/v1/devices?limit=1000${cursor}`));
      devices.push(...page.items);
    }
    return devices;
  } finally {
    await gateway.close();
  }
};

const signalOf = ({ rssiDbm, channels }: DeviceStatus): string => {
  const dbm = rssiDbm ?? channels['']?.rssiDbm;
  return dbm === undefined ? '-' : `${dbm} dBm`;
};

const seenOf = ({ ageSeconds }: DeviceStatus): string =>
  ageSeconds === undefined ? '-' : `${Math.round(ageSeconds)} s`;

const valuesOf = ({ channels }: DeviceStatus): string =>
  Object.entries(channels)
    .flatMap(([channel, metrics]) =>
      Object.entries(metrics).map(([name, value]) => `${channel === '' ? '' : `${channel}/`}${name}=${value}`),
    )
    .slice(0, VALUES_SHOWN)
    .join(' ') || '-';

const WORDS = {
  'zh-CN': {
    head: 'id\t名称\t类型\t区域\t角色\t状态\t接收器\t信号\t上次\t数值',
    found: '未登记（muster devices adopt <地址> --id … --zone … --profile …）',
    foundHead: '地址\t来源\t接收器\t信号\t上次\t数值',
    alone: (why: string) => `网关没有应答（${why}）；以下只是配置文件中的设备\n`,
  },
  en: {
    head: 'id\tname\tprofile\tzone\trole\tstate\theard by\tsignal\tseen\tvalues',
    found: 'discovered (muster devices adopt <address> --id … --zone … --profile …)',
    foundHead: 'address\tsource\theard by\tsignal\tseen\tvalues',
    alone: (why: string) => `the gateway did not answer (${why}); these are the devices of the venue file alone\n`,
  },
} as const satisfies Record<Locale, unknown>;

/** Strangers name themselves: what a terminal would take for a command, or a tab, does not get there. */
const row = (...cells: readonly string[]): string => cells.map((cell) => cell.replaceAll(/\p{Cc}/gu, '?')).join('\t');

const registeredRow = (device: DeviceStatus, locale: Locale): string => {
  const { id, name, profile = '', zone = '', role = '', state, heardBy = '-' } = device;
  const shown = locale === 'zh-CN' ? name.zh : name.en;
  return row(id, shown, profile, zone, role, state, heardBy, signalOf(device), seenOf(device), valuesOf(device));
};

const discoveredRow = (device: DeviceStatus): string => {
  const { id, address = id, source = '-', heardBy = '-' } = device;
  return row(address, source, heardBy, signalOf(device), seenOf(device), valuesOf(device));
};

export interface ListOptions {
  readonly file: string;
  readonly config: VenueConfig;
  readonly locale: Locale;
  readonly target: GatewayTarget;
}

/**
 * `muster devices`: registered devices and discovered ones, as the running gateway sees them, a line each, separated by
 * tabs. Where it does not answer, those of the venue file, and a word on standard error.
 */
export const listDevices = async (
  { file, config, locale, target }: ListOptions,
  out: Write,
  err: Write,
): Promise<number> => {
  const words = WORDS[locale];
  let devices: readonly DeviceStatus[];
  try {
    devices = await devicesOf(target, config, dataDirectory(config, file));
  } catch (error) {
    err(words.alone(error instanceof Error ? error.message || error.name : String(error)));
    printRegistered(config, locale, out);
    return 0;
  }
  const found = devices.filter(({ registered }) => !registered);
  out(`${words.head}\n`);
  for (const device of devices) if (device.registered) out(`${registeredRow(device, locale)}\n`);
  if (found.length === 0) return 0;
  out(`\n${words.found}\n${words.foundHead}\n`);
  for (const device of found) out(`${discoveredRow(device)}\n`);
  return 0;
};
