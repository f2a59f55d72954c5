import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { requireProgram } from '../../system-programs.ts';
import { temporaryDirectory } from '../store/fixture.ts';
import { ROOT } from './service.ts';

const UNIT = join(ROOT, 'gateway', 'deploy', 'muster.service');
const SYSUSERS = join(ROOT, 'gateway', 'deploy', 'muster.sysusers.conf');

/** "Safe enough" where the whole of a venue's alarms runs in it; systemd's own scale goes from 0 to 10. */
const EXPOSURE_MAX = 2.5;

const hasSystemd = requireProgram('systemd-analyze', 'systemd');

/** The settings of the unit: every value of every name, in order. */
const settings = (): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, string[]>();
  for (const line of readFileSync(UNIT, 'utf8').split('\n')) {
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) found.set(name, [...(found.get(name) ?? []), value]);
  }
  return found;
};

describe.skipIf(!hasSystemd)('systemd', () => {
  test('finds no fault with the unit', () => {
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', UNIT], { encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('does find one that is planted', () => {
    const planted = join(temporaryDirectory(), 'muster.service');
    writeFileSync(planted, readFileSync(UNIT, 'utf8').replace('WatchdogSec=15s', 'WatchdogSec=often'));
    expect(spawnSync('systemd-analyze', ['verify', planted], { encoding: 'utf8' }).stderr).toContain(
      'Failed to parse sec value',
    );
  });

  test(`holds it to be exposed at most ${EXPOSURE_MAX} of 10`, () => {
    const args = ['security', '--offline=true', `--threshold=${EXPOSURE_MAX * 10}`, '--no-pager', UNIT];
    const { status, stdout } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
    const [, level] = /Overall exposure level for muster\.service: ([\d.]+)/.exec(stdout) ?? [];
    expect(Number(level)).toBeLessThanOrEqual(EXPOSURE_MAX);
    expect(status).toBe(0);
  });

  test('makes the user and the groups that the unit names', () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, 'etc'));
    const conf = join(root, 'muster.conf');
    copyFileSync(SYSUSERS, conf);
    writeFileSync(join(root, 'etc', 'group'), 'dialout:x:20:\n');
    execFileSync('systemd-sysusers', [`--root=${root}`, conf], { stdio: 'pipe' });
    const [user] = settings().get('User') ?? [];
    expect(readFileSync(join(root, 'etc', 'passwd'), 'utf8')).toMatch(
      new RegExp(`^${user}:x:\\d+:\\d+:[^:]*:/var/lib/muster:/usr/sbin/nologin$`, 'm'),
    );
    expect(readFileSync(join(root, 'etc', 'group'), 'utf8')).toMatch(new RegExp(`^dialout:x:20:${user}$`, 'm'));
  });
});

test('the unit gives the gateway what it needs of the box, and no more', () => {
  const unit = settings();
  expect(unit.get('DevicePolicy')).toEqual(['closed']);
  expect(unit.get('DeviceAllow')).toEqual(
    expect.arrayContaining(['ttyUSB', 'ttyACM', 'ttyAMA'].map((tty) => `char-${tty} rw`)),
  );
  expect(unit.get('RestrictAddressFamilies')?.join(' ')).toContain('AF_BLUETOOTH');
  expect(unit.get('CapabilityBoundingSet')).toEqual(['']);
  expect(unit.get('AmbientCapabilities')).toEqual(['']);
});

test('systemd is told by a child of the gateway, watches, and never gives up', () => {
  const unit = settings();
  const picked = ['Type', 'NotifyAccess', 'KillMode', 'Restart', 'StartLimitIntervalSec', 'RestartPreventExitStatus'];
  expect(picked.map((name) => unit.get(name)?.join())).toEqual(['notify', 'all', 'mixed', 'always', '0', '2 4']);
  expect(unit.get('WatchdogSec')).toEqual(['15s']);
});
