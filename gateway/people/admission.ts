import { isLoopback } from '../config/bind.ts';
import type { VenueConfig } from '../config/schema.ts';
import { StartError } from '../start-error.ts';

type Asked = Pick<VenueConfig, 'http' | 'security'>;

const withoutTls = (host: string): string =>
  `无法启动：http.host ${host} 对外开放但没有 TLS，密码可被旁人读取。先运行 muster tls init，再设 http.tls: {}；或设 security.insecure: true。\n` +
  `cannot start: http.host ${host} is beyond this machine and without TLS: passwords could be read by others. Run muster tls init and set http.tls: {}, or set security.insecure: true.`;

const withoutUsers = (host: string): string =>
  `无法启动：http.host ${host} 对外开放但没有用户。先运行 muster user add <name> --role guard；或设 security.insecure: true。\n` +
  `cannot start: http.host ${host} is beyond this machine and there are no users. Run muster user add <name> --role guard, or set security.insecure: true.`;

/** Why the HTTP side must not listen where it is told to; undefined: it may. */
export const listenRefusal = ({ http, security }: Asked, users: number): StartError | undefined => {
  if (isLoopback(http.host) || security.insecure) return undefined;
  if (http.tls === undefined) return new StartError(withoutTls(http.host));
  return users === 0 ? new StartError(withoutUsers(http.host)) : undefined;
};
