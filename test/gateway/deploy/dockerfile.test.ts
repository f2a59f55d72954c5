import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { until } from '../../until.ts';
import { build, instructionsOf, startIn } from './dockerfile.ts';
import { installDirectory, ROOT, running, VENUE } from './service.ts';

const DOCKERFILE = readFileSync(join(ROOT, 'gateway', 'deploy', 'Dockerfile'), 'utf8');

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await until(() => server.listening, 'a port');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
};

test('the steps of the Dockerfile make a gateway that runs, answers its health check, and serves the console', {
  timeout: 240_000,
}, async () => {
  const image = await build(DOCKERFILE, installDirectory());
  expect(image.user).toBe('node');
  expect(readdirSync(join(image.root, image.directory)).toSorted()).toEqual(
    ['LICENSE', 'dist', 'firmware-sim', 'node_modules', 'package.json'].toSorted(),
  );
  expect(existsSync(join(image.root, image.directory, 'node_modules', 'typescript'))).toBe(false);

  const port = await freePort();
  mkdirSync(join(image.root, 'etc', 'muster'), { recursive: true });
  writeFileSync(
    join(image.root, 'etc', 'muster', 'venue.yaml'),
    VENUE.replace('port: 0 }\nrules', `port: ${port} }\nrules`),
  );
  const [, , , ...healthcheck] = image.healthcheck;
  expect(image.healthcheck.slice(0, 3)).toEqual(['nice', '-n', '15']);
  const early = startIn(image, healthcheck);
  expect(await early.exit).toBe(1);
  expect(early.output()).toMatch(/does not answer: connect ECONNREFUSED/);

  const gateway = startIn(image, [...image.entrypoint, ...image.command]);
  await until(() => gateway.output().includes('gateway runs'), 'the gateway', 30_000);
  const healthy = startIn(image, image.healthcheck);
  expect([await healthy.exit, healthy.output()]).toEqual([0, 'the gateway runs\n']);
  const page = await fetch(`http://127.0.0.1:${port}/`);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<script type="module"')]);
  const sim = startIn(image, ['node', 'dist/firmware-sim/main.js', '--help']);
  expect(await sim.exit).toBe(0);
  gateway.child.kill('SIGTERM');
  expect(await gateway.exit).toBe(0);
});

const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ dev: z.boolean().optional(), cpu: z.array(z.string()).optional() })),
});

test('what is native and runs in the image is prebuilt for amd64 and arm64', { timeout: 120_000 }, async () => {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')));
  const native = Object.entries(packages).filter(
    ([name, { dev, cpu }]) => dev !== true && cpu !== undefined && name.includes('linux'),
  );
  const names = native.map(([name]) => name.replace('node_modules/', ''));
  const forAmd = names.filter((name) => /x64(-gnu)?$/.test(name));
  expect(forAmd).toContain('@libsql/linux-x64-gnu');
  expect(names).toEqual(expect.arrayContaining(forAmd.map((name) => name.replace('x64', 'arm64'))));

  const directory = installDirectory();
  for (const file of ['package.json', 'package-lock.json', '.npmrc'])
    writeFileSync(join(directory, file), readFileSync(join(ROOT, file)));
  const arm = ['--os=linux', '--cpu=arm64', '--libc=glibc'];
  const install = running('npm', ['ci', '--omit=dev', '--ignore-scripts', ...arm], { cwd: directory });
  expect(await install.exit, install.output()).toBe(0);
  const library = readFileSync(join(directory, 'node_modules', '@libsql', 'linux-arm64-gnu', 'index.node'));
  // ELF, e_machine: EM_AARCH64.
  expect([library.toString('latin1', 1, 4), library.readUInt16LE(18)]).toEqual(['ELF', 183]);
});

describe('the build context', () => {
  const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');

  test('is everything that is copied and nothing of the venue', () => {
    const copied = instructionsOf(DOCKERFILE)
      .filter(({ name, words }) => name === 'COPY' && !words.startsWith('--from'))
      .flatMap(({ words }) => words.split(/\s+/).slice(0, -1));
    const tops = new Set(copied.map((path) => path.split('/')[0] ?? ''));
    expect(
      ignored
        .filter((line) => line.startsWith('!'))
        .map((line) => line.slice(1))
        .toSorted(),
    ).toEqual([...tops].toSorted());
    expect(ignored).toContain('*');
    for (const path of copied) expect(statSync(join(ROOT, path)), path).toBeDefined();
  });
});

test('a planted step that does not work is found', async () => {
  const planted = 'FROM scratch\nWORKDIR /a\nRUN test -e b\n';
  await expect(build(planted, installDirectory())).rejects.toThrow('RUN test -e b');
});
