import { statSync } from 'node:fs';
import type { SourceTrouble } from '../source.ts';

/** Why a serial port is not open, by who can help: the cable, the installer, the other program. */
type PortTroubleCode =
  | 'port-absent'
  | 'no-permission'
  | 'port-locked'
  | 'not-a-port'
  | 'port-failed'
  | 'port-lost'
  | 'port-silent';

type Text = Pick<SourceTrouble, 'zh' | 'en'>;

const TEXTS: Readonly<Record<PortTroubleCode, (path: string, detail: string) => Text>> = {
  'port-absent': (path) => ({
    zh: `串口 ${path} 不存在：请检查线缆，或确认配置中的路径`,
    en: `there is no serial port ${path}: check the cable, or the path in the configuration`,
  }),
  'no-permission': (path) => ({
    zh: `没有权限打开串口 ${path}：请把运行网关的用户加入 dialout 组`,
    en: `no permission to open the serial port ${path}: add the gateway's user to the group dialout`,
  }),
  'port-locked': (path) => ({
    zh: `串口 ${path} 已被其他程序占用`,
    en: `the serial port ${path} is locked by another program`,
  }),
  'not-a-port': (path) => ({ zh: `${path} 不是串口`, en: `${path} is not a serial port` }),
  'port-failed': (path, detail) => ({
    zh: `串口 ${path} 打不开：${detail}`,
    en: `the serial port ${path} does not open: ${detail}`,
  }),
  'port-lost': (path) => ({
    zh: `串口 ${path} 已断开：线缆被拔出或设备断电`,
    en: `the serial port ${path} is gone: unplugged, or its device lost power`,
  }),
  'port-silent': (path, detail) => ({
    zh: `串口 ${path} 已 ${detail} 秒没有数据：重新打开`,
    en: `nothing came from the serial port ${path} for ${detail} s: opened anew`,
  }),
};

export const portTrouble = (code: PortTroubleCode, path: string, atMs: number, detail = ''): SourceTrouble => ({
  code,
  atMs,
  ...TEXTS[code](path, detail),
});

const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** The binding's errors have no code, only the system's words for it. */
const CODES: readonly (readonly [words: RegExp, code: PortTroubleCode])[] = [
  [/no such file|no such device/i, 'port-absent'],
  [/permission denied|operation not permitted/i, 'no-permission'],
  [/cannot lock|resource busy/i, 'port-locked'],
  [/inappropriate ioctl/i, 'not-a-port'],
];

/** What an attempt to open failed of. */
export const openTrouble = (path: string, error: Error, atMs: number): SourceTrouble => {
  const [, code = 'port-failed'] = CODES.find(([words]) => words.test(error.message)) ?? [];
  return portTrouble(code, path, atMs, error.message);
};

/** What stands against opening that the binding has no words for; undefined: nothing. */
export const obstacle = (path: string, atMs: number): SourceTrouble | undefined => {
  try {
    return statSync(path).isCharacterDevice() ? undefined : portTrouble('not-a-port', path, atMs);
  } catch (error) {
    return portTrouble(errorCode(error) === 'EACCES' ? 'no-permission' : 'port-absent', path, atMs);
  }
};

/**
 * Which device stands behind a path; undefined: none. A link may point to another one before anybody noticed that the
 * first had gone, and an open handle of that one hears nothing any more.
 */
export const deviceBehind = (path: string): string | undefined => {
  try {
    const { dev, ino, rdev } = statSync(path);
    return `${dev}/${ino}/${rdev}`;
  } catch {
    return undefined;
  }
};
