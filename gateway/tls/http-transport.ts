import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance, FastifyServerFactory } from 'fastify';
import type { VenueConfig } from '../config/schema.ts';
import type { Log } from '../log.ts';
import { StartError } from '../start-error.ts';
import { expiresAtMs, hostsIn } from './certificate.ts';
import { type HttpsListener, httpsListener } from './https-listener.ts';
import { checkedOptions, type TlsFiles } from './secure-context.ts';
import { trustPages } from './trust/answers.ts';
import { trustMaterial } from './trust/material.ts';
import { mountTrustPages } from './trust/mount.ts';
import { plainAnswers } from './trust/plain.ts';
import { type VenueFiles, venueFiles } from './venue-files.ts';

export interface HttpTransportOptions {
  readonly config: VenueConfig;
  /** The data directory. */
  readonly directory: string;
  readonly log: Log;
  /** Timers of the real clock. */
  readonly timers: { after(ms: number, task: () => void): () => void };
  /** Unix milliseconds. */
  nowMs(): number;
}

/** How the HTTP side is reached: plain on loopback, or HTTPS by `http.tls`, and how phones come to trust it. */
export interface HttpTransport {
  /** For fastify; undefined: plain HTTP. */
  readonly serverFactory: FastifyServerFactory | undefined;
  /** Names and addresses that the certificate is for; none without TLS. */
  readonly hosts: readonly string[];
  /** To be called before the server listens: mounts the trust pages. */
  prepare(server: FastifyInstance): void;
  /** Reads the certificate files again; what went wrong comes back, the old ones stay in use. */
  reload(): readonly Error[];
  /** By name, for the health of the gateway: the certificate is over, or soon will be. */
  problems(): readonly string[];
}

const SOON_MS = 30 * 86_400_000;

const filesOf = (tls: NonNullable<VenueConfig['http']['tls']>, made: VenueFiles): TlsFiles => ({
  certFile: tls.certFile ?? made.serverCert,
  keyFile: tls.keyFile ?? made.serverKey,
  minVersion: tls.minVersion,
});

const unusable = ({ certFile, keyFile }: TlsFiles, error: unknown): StartError => {
  const why = error instanceof Error ? error.message : String(error);
  return new StartError(
    `无法启动：http.tls 的证书 ${certFile} 或私钥 ${keyFile} 不可用（${why}）。运行 muster tls init 可以生成。\n` +
      `cannot start: the certificate ${certFile} or key ${keyFile} of http.tls is not usable (${why}). muster tls init makes them.`,
    { cause: error },
  );
};

const certificateIn = (files: TlsFiles): X509Certificate => {
  try {
    checkedOptions(files);
    return new X509Certificate(readFileSync(files.certFile));
  } catch (error) {
    throw unusable(files, error);
  }
};

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** Throws a StartError where `http.tls` names files that cannot be used. */
export const httpTransport = ({ config, directory, log, timers, nowMs }: HttpTransportOptions): HttpTransport => {
  const { http, venue } = config;
  const made = venueFiles(directory);
  const files = http.tls === undefined ? undefined : filesOf(http.tls, made);
  let certificate = files === undefined ? undefined : certificateIn(files);
  let port = http.port;
  const pages = trustPages({
    venue: venue.name,
    locale: venue.locale,
    material: () => (files === undefined ? undefined : trustMaterial(made, files.certFile)),
    port: () => port,
  });
  const listener: HttpsListener | undefined =
    files === undefined ? undefined : httpsListener(files, plainAnswers(pages, log), timers);
  const problems = (): readonly string[] => {
    if (certificate === undefined) return [];
    const leftMs = expiresAtMs(certificate) - nowMs();
    return leftMs <= 0 ? ['certificate-expired'] : leftMs <= SOON_MS ? ['certificate-expires-soon'] : [];
  };
  const warn = (): void => {
    for (const problem of problems()) log.warn({ problem, validTo: certificate?.validTo }, 'run muster tls init');
  };
  warn();
  return {
    serverFactory: listener?.serverFactory,
    hosts: certificate === undefined ? [] : hostsIn(certificate).map(({ value }) => value),
    prepare: (server) => {
      server.addHook('onListen', async () => {
        const [address] = server.addresses();
        port = typeof address === 'object' ? address.port : port;
      });
      server.addHook('preClose', async () => listener?.dropOthers());
      if (listener !== undefined) mountTrustPages(server, pages);
    },
    reload: () => {
      if (files === undefined || listener === undefined) return [];
      try {
        listener.reload();
        certificate = certificateIn(files);
        warn();
        return [];
      } catch (error) {
        return [asError(error)];
      }
    },
    problems,
  };
};
