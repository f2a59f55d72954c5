import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { requireProgram } from '../../system-programs.ts';
import { installDirectory, ROOT, running, VENUE } from './service.ts';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The commands of a section, block by block. */
const commandsOf = (section: string): readonly (readonly string[])[] => {
  const [, text = ''] = README.split(`\n## ${section}\n`);
  const [body = ''] = text.split('\n## ');
  return [...body.matchAll(/(?:^ {4}.*\n)+/gm)].map(([block]) =>
    block
      .trimEnd()
      .split('\n')
      .map((line) => line.trim()),
  );
};

/** A box in a folder: its paths lie below, it has no owners but one, and its systemd writes down what it is told. */
const BOX = `
set -euo pipefail
below() { words=(); for word in "$@"; do case $word in /etc/*|/var/*) words+=("$BOX$word");; *) words+=("$word");; esac; done; }
sudo() { if [ "$1" = -u ]; then shift 2; fi; "$@"; }
install() {
  below "$@"; set -- "\${words[@]}"; words=()
  while [ $# -gt 0 ]; do case $1 in -o|-g) shift 2;; *) words+=("$1"); shift;; esac; done
  command install "\${words[@]}"
}
systemd-sysusers() { below "$@"; command systemd-sysusers --root="$BOX" "\${words[@]}"; }
systemctl() { echo "$*" >>"$BOX/systemctl"; }
muster() {
  if [ "$1" = health ]; then start; fi
  below "$@"; command muster "\${words[@]}"
}
chown() { echo "$*" >>"$BOX/chown"; }
# What the unit does.
start() {
  command=$(sed -n 's/^ExecStart=//p' "$BOX/etc/systemd/system/muster.service")
  below $command
  "\${words[@]}" >"$BOX/log" &
  gateway=$!
  trap 'kill $gateway; wait $gateway' EXIT
  until grep -q 'gateway runs' "$BOX/log"; do kill -0 $gateway; sleep 0.1; done
}
`;

const hasSystemd = requireProgram('systemd-sysusers', 'systemd');

test.skipIf(!hasSystemd)(
  '"Install on a box": the commands make a gateway that runs and answers',
  { timeout: 180_000 },
  async () => {
    const [block = [], ...more] = commandsOf('Install on a box');
    expect(more).toEqual([]);
    const box = installDirectory();
    const home = join(box, 'home');
    mkdirSync(home);
    execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', home], { cwd: ROOT, stdio: 'pipe' });
    const directory = join(box, 'var', 'lib', 'muster');
    const port = 20_000 + (process.pid % 20_000);
    const venue = VENUE.replace('port: 0 }\nrules', `port: ${port}, tls: {} }\nrules`);
    writeFileSync(join(home, 'venue.yaml'), `${venue}data: { directory: ${directory} }\n`);
    const script = [...block].join('\n').replace('user add li', 'user add li <<<"horse staple battery correct"');
    mkdirSync(join(box, 'etc'));
    writeFileSync(join(box, 'etc', 'group'), 'dialout:x:20:\n');
    const prefix = join(box, 'usr');
    const installed = running('bash', ['-c', `${BOX}\n${script}`], {
      cwd: home,
      env: {
        BOX: box,
        PATH: `${join(prefix, 'bin')}${delimiter}${process.env.PATH}`,
        npm_config_prefix: prefix,
        npm_config_prefer_offline: 'true',
      },
    });
    expect([await installed.exit, installed.output()]).toEqual([0, expect.stringMatching(/the gateway runs\n$/)]);
    expect(readFileSync(join(box, 'systemctl'), 'utf8')).toBe('daemon-reload\nenable --now muster\nstatus muster\n');
    expect(readFileSync(join(directory, 'users.json'), 'utf8')).toContain('"li"');
    expect(existsSync(join(directory, 'tls', 'server.crt'))).toBe(true);
  },
);

test('"With compose": the commands that need no Docker leave what docker-compose.yml asks for', () => {
  const [ours = [], docker = [], ...more] = commandsOf('With compose');
  expect(more).toEqual([]);
  for (const command of docker) expect(command).toMatch(/^docker /);
  const directory = installDirectory();
  for (const folder of ['gateway', 'firmware-sim']) symlinkSync(join(ROOT, folder), join(directory, folder));
  const env = { ...process.env, BOX: directory };
  execFileSync('bash', ['-c', `${BOX}\n${ours.join('\n')}`], { cwd: directory, env });
  expect(readFileSync(join(directory, 'chown'), 'utf8')).toBe('1000:1000 muster-data\n');
  const made = ['venue.yaml', 'muster-data', 'secrets/influx-write-password', 'secrets/grafana-admin-password'];
  for (const path of made) expect(existsSync(join(directory, path)), path).toBe(true);
  const check = [join(ROOT, 'dist', 'gateway', 'main.js'), 'check', '--lang', 'en', 'venue.yaml'];
  expect(
    execFileSync('sh', ['-c', `"$@" || [ $? = 1 ]`, 'sh', process.execPath, ...check], {
      cwd: directory,
      encoding: 'utf8',
    }),
  ).toMatch(/: 0 errors/);
});

test('the venue of compose writes to its InfluxDB', () => {
  const sink = readFileSync(join(ROOT, 'gateway', 'deploy', 'compose', 'sink.yaml'), 'utf8');
  const compose = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
  const [, file = 'none'] = /passwordFile: \/run\/secrets\/(\S+)/.exec(sink) ?? [];
  expect(compose).toContain(`secrets: [${file}]`);
  const [, database = 'none'] = /database: (\S+)/.exec(sink) ?? [];
  expect(compose).toContain(`DOCKER_INFLUXDB_INIT_BUCKET: ${database}\n`);
});
