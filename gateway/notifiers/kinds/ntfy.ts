import { z } from 'zod';
import type { Severity } from '../../../rules/rule.ts';
import { fileSchema, ntfyTopicSchema } from '../../config/sections/ids.ts';
import { secretOf, tokenHeader } from '../../outbound/credentials.ts';
import { answerOf } from '../answer.ts';
import { common, notBoth, secretSchema, urlSchema } from './common.ts';
import { defineNotifierKind, FOR_PEOPLE, type Telling } from './kind.ts';
import { ACKNOWLEDGE, cutBytes, lineTexts, speak, speakLines, titleText } from './texts.ts';

const schema = z
  .strictObject({
    kind: z.literal('ntfy').describe('ntfy, on a server within the venue: reaches a locked phone without the internet'),
    ...common,
    url: urlSchema.describe('address of the server: https://10.0.0.9'),
    topic: ntfyTopicSchema.describe('topic that the phones are subscribed to'),
    tokenFile: fileSchema.optional().describe('file that holds an access token that may write to the topic'),
    token: secretSchema('access token', 'tokenFile'),
  })
  .refine(({ token, tokenFile }) => token === undefined || tokenFile === undefined, notBoth('token'));

type Config = z.output<typeof schema>;

/** https://docs.ntfy.sh/publish/#message-priority: 5 rings and vibrates on, 1 is silent. */
const PRIORITY: Readonly<Record<Severity, number>> = { red: 5, orange: 4, yellow: 3, blue: 2 };
const CALM_PRIORITY = 3;

/** Short codes that the app shows as pictures. */
const EMOJI: Readonly<Record<Severity, string>> = {
  red: 'rotating_light',
  orange: 'orange_circle',
  yellow: 'yellow_circle',
  blue: 'large_blue_circle',
};

/** A longer message becomes an attachment. */
const MESSAGE_BYTES_MAX = 4000;
const TITLE_BYTES_MAX = 250;

const isCalm = ({ notice: { event } }: Telling): boolean => event === 'cleared' || event === 'acknowledged';

/** Two ways to take it on: at once, in the name that the link carries, or on a page where one can give one's own. */
const actionsOf = ({ acknowledgeUrl }: Telling, { language }: Config): object => {
  if (acknowledgeUrl === undefined) return {};
  const action = {
    action: 'http',
    label: speak(ACKNOWLEDGE, language),
    url: acknowledgeUrl,
    method: 'POST',
    clear: true,
  };
  return { click: acknowledgeUrl, actions: [action] };
};

/** Somebody who has a topic of their own is told there. */
const topicOf = ({ notice: { address } }: Telling, { topic }: Config): string => address ?? topic;

const bodyOf = (telling: Telling, config: Config): string => {
  const { alarm } = telling.notice;
  const priority = PRIORITY[alarm.severity];
  return JSON.stringify({
    topic: topicOf(telling, config),
    title: cutBytes(speak(titleText(telling), config.language), TITLE_BYTES_MAX),
    message: cutBytes(speakLines(lineTexts(telling), config.language).join('\n'), MESSAGE_BYTES_MAX),
    priority: isCalm(telling) ? Math.min(CALM_PRIORITY, priority) : priority,
    tags: [
      isCalm(telling) ? 'white_check_mark' : EMOJI[alarm.severity],
      alarm.severity,
      alarm.kind,
      telling.notice.event,
    ],
    ...actionsOf(telling, config),
  });
};

/** Published as JSON to the root of the server: https://docs.ntfy.sh/publish/#publish-as-json */
export const ntfy = defineNotifierKind({
  schema,
  tells: FOR_PEOPLE,
  byPerson: true,
  requests: 4,
  courier: (config) => {
    const token = secretOf(config.tokenFile, config.token);
    const authorization =
      token === undefined ? {} : { authorization: tokenHeader('Bearer', token, config.tokenFile ?? 'token') };
    return {
      url: config.url,
      secrets: token === undefined ? [] : [token],
      message: (telling) => ({
        headers: { ...authorization, 'idempotency-key': telling.notice.key },
        body: bodyOf(telling, config),
      }),
      judge: answerOf,
    };
  },
});
