import { z } from 'zod';
import type { Text } from '../../../rules/rule.ts';

/** What a pattern asks for, in words: shown to people instead of the regular expression. */
const FORMATS = new Map<string, Text>();

const formatted = (pattern: RegExp, zh: string, en: string): z.ZodString => {
  FORMATS.set(pattern.toString(), { zh, en });
  return z.string().regex(pattern, en);
};

/** Words for a pattern as zod reports it; undefined for a pattern of another folder. */
export const formatText = (pattern: string): Text | undefined => FORMATS.get(pattern);

/** Part of MQTT topics and alarm ids, hence no `/`, `+`, `#` or white space. */
export const idSchema = formatted(
  /^[a-z0-9][a-z0-9_.:-]{0,63}$/,
  '小写字母、数字以及 _ . : -，以字母或数字开头，最多 64 个字符',
  'lower-case letters, digits and _ . : -, starting with a letter or digit, at most 64',
);

/** Like an id, but makers print upper-case serial numbers on their devices. */
export const deviceIdSchema = formatted(
  /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/,
  '字母、数字以及 _ . : -，以字母或数字开头，最多 64 个字符',
  'letters, digits and _ . : -, starting with a letter or digit, at most 64',
);

/** A second channel is `a`, `ct1`, `line1`, …; the empty one stands for all that are not named. */
export const channelSchema = formatted(
  /^[A-Za-z0-9_.:-]{0,32}$/,
  '字母、数字以及 _ . : -，最多 32 个字符',
  'letters, digits and _ . : -, at most 32',
);

export const addressSchema = formatted(
  /^[a-z0-9][a-z0-9-]{0,31}:\S.{0,254}$/,
  '“<格式>:<该格式中的名称>”，例如 zigbee2mqtt:hall-temp',
  '"<format>:<name that the format gives it>", as in zigbee2mqtt:hall-temp',
);

export const sha256Schema = formatted(
  /^[0-9a-fA-F]{64}$/,
  '64 个十六进制字符（密钥的 SHA-256，可用 muster devices secret 生成）',
  '64 hexadecimal digits: the SHA-256 of the secret, as printed by muster devices secret',
);

/** AES-128. */
export const bindKeySchema = formatted(/^[0-9a-fA-F]{32}$/, '32 个十六进制字符', '32 hexadecimal digits');

/** MQTT 3.1.1 section 4.7: `#` only as the last level, `+` only as a whole level, no U+0000. */
export const topicFilterSchema = formatted(
  // biome-ignore lint/suspicious/noControlCharactersInRegex: U+0000 is what the clause forbids
  /^(?=.{1,1024}$)(?:(?:\+|[^+#/\u0000]*)\/)*(?:#|\+|[^+#/\u0000]*)$/,
  'MQTT 主题过滤器，例如 zigbee2mqtt/#',
  'an MQTT topic filter, as in zigbee2mqtt/#',
);

export const hostSchema = formatted(
  /^[A-Za-z0-9._:%-]{1,253}$/,
  '主机名或 IP 地址，例如 127.0.0.1',
  'a host name or IP address, as in 127.0.0.1',
);

export const mqttUrlSchema = formatted(
  /^(?:mqtts?|wss?):\/\/[^\s/]+(?:\/\S*)?$/,
  'mqtt://、mqtts://、ws:// 或 wss:// 开头的地址',
  'an address that starts with mqtt://, mqtts://, ws:// or wss://',
);

/** Credentials have keys of their own, and a query belongs to whoever calls: neither stands in an address. */
const HTTP_URL = /^https?:\/\/[^\s/?#@]+(?:\/[^\s?#@]*)?$/;

export const httpUrlSchema = formatted(
  HTTP_URL,
  'http:// 或 https:// 开头的地址，不含用户名、密码和查询参数',
  'an address that starts with http:// or https://, without user name, password or query',
).refine((url) => !HTTP_URL.test(url) || URL.canParse(url), {
  params: { zh: '能够解析的主机名和端口', en: 'a host and port that can be read' },
});

/** https://docs.ntfy.sh/publish/: part of the server's path. */
export const ntfyTopicSchema = formatted(
  /^[-_A-Za-z0-9]{1,64}$/,
  '字母、数字以及 _ -，最多 64 个字符',
  'letters, digits, _ and -, at most 64',
);

export const timeOfDaySchema = formatted(
  /^(?:[01]\d|2[0-3]):[0-5]\d$/,
  '24 小时制的时刻，加引号，例如 "18:30"',
  'a time of day in quotes, as in "18:30"',
);

export const venueDateSchema = formatted(
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/,
  '日期，例如 2026-10-01',
  'a date, as in 2026-10-01',
);

export const pathSchema = formatted(/^\/\S{0,255}$/, '以 / 开头的路径', 'a path that starts with /');

export const fileSchema = z.string().min(1).max(4096);

export const portSchema = z.int().min(0).max(65_535);

/** Durations in the file are seconds; a week is the longest that makes sense. */
export const secondsSchema = z.number().min(0).max(604_800);

/** A name in both languages of the product. */
export const nameSchema = z.strictObject({
  zh: z.string().min(1).max(200).describe('in Chinese'),
  en: z.string().min(1).max(200).describe('in English'),
});
