import type { Finding } from './finding.ts';
import type { VenueConfig } from './schema.ts';

/** 127.0.0.0/8 (RFC 1122), ::1 (RFC 4291), also written as ::ffff:127.x. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/i.test(host);

const hasCredentials = (config: VenueConfig): boolean =>
  Object.keys(config.clients).length > 0 ||
  [...Object.values(config.devices), ...Object.values(config.badges)].some((entry) => entry.secretSha256 !== undefined);

interface Listener {
  readonly path: readonly PropertyKey[];
  readonly host: string;
  readonly encrypted: boolean;
}

const listenersOf = (config: VenueConfig): readonly Listener[] =>
  config.sources.flatMap((source, index) => {
    if (source.kind !== 'mqtt-broker') return [];
    const { tcp, tls, websocket } = source;
    const at = (name: string) => ['sources', index, name];
    return [
      ...(tcp === undefined ? [] : [{ path: at('tcp'), host: tcp.host, encrypted: false }]),
      ...(tls === undefined ? [] : [{ path: at('tls'), host: tls.host, encrypted: true }]),
      ...(websocket === undefined
        ? []
        : [{ path: at('websocket'), host: websocket.host, encrypted: websocket.tls !== undefined }]),
    ];
  });

const withoutTls = ({ path, host }: Listener): Finding => ({
  code: 'bind-without-tls',
  severity: 'error',
  path,
  message: {
    zh: `在 ${host} 上不加密监听：密码和数据可被旁人读取`,
    en: `listens on ${host} without TLS: passwords and data can be read by others`,
  },
  advice: {
    zh: '改用 tls，或只监听 127.0.0.1，或设 security.insecure: true',
    en: 'Use tls, listen on 127.0.0.1 only, or set security.insecure: true',
  },
});

const withoutCredentials = ({ path, host }: Listener): Finding => ({
  code: 'bind-without-credentials',
  severity: 'error',
  path,
  message: {
    zh: `在 ${host} 上监听，但没有任何客户端或设备有密钥`,
    en: `listens on ${host}, but no client or device has a secret`,
  },
  advice: {
    zh: '用 muster devices secret <id> 生成密钥，或设 security.insecure: true',
    en: 'Make secrets with muster devices secret <id>, or set security.insecure: true',
  },
});

/** Listeners beyond loopback without TLS or credentials: the gateway refuses to start, unless told `insecure: true`. */
export const bindProblems = (config: VenueConfig): Finding[] => {
  if (config.security.insecure) return [];
  const known = hasCredentials(config);
  return listenersOf(config)
    .filter(({ host }) => !isLoopback(host))
    .flatMap((listener) => [
      ...(listener.encrypted ? [] : [withoutTls(listener)]),
      ...(known ? [] : [withoutCredentials(listener)]),
    ]);
};

/** The HTTP side beyond loopback without TLS; whether there are users is known only when the gateway starts. */
export const httpBindProblems = ({ http, security }: VenueConfig): Finding[] =>
  security.insecure || isLoopback(http.host) || http.tls !== undefined
    ? []
    : [withoutTls({ path: ['http'], host: http.host, encrypted: false })];
