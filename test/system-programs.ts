import { spawnSync } from 'node:child_process';

/**
 * Whether a program of the operating system is there; a test that needs it is skipped otherwise, with a message that
 * names the Debian package. On continuous integration its absence is a failure.
 */
export const requireProgram = (name: string, debianPackage: string): boolean => {
  const found = spawnSync('sh', ['-c', 'PATH="$PATH:/usr/sbin:/sbin" command -v "$1"', 'sh', name]).status === 0;
  if (found) return true;
  const message = `${name} is not installed: apt-get install ${debianPackage}`;
  if (process.env.CI === 'true') throw new Error(message);
  process.stderr.write(`skipped: ${message}\n`);
  return false;
};
