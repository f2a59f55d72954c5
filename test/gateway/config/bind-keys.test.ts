import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { bindKeysOf } from '../../../gateway/config/bind-keys.ts';
import { configOf } from './fixture.ts';

const KEY = '231d39c1d7cc1ab1aee224cd096db932';
const directory = mkdtempSync(join(tmpdir(), 'muster-keys-'));
afterAll(() => rmSync(directory, { recursive: true }));

const badge = (setting: string) => configOf(`badges: { b: { role: guard, ${setting} } }`);

const fileOf = (content: string): string => {
  const file = join(directory, 'b.key');
  writeFileSync(file, content);
  return file;
};

describe('bind keys', () => {
  test('stand in a file, or in the configuration', () => {
    for (const setting of [`bindKeyFile: ${fileOf(`${KEY}\n`)}`, `bindKey: ${KEY.toUpperCase()}`]) {
      const keys = bindKeysOf(badge(setting));
      expect([...keys].map(([id, key]) => [id, Buffer.from(key).toString('hex')])).toEqual([['b', KEY]]);
    }
    expect(bindKeysOf(badge('wearer: Li')).size).toBe(0);
  });

  test.each(['', 'secret', `${KEY}00`])('a file that holds %j stops the start, and is not repeated', (content) => {
    const config = badge(`bindKeyFile: ${fileOf(content)}`);
    expect(() => bindKeysOf(config)).toThrow('the bindKeyFile of b cannot be used');
    expect(() => bindKeysOf(config)).not.toThrow(/: secret/);
  });

  test('so does one that is not there', () => {
    expect(() => bindKeysOf(badge(`bindKeyFile: ${join(directory, 'none')}`))).toThrow('ENOENT');
  });
});
