import type { TlsFiles } from '../tls/secure-context.ts';
import type { Credential } from './clients/credentials.ts';
import type { Clock } from './clock.ts';
import type { Limits } from './limits.ts';
import type { Log } from './log.ts';

export interface ListenOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

export interface BrokerOptions {
  readonly venueId: string;
  readonly tcp?: ListenOptions;
  /** Files are read again by `reloadCertificates`. */
  readonly tls?: ListenOptions & TlsFiles;
  /** Path `/mqtt`, sub-protocol `mqtt`; with `tls`, wss. */
  readonly websocket?: ListenOptions & { readonly tls?: TlsFiles };
  readonly credentials: ReadonlyMap<string, Credential>;
  readonly anonymous: 'refuse' | 'loopback';
  readonly limits?: Partial<Limits>;
  readonly log: Log;
  /** Default: the system's. */
  readonly clock?: Clock;
}

export interface ListenAddress {
  readonly kind: 'tcp' | 'tls' | 'websocket';
  readonly host: string;
  readonly port: number;
}
