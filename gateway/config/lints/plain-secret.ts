import type { Finding } from '../finding.ts';
import { isRecord } from '../problems/schema-walk.ts';
import { hasUserInfo, namesSecret } from '../problems/shown.ts';
import type { Lint } from './lint.ts';

const finding = (path: readonly PropertyKey[], zh: string, en: string): Finding => ({
  code: 'plain-secret',
  severity: 'finding',
  path,
  message: { zh, en },
  advice: {
    zh: '改用 …File 指向存放密钥的文件，或 secretSha256；并更换这个密钥',
    en: 'Point to a file that holds it with a …File key, or use secretSha256; and change this secret',
  },
});

/** `secretSha256` is a digest, `…File` the name of a file: the only right ways. */
const isIndirect = (key: string): boolean => key === 'secretSha256' || key.endsWith('File');

const inText = (path: readonly PropertyKey[], value: string): readonly Finding[] => {
  const key = String(path.at(-1));
  if (namesSecret(key) && !isIndirect(key)) return [finding(path, '密钥以明文写出', 'a secret in plain text')];
  if (!hasUserInfo(value)) return [];
  return [finding(path, '网址中含有用户名或密码', 'a user name or password within a URL')];
};

const walk = (value: unknown, path: readonly PropertyKey[]): readonly Finding[] => {
  if (typeof value === 'string') return inText(path, value);
  if (Array.isArray(value)) return value.flatMap((item, index) => walk(item, [...path, index]));
  return isRecord(value) ? Object.entries(value).flatMap(([key, item]) => walk(item, [...path, key])) : [];
};

/** Secrets that stand in the file itself; ids and names of devices are not keys of the schema, and are passed over. */
export const plainSecret: Lint = ({ config }) => walk(config, []);
