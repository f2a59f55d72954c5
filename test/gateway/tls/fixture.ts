import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Host, hostOf, type Machine } from '../../../gateway/tls/hosts.ts';
import { type InitOptions, initTls } from '../../../gateway/tls/issue/init.ts';
import { type VenueFiles, venueFiles } from '../../../gateway/tls/venue-files.ts';

export const hosts = (...texts: readonly string[]): readonly Host[] => texts.flatMap((text) => hostOf(text) ?? []);

export const BOX: Machine = {
  name: 'box',
  interfaces: {
    eth0: [
      {
        family: 'IPv4',
        address: '192.168.7.5',
        internal: false,
        netmask: '255.255.255.0',
        mac: '',
        cidr: null,
      },
    ],
  },
};

/** A directory that ends with the test. */
export const folder = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-tls-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
};

export const INIT: Omit<InitOptions, 'files'> = {
  name: 'Riverside Hall',
  given: [],
  machine: BOX,
  days: 397,
  force: false,
  newAuthority: false,
  nowMs: Date.now(),
};

/** Files as `muster tls init` makes them. */
export const madeFiles = async (directory: string, more: Partial<InitOptions> = {}): Promise<VenueFiles> => {
  const files = venueFiles(directory);
  const outcome = await initTls({ ...INIT, ...more, files });
  if (!outcome.ok) throw new Error(outcome.text.en);
  return files;
};

export const contents = (files: VenueFiles): Readonly<Record<keyof VenueFiles, string>> => ({
  caCert: readFileSync(files.caCert, 'utf8'),
  caKey: readFileSync(files.caKey, 'utf8'),
  serverCert: readFileSync(files.serverCert, 'utf8'),
  serverKey: readFileSync(files.serverKey, 'utf8'),
});
