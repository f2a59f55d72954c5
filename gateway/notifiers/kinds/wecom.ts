import { z } from 'zod';
import type { Severity } from '../../../rules/rule.ts';
import { fileSchema } from '../../config/sections/ids.ts';
import { CredentialError, secretOf } from '../../outbound/credentials.ts';
import { type Answer, answerOf, type Response } from '../answer.ts';
import { common, notBoth, oneOfTwo, secretSchema, urlSchema } from './common.ts';
import { defineNotifierKind, FOR_PEOPLE, type Telling } from './kind.ts';
import { ACKNOWLEDGE, cutBytes, type Language, lineTexts, speak, speakLines, titleText } from './texts.ts';

const userId = z.string().min(1).max(64);

const schema = z
  .strictObject({
    kind: z.literal('wecom').describe('robot of a WeCom group (企业微信群机器人)'),
    ...common,
    url: urlSchema
      .default('https://qyapi.weixin.qq.com/cgi-bin/webhook/send')
      .describe('address of the robot, without ?key='),
    keyFile: fileSchema.optional().describe('file that holds the key of the robot: what follows ?key= in its address'),
    key: secretSchema('key of the robot', 'keyFile'),
    message: z
      .enum(['markdown', 'text'])
      .default('markdown')
      .describe('text reaches WeChat too, and can mention people'),
    mention: z
      .array(userId)
      .max(50)
      .default([])
      .describe(
        'user ids who are mentioned on orange and red alarms until acknowledged; @all is everybody (text only)',
      ),
  })
  .refine(({ key, keyFile }) => key === undefined || keyFile === undefined, notBoth('key'))
  .refine(({ key, keyFile }) => key !== undefined || keyFile !== undefined, oneOfTwo('keyFile'));

type Config = z.output<typeof schema>;

/** Bytes of UTF-8 that a robot takes: https://developer.work.weixin.qq.com/document/path/91770 */
const MARKDOWN_BYTES_MAX = 4096;
const TEXT_BYTES_MAX = 2048;

/** The three colours that its markdown has. */
const COLOUR: Readonly<Record<Severity, string>> = {
  red: 'warning',
  orange: 'warning',
  yellow: 'info',
  blue: 'comment',
};

/** What people and devices are called must not become markup. */
const plain = (text: string): string => text.replaceAll(/[<>[\]`*_#\\]/g, (sign) => PLAIN[sign] ?? sign);

const PLAIN: Readonly<Record<string, string>> = {
  '<': '＜',
  '>': '＞',
  '[': '［',
  ']': '］',
  '`': "'",
  '*': '＊',
  _: '＿',
  '#': '＃',
  '\\': '＼',
};

const isUrgent = ({ notice: { alarm } }: Telling): boolean =>
  alarm.human === 'unacknowledged' && (alarm.severity === 'red' || alarm.severity === 'orange');

const markdownOf = (telling: Telling, language: Language, mention: readonly string[]): object => {
  const { notice, acknowledgeUrl } = telling;
  const title = plain(speak(titleText(telling), language));
  const colour =
    notice.event === 'cleared' || notice.alarm.human === 'acknowledged' ? 'info' : COLOUR[notice.alarm.severity];
  const tail = [
    ...(acknowledgeUrl === undefined ? [] : [`[${speak(ACKNOWLEDGE, language)}](${acknowledgeUrl})`]),
    ...(isUrgent(telling) && mention.length > 0 ? [mention.map((user) => `<@${user}>`).join(' ')] : []),
  ].join('\n');
  const lines = speakLines(lineTexts(telling), language).map((line) => `> ${plain(line)}`);
  const head = [`**<font color="${colour}">${title}</font>**`, ...lines].join('\n');
  const room = MARKDOWN_BYTES_MAX - Buffer.byteLength(tail) - 1;
  return { msgtype: 'markdown', markdown: { content: `${cutBytes(head, room)}\n${tail}`.trimEnd() } };
};

const textOf = (telling: Telling, language: Language, mention: readonly string[]): object => {
  const { acknowledgeUrl } = telling;
  const tail = acknowledgeUrl === undefined ? '' : `\n${speak(ACKNOWLEDGE, language)}: ${acknowledgeUrl}`;
  const head = [speak(titleText(telling), language), ...speakLines(lineTexts(telling), language)].join('\n');
  const content = cutBytes(head, TEXT_BYTES_MAX - Buffer.byteLength(tail)) + tail;
  const mentioned = isUrgent(telling) && mention.length > 0 ? { mentioned_list: mention } : {};
  return { msgtype: 'text', text: { content, ...mentioned } };
};

const saidSchema = z.object({ errcode: z.number(), errmsg: z.string().default('') });

/** 20 messages a minute for each robot; it says so with 45009. */
const RATE_LIMITED = 45_009;
const RATE_LIMIT_WAIT_MS = 10_000;
const BUSY = -1;
/** The key is not, or no longer, one of a robot. */
const NO_SUCH_ROBOT: ReadonlySet<number> = new Set([93_000, 93_004, 93_008, 40_014, 40_001]);

/** The status is 200 whatever happened: the body tells. */
const judge = (response: Response, nowMs: number): Answer => {
  const byStatus = answerOf(response, nowMs);
  if (byStatus.kind !== 'delivered') return byStatus;
  let json: unknown;
  try {
    json = JSON.parse(response.body);
  } catch {
    return { kind: 'refused', code: 'not-found', reason: 'the answer is not JSON' };
  }
  const said = saidSchema.safeParse(json);
  if (!said.success) return { kind: 'refused', code: 'not-found', reason: 'the answer has no errcode' };
  const { errcode, errmsg } = said.data;
  if (errcode === 0) return { kind: 'delivered' };
  const reason = `${errcode} ${errmsg.slice(0, 200)}`;
  if (errcode === RATE_LIMITED) return { kind: 'failed', code: 'busy', reason, retryAfterMs: RATE_LIMIT_WAIT_MS };
  if (errcode === BUSY) return { kind: 'failed', code: 'busy', reason, retryAfterMs: 0 };
  return NO_SUCH_ROBOT.has(errcode) ? { kind: 'refused', code: 'unauthorized', reason } : { kind: 'rejected', reason };
};

/** Whoever the configuration names, and those of the plan who have a user id there. */
const mentioned = ({ mention }: Config, { notice: { recipients = [] } }: Telling): readonly string[] => {
  const people = recipients.flatMap(({ address }) => (address === undefined ? [] : [address]));
  return [...new Set([...mention, ...people])];
};

const messageOf = (config: Config, telling: Telling): string => {
  const { message, language } = config;
  const mention = mentioned(config, telling);
  return JSON.stringify(
    message === 'text' ? textOf(telling, language, mention) : markdownOf(telling, language, mention),
  );
};

export const wecom = defineNotifierKind({
  schema,
  tells: FOR_PEOPLE,
  byPerson: false,
  // A group reads in order.
  requests: 1,
  courier: (config) => {
    const key = secretOf(config.keyFile, config.key) ?? '';
    if (/\s/.test(key)) throw new CredentialError(`${config.keyFile ?? 'key'} (not a key: white space in it)`);
    return {
      url: `${config.url}?${new URLSearchParams({ key })}`,
      secrets: [key],
      message: (telling) => ({
        headers: { 'idempotency-key': telling.notice.key },
        body: messageOf(config, telling),
      }),
      judge,
    };
  },
});
