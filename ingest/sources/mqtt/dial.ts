import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import WebSocket, { createWebSocketStream } from 'ws';

/** TLS towards a broker: PEM texts. The certificate is always verified. */
export interface DialTls {
  /** Instead of the system's authorities. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Name in the certificate, where it is not the host of the URL. */
  readonly serverName?: string;
}

const SCHEMES = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];

/** The URL of a broker. Throws where it is none, or has another scheme than `mqtt`, `mqtts`, `ws` or `wss`. */
export const brokerUrl = (text: string): URL => {
  const url = new URL(text);
  if (SCHEMES.includes(url.protocol)) return url;
  throw new Error(`${url.protocol}// is not a way to a broker: expected mqtt, mqtts, ws or wss`);
};

/** Opens a byte stream to a broker. Throws where a certificate or key cannot be read. */
export const dial = (url: URL, security: DialTls = {}): Duplex => {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  switch (url.protocol) {
    case 'mqtt:':
      return net.connect({ host, port: Number(url.port || 1883), noDelay: true });
    case 'mqtts:':
      return tls.connect({ host, port: Number(url.port || 8883), ...tlsOptions(host, security) });
    default:
      return createWebSocketStream(
        new WebSocket(url, 'mqtt', { perMessageDeflate: false, ...tlsOptions(host, security) }),
      );
  }
};

const tlsOptions = (host: string, { ca, cert, key, serverName }: DialTls): tls.ConnectionOptions => {
  // An address is not a server name (RFC 6066 section 3).
  const name = serverName ?? (net.isIP(host) === 0 ? host : undefined);
  return {
    minVersion: 'TLSv1.2',
    ...(name === undefined ? {} : { servername: name }),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
};
