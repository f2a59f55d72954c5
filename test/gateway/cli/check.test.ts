import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runCheck } from '../../../gateway/cli/check.ts';
import type { Locale } from '../../../gateway/config/sections/venue.ts';
import { file } from '../config/fixture.ts';

const check = (text: string | Error, locale: Locale = 'en', schema = false) => {
  const printed = { out: '', err: '' };
  const code = runCheck(
    { file: 'venue.yaml', schema, locale },
    (piece) => {
      printed.out += piece;
    },
    (piece) => {
      printed.err += piece;
    },
    () => {
      if (text instanceof Error) throw text;
      return text;
    },
  );
  return { code, ...printed };
};

describe('muster check', () => {
  test('0 where all is well: notes alone do not count', () => {
    const { code, out, err } = check(file('rules: [ { id: s, kind: sos } ]', 'badges: { b: { role: guard } }'));
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('venue.yaml:1:1: note: there is no response plan');
    expect(out).toMatch(/1 devices, 1 rules: 0 errors, 0 findings, \d notes\n$/);
  });

  test('1 with findings, each with its place and what to do', () => {
    const { code, out, err } = check(
      file('badges:', '  b: { role: guard }', 'rules: [ { id: t, kind: tilt, holdSeconds: 30 } ]'),
    );
    expect([code, err]).toEqual([1, '']);
    expect(out).toContain(
      'venue.yaml:3:3: finding: badges.b: no calibrated upright: rule t measures its tilt from [0, 0, 1]. With it worn',
    );
  });

  test('findings in Chinese', () => {
    const { out } = check(
      file('badges:', '  b: { role: guard }', 'rules: [ { id: t, kind: tilt, holdSeconds: 30 } ]'),
      'zh-CN',
    );
    expect(out).toContain('venue.yaml:3:3: 问题: badges.b: 未校准直立方向（upright）');
    expect(out).toContain('1 个设备，1 条规则');
  });

  test('2 with errors, all of them on the error output', () => {
    const { code, out, err } = check(file('rulez: []', 'zones: { hall: { areaM2: big } }'));
    expect([code, out]).toEqual([2, '']);
    expect(err.split('\n')).toEqual([
      expect.stringMatching(/^venue\.yaml:2:1: rulez: unknown key "rulez"; .* did you mean "rules"\?$/),
      expect.stringMatching(/^venue\.yaml:3:26: zones\.hall\.areaM2: wrong type: "big"; expected a number/),
      '2 errors',
      '',
    ]);
  });

  test('2 with what the gateway would refuse to start with', () => {
    const { code, out } = check(file('sources:', '  - kind: mqtt-broker', '    tcp: { host: 0.0.0.0 }'));
    expect(code).toBe(2);
    expect(out).toContain('venue.yaml:4:5: error: sources[0].tcp: listens on 0.0.0.0 without TLS');
  });

  test('2 where the file cannot be read', () => {
    const missing = Object.assign(new Error('no such file'), { code: 'ENOENT' });
    expect(check(missing)).toMatchObject({
      code: 2,
      err: 'venue.yaml:1:1: the file cannot be read (ENOENT)\n1 error\n',
    });
  });

  test('a file that is wrong all over is cut short', () => {
    const { err } = check(file(...Array.from({ length: 300 }, (_, n) => `x${n}: 1`)));
    expect(err).toContain('… and 100 more\n300 errors\n');
    expect(err.split('\n')).toHaveLength(203);
  });

  test('--schema prints JSON Schema', () => {
    const { code, out } = check(new Error('not read'), 'en', true);
    expect([code, JSON.parse(out)]).toEqual([
      0,
      expect.objectContaining({ type: 'object', additionalProperties: false }),
    ]);
  });

  test('the example of the documentation has no findings', () => {
    const example = new URL('../../../gateway/docs/venue.example.yaml', import.meta.url);
    const { code, out } = check(readFileSync(example, 'utf8'));
    expect([code, out.match(/.*: (?:finding|error): .*/g)]).toEqual([0, null]);
  });
});
