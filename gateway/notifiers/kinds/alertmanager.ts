import { z } from 'zod';
import type { Severity } from '../../../rules/rule.ts';
import { fileSchema, secondsSchema } from '../../config/sections/ids.ts';
import { basicHeader, secretOf } from '../../outbound/credentials.ts';
import { answerOf } from '../answer.ts';
import { common, custom, notBoth, secretSchema, urlSchema } from './common.ts';
import { defineNotifierKind, FOR_PEOPLE, type Telling } from './kind.ts';

const NO_USER = { zh: '有密码就需要 username', en: 'a username, as there is a password' };

const schema = z
  .strictObject({
    kind: z.literal('alertmanager').describe('Prometheus Alertmanager, API v2'),
    ...common,
    url: urlSchema.describe('address of the server, without /api/v2/alerts: http://10.0.0.9:9093'),
    username: z.string().min(1).max(256).optional().describe('user, where it asks for one'),
    passwordFile: fileSchema.optional().describe('file that holds the password'),
    password: secretSchema('password', 'passwordFile'),
    resendSeconds: secondsSchema
      .min(5)
      .max(3600)
      .default(60)
      .describe('an alarm that is not over is sent again after so long: shorter than its resolve_timeout'),
  })
  .refine(({ password, passwordFile }) => password === undefined || passwordFile === undefined, notBoth('password'))
  .refine(
    ({ username, password = '', passwordFile = '' }) => username !== undefined || password + passwordFile === '',
    custom('username', NO_USER),
  );

/** What an alert is known by: severity is part of it, for it is what receivers are chosen by. */
const labelsOf = ({ notice: { alarm }, venue }: Telling, severity: Severity): Readonly<Record<string, string>> => ({
  alertname: alarm.kind,
  alarm: alarm.id,
  rule: alarm.rule,
  severity,
  subject: alarm.subject,
  venue: venue.id,
  ...(alarm.zone === undefined ? {} : { zone: alarm.zone }),
});

const annotationsOf = ({ notice, subject, acknowledgeUrl }: Telling): Readonly<Record<string, string>> => {
  const { alarm } = notice;
  const all = {
    summary: alarm.reason.en,
    summary_zh: alarm.reason.zh,
    description: alarm.guidance.en,
    description_zh: alarm.guidance.zh,
    subject_name: subject.en,
    subject_name_zh: subject.zh,
    reason: alarm.reason.code,
    human: alarm.human,
    condition: alarm.condition,
    acknowledged_by: alarm.acknowledgedBy ?? '',
    value: alarm.value === undefined ? '' : `${alarm.value}${alarm.unit === undefined ? '' : ` ${alarm.unit}`}`,
    acknowledge_url: acknowledgeUrl ?? '',
    level: notice.level ?? '',
    remark: notice.remark?.en ?? '',
    remark_zh: notice.remark?.zh ?? '',
    recipients: (notice.recipients ?? []).map(({ name }) => name).join(', '),
  };
  return Object.fromEntries(Object.entries(all).filter(([, text]) => text !== ''));
};

const iso = (ms: number): string => new Date(Math.round(ms)).toISOString();

const bodyOf = (telling: Telling): string => {
  const { alarm, formerSeverity } = telling.notice;
  const alert = (severity: Severity, isOver: boolean): object => ({
    labels: labelsOf(telling, severity),
    annotations: annotationsOf(telling),
    startsAt: alarm.raisedAt,
    ...(isOver ? { endsAt: alarm.condition === 'cleared' ? alarm.changedAt : iso(telling.notice.atMs) } : {}),
  });
  const alerts = [alert(alarm.severity, alarm.condition === 'cleared')];
  // Under its former severity it is another alert there, which is over.
  if (formerSeverity !== undefined) alerts.push(alert(formerSeverity, true));
  return JSON.stringify(alerts);
};

/** POST /api/v2/alerts: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
export const alertmanager = defineNotifierKind({
  schema,
  tells: new Set([...FOR_PEOPLE, 'changed']),
  byPerson: false,
  requests: 4,
  courier: ({ url, username, passwordFile, password: inline }) => {
    const password = secretOf(passwordFile, inline) ?? '';
    const basic = username === undefined ? undefined : basicHeader(username, password);
    const authorization = basic === undefined ? {} : { authorization: basic };
    return {
      url: `${url.replace(/\/$/, '')}/api/v2/alerts`,
      secrets: password === '' || basic === undefined ? [] : [password, basic, basic.slice('Basic '.length)],
      message: (telling) => ({
        headers: { ...authorization, 'idempotency-key': telling.notice.key },
        body: bodyOf(telling),
      }),
      judge: answerOf,
    };
  },
});
