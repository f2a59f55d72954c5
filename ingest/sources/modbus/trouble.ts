import type { SourceTrouble } from '../source.ts';
import type { Answer } from './line.ts';

type Miss = Exclude<Answer['type'], 'registers' | 'exception'>;

const BROKEN = {
  zh: '的应答损坏：请检查终端电阻、屏蔽，以及是否有重复的站号',
  en: 'answers with errors: check termination, shielding, and whether two units share the number',
} as const;

const WHY: Readonly<Record<Miss, { readonly zh: string; readonly en: string }>> = {
  timeout: {
    zh: '没有应答：请检查供电、接线、站号和波特率',
    en: 'does not answer: check power, wiring, number and baud rate',
  },
  lost: { zh: '没有应答：线路已断开', en: 'does not answer: the line is gone' },
  corrupt: BROKEN,
  fragments: BROKEN,
  'wrong-length': {
    zh: '的应答长度不对：请检查 profile 是否与设备相符',
    en: 'answers with another length than asked for: check that its profile fits the device',
  },
};

/** A unit of a bus that could not be read several times in a row. */
export const unitTrouble = (source: string, unit: number, miss: Miss, atMs: number): SourceTrouble => ({
  code: `unit-${miss}`,
  atMs,
  zh: `${source} 总线上的 ${unit} 号设备${WHY[miss].zh}`,
  en: `unit ${unit} of bus ${source} ${WHY[miss].en}`,
});

/** No unit at all answers. */
export const silentTrouble = (source: string, seconds: number, atMs: number): SourceTrouble => ({
  code: 'bus-silent',
  atMs,
  zh: `${source} 总线上 ${seconds} 秒没有任何设备应答：重新打开`,
  en: `no unit of bus ${source} has answered for ${seconds} s: opened anew`,
});

/** A converter that cannot be reached, or was. */
export const socketTrouble = (host: string, port: number, reason: string, atMs: number): SourceTrouble => ({
  code: 'no-connection',
  atMs,
  zh: `无法连接 Modbus TCP 设备 ${host}:${port}（${reason}）`,
  en: `no connection to Modbus TCP ${host}:${port} (${reason})`,
});
