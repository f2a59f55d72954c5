import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `muster tls init` makes, PEM, in the data directory. */
export interface VenueFiles {
  readonly caCert: string;
  readonly caKey: string;
  readonly serverCert: string;
  readonly serverKey: string;
}

export const venueFiles = (dataDirectory: string): VenueFiles => {
  const folder = join(dataDirectory, 'tls');
  return {
    caCert: join(folder, 'ca.crt'),
    caKey: join(folder, 'ca.key'),
    serverCert: join(folder, 'server.crt'),
    serverKey: join(folder, 'server.key'),
  };
};

/** Text of a file; undefined where there is none. Throws where it cannot be read. */
export const textOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};
