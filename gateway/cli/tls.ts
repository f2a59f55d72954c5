import type { Text } from '../../rules/rule.ts';
import type { Locale } from '../config/sections/venue.ts';
import { type Host, hostOf, type Machine } from '../tls/hosts.ts';
import { trustUrl, visitedHost } from '../tls/trust/address.ts';
import { type TrustMaterial, trustMaterial } from '../tls/trust/material.ts';
import { type VenueFiles, venueFiles } from '../tls/venue-files.ts';
import type { Write } from './check.ts';

export interface TlsOptions {
  /** The data directory. */
  readonly directory: string;
  readonly locale: Locale;
  /** Name of the venue, which phones show. */
  readonly name: string;
  /** Port of the HTTP side. */
  readonly port: number;
  /** As typed: names and addresses that the certificate is to be for. */
  readonly hosts: readonly string[];
  readonly days: number;
  readonly force: boolean;
  readonly newAuthority: boolean;
  readonly machine: Machine;
  /** Whether the terminal shows colours. */
  readonly colours: boolean;
  /** Unix milliseconds. */
  nowMs(): number;
}

const EXIT_REFUSED = 2;
const EXIT_CANNOT = 3;

/** Before this program was written: a certificate by this clock would not be valid on any phone. */
const EARLIEST_MS = Date.UTC(2025, 0, 1);

const text = (zh: string, en: string): Text => ({ zh, en });

const refusal = ({ hosts, nowMs }: TlsOptions): Text | undefined => {
  if (nowMs() < EARLIEST_MS) {
    const now = new Date(nowMs()).toISOString();
    return text(`本机时钟不对（${now}），请先校时`, `the clock of this machine is wrong (${now}): set it first`);
  }
  const bad = hosts.filter((host) => hostOf(host) === undefined).join(', ');
  return bad === '' ? undefined : text(`不是主机名或 IP 地址：${bad}`, `not a host name or IP address: ${bad}`);
};

const MADE = {
  authority: text(
    '已生成场馆 CA 和服务器证书。',
    'The authority (CA) of the venue and a server certificate have been made.',
  ),
  server: text(
    '已用现有的场馆 CA 签发新的服务器证书；手机无需改动。',
    'A new server certificate has been made by the authority that was there; phones need nothing new.',
  ),
} as const;

const lines = (files: VenueFiles, { hosts, fingerprint }: TrustMaterial, url: string): readonly Text[] => [
  text(`  可用于：${hosts.join(', ')}`, `  for: ${hosts.join(', ')}`),
  text(
    `  CA 指纹（SHA-256），安装到手机前请核对：\n    ${fingerprint}`,
    `  fingerprint of the authority (SHA-256), to be compared before a phone installs it:\n    ${fingerprint}`,
  ),
  text(
    `  CA 私钥：${files.caKey}（只在签发新证书时需要，可移到安全的地方）`,
    `  its private key: ${files.caKey} (needed only for new certificates; it may be kept elsewhere)`,
  ),
  text(
    `写入 venue.yaml（正在运行的网关用 SIGHUP 重新读取证书）：\n  http: { host: 0.0.0.0, tls: {} }\n  sources: [{ kind: mqtt-broker, tls: { certFile: ${files.serverCert}, keyFile: ${files.serverKey} } }]`,
    `Put into venue.yaml (SIGHUP makes a running gateway read certificates again):\n  http: { host: 0.0.0.0, tls: {} }\n  sources: [{ kind: mqtt-broker, tls: { certFile: ${files.serverCert}, keyFile: ${files.serverKey} } }]`,
  ),
  text(
    `手机扫描此码，按页面说明信任 CA：${url}`,
    `Phones scan this, and the page says how to trust the authority: ${url}`,
  ),
];

/** For a terminal: half blocks, inverted where it cannot paint the background white. */
const qrCode = async (url: string, colours: boolean): Promise<string> => {
  const { toString: qrText } = await import('qrcode');
  return qrText(url, colours ? { type: 'terminal', small: true } : { type: 'utf8' });
};

const given = ({ hosts }: TlsOptions): readonly Host[] => hosts.flatMap((host) => hostOf(host) ?? []);

/**
 * `muster tls init`: an authority of the venue, a certificate for this machine, and how phones come to trust it. Exit
 * code: 0, 2 refused (something good would be overwritten), 3 files cannot be read or written.
 */
export const runTlsInit = async (options: TlsOptions, out: Write, err: Write): Promise<number> => {
  const language = options.locale === 'zh-CN' ? 'zh' : 'en';
  const say = (write: Write, message: Text): void => write(`${message[language]}\n`);
  const refused = refusal(options);
  if (refused !== undefined) {
    say(err, refused);
    return EXIT_REFUSED;
  }
  const files = venueFiles(options.directory);
  // Loaded here alone: what makes certificates is large, and no other command needs it.
  const { initTls } = await import('../tls/issue/init.ts');
  try {
    const outcome = await initTls({ ...options, files, given: given(options), nowMs: options.nowMs() });
    if (!outcome.ok) {
      say(err, outcome.text);
      return EXIT_REFUSED;
    }
    say(out, MADE[outcome.made]);
    const material = trustMaterial(files, files.serverCert);
    if (material === undefined) throw new Error('the certificate that was made does not verify');
    const url = trustUrl({ host: visitedHost(undefined, material.hosts), port: options.port });
    for (const line of lines(files, material, url)) say(out, line);
    out(`${await qrCode(url, options.colours)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    say(err, text(`无法写入 ${options.directory}：${error.message}`, `${options.directory}: ${error.message}`));
    return EXIT_CANNOT;
  }
};
