import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../until.ts';
import { installDirectory, ROOT, running } from './service.ts';

const directory = mkdtempSync(join(tmpdir(), 'muster-package-'));
let tarball = '';

// Without scripts: the build is there already, and other tests run from it.
beforeAll(() => {
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', directory];
  tarball = join(directory, execFileSync('npm', pack, { cwd: ROOT, encoding: 'utf8' }).trim());
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const where = (program: string): string =>
  realpathSync(execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program], { encoding: 'utf8' }).trim());

/** A box with Node and npm and nothing else: no compiler, no make, no Python. */
const bareBox = (): { readonly prefix: string; readonly env: object } => {
  const box = installDirectory();
  const bin = join(box, 'bin');
  mkdirSync(bin);
  for (const program of ['node', 'npm', 'sh', 'env']) symlinkSync(where(program), join(bin, program));
  return { prefix: join(box, 'prefix'), env: { PATH: bin } };
};

const trackedIn = (folder: string): readonly string[] =>
  execFileSync('git', ['ls-files', folder], { cwd: ROOT, encoding: 'utf8' }).trimEnd().split('\n');

test('the package holds what a box needs, and nothing else', () => {
  const packed = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' })
    .trimEnd()
    .split('\n')
    .map((path) => path.replace(/^package\//, ''));
  const compiled = packed.filter((path) => /^dist\/(gateway|ingest|rules|firmware-sim)\/.*\.js$/.test(path));
  const sources = ['gateway', 'ingest', 'rules', 'firmware-sim']
    .flatMap(trackedIn)
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'));
  expect(compiled).toEqual(expect.arrayContaining(sources.map((path) => `dist/${path.replace(/\.ts$/, '.js')}`)));
  const console = packed.filter((path) => path.startsWith('dist/console/'));
  expect(console).toContain('dist/console/index.html');
  expect(console.filter((path) => /\.(js|css)$/.test(path))).toHaveLength(2);
  const others = packed.filter((path) => !compiled.includes(path) && !console.includes(path));
  expect(others.toSorted()).toEqual(
    [
      ...['LICENSE', 'README.md', 'package.json'],
      ...['gateway/deploy/muster.service', 'gateway/deploy/muster.sysusers.conf'],
      // npm takes every README on the way to what is shipped.
      ...['dashboards/README.md', 'dashboards/grafana/README.md'],
      ...trackedIn('gateway/docs'),
      ...trackedIn('dashboards/grafana/generated'),
      ...trackedIn('dashboards/grafana/provisioning'),
      ...trackedIn('firmware-sim/scenarios'),
    ].toSorted(),
  );
});

/** Plays the demo until it has called somebody, and ends it as Ctrl-C does. */
const play = async (muster: string, env: object): Promise<string> => {
  const ports = ['--mqtt-port', '0', '--http-port', '0'];
  const demo = running(muster, ['demo', '--lang', 'en', '--speed', '60', ...ports], { env, cwd: tmpdir() });
  await until(() => /ALARM (yellow|orange|red)/.test(demo.output()), 'an alarm', 90_000);
  const [, url = ''] = /Console (http:\S+)/.exec(demo.output()) ?? [];
  const page = await (await fetch(url)).text();
  const [, script = ''] = /<script[^>]*src="([^"]+)"/.exec(page) ?? [];
  const answer = await fetch(new URL(script, url));
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
  demo.child.kill('SIGINT');
  expect(await demo.exit).toBe(0);
  return demo.output();
};

test.each([['as it is'], ['without any script of a package', '--ignore-scripts']])(
  'installed on a box without a compiler, %s, `muster demo` alarms and serves the console',
  { timeout: 180_000 },
  async (_how, ...flags) => {
    const { prefix, env } = bareBox();
    const install = running('npm', ['install', '-g', '--prefer-offline', '--prefix', prefix, ...flags, tarball], {
      env,
    });
    expect(await install.exit, install.output()).toBe(0);
    const muster = join(prefix, 'bin', 'muster');
    const { version }: { version: string } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(execFileSync(muster, ['--version'], { env: { ...env }, encoding: 'utf8' })).toBe(`${version}\n`);
    expect(await play(muster, env)).toMatch(/ALARM.*\n +→ /);
  },
);
