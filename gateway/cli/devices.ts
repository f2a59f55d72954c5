import { hashSecret, newSecret } from '../broker/clients/credentials.ts';
import { loadVenue, unreadable } from '../config/load.ts';
import type { ConfigProblem } from '../config/problems/problem.ts';
import { buildRegistry } from '../config/registry.ts';
import type { VenueConfig } from '../config/schema.ts';
import { deviceIdSchema } from '../config/sections/ids.ts';
import type { Locale } from '../config/sections/venue.ts';
import type { Write } from './check.ts';

export interface SecretOptions {
  readonly file: string;
  readonly locale: Locale;
  readonly id: string;
}

type ReadFile = (path: string) => string;
type Opened =
  | { readonly ok: true; readonly config: VenueConfig }
  | { readonly ok: false; readonly errors: readonly ConfigProblem[] };

const open = (file: string, readFile: ReadFile): Opened => {
  try {
    return loadVenue(readFile(file), file);
  } catch (error) {
    return { ok: false, errors: [unreadable(file, error)] };
  }
};

/** Where the digest goes; a file that is not valid yet, for want of this very digest, is no obstacle. */
const placeOf = (opened: Opened, id: string): string => {
  const known = opened.ok ? SECTIONS.find((section) => Object.hasOwn(opened.config[section], id)) : undefined;
  return known === undefined ? id : `${known}.${id}`;
};

const SECTIONS = ['devices', 'badges', 'clients'] as const;

const printSecret = (place: string, id: string, locale: Locale, out: Write): void => {
  const secret = newSecret();
  const lines =
    locale === 'zh-CN'
      ? [`${id} 的 MQTT 密码（只显示这一次）：`, `  ${secret}`, `写入 venue.yaml 的 ${place}：`]
      : [`MQTT password of ${id} (shown this once):`, `  ${secret}`, `Put this into venue.yaml under ${place}:`];
  out(`${lines.join('\n')}\n  secretSha256: ${hashSecret(secret)}\n`);
};

const BAD_ID = {
  'zh-CN': '设备名称无效：字母、数字以及 _ . : -，最多 64 个字符\n',
  en: 'not a valid device id: letters, digits and _ . : -, at most 64\n',
} as const satisfies Record<Locale, string>;

/** Registered devices as the venue file has them, a line each, separated by tabs. */
export const printRegistered = (config: VenueConfig, locale: Locale, out: Write): void => {
  const registry = buildRegistry(config);
  const language = locale === 'zh-CN' ? 'zh' : 'en';
  const rows = [...registry.venue.devices.values()].map((device) => [
    device.id,
    registry.deviceName(device.id)[language],
    device.profile ?? '',
    device.zone ?? '',
    device.role ?? '',
    registry.credentials.has(device.id) ? 'secret' : '-',
  ]);
  const head = ['id', 'name', 'profile', 'zone', 'role', 'login'];
  for (const row of [head, ...rows]) out(`${row.join('\t')}\n`);
};

/**
 * `muster devices secret` makes a 128-bit password for a device, badge or client and prints it once, with the line for
 * venue.yaml, which it does not edit. Exit code: 0, or 2 where the id is impossible.
 */
export const makeSecret = (options: SecretOptions, out: Write, err: Write, readFile: ReadFile): number => {
  const { id, file, locale } = options;
  if (!deviceIdSchema.safeParse(id).success) {
    err(BAD_ID[locale]);
    return 2;
  }
  printSecret(placeOf(open(file, readFile), id), id, locale, out);
  return 0;
};
