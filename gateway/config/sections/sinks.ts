import { z } from 'zod';
import type { Text } from '../../../rules/rule.ts';
import { fileSchema, httpUrlSchema, idSchema, secondsSchema } from './ids.ts';

const nameOf = (what: string) => z.string().min(1).max(256).describe(what);

/** A secret belongs into a file; one that stands here works, and `muster check` objects to it. */
const secretOf = (what: string, file: string) =>
  z.string().min(1).max(4096).optional().describe(`${what}, in plain text; better ${file}`);

const common = {
  kind: z.literal('influxdb').describe('InfluxDB, or VictoriaMetrics'),
  id: idSchema.default('influxdb').describe('name of the sink'),
  url: httpUrlSchema.describe('address of the server: http://10.0.0.9:8086'),
  caFile: fileSchema.optional().describe('certificate authority of the server, PEM'),
  positions: z.boolean().default(false).describe('also write where wearers are; else only their zone'),
  timeoutSeconds: secondsSchema.min(1).max(600).default(10).describe('how long the server may take for a request'),
  batchLines: z.int().min(1).max(50_000).default(5000).describe('lines in a request at most'),
} as const;

const BOTH: Text = { zh: '只写其中一项：文件，或明文', en: 'either the file or the plain text, not both' };
const NO_USER: Text = { zh: '有密码就需要 username', en: 'a username, as there is a password' };
const NO_PASSWORD: Text = { zh: '有 username 就需要 passwordFile', en: 'a passwordFile, as there is a username' };

const at = (key: string, text: Text) => ({ path: [key], params: { ...text } });

const versionOneShape = z.strictObject({
  ...common,
  version: z.literal(1).describe('InfluxDB 1.x: /write with a user name'),
  database: nameOf('database, which must exist'),
  retentionPolicy: nameOf('retention policy; that of the database where absent').optional(),
  username: nameOf('user who may write to it').optional(),
  passwordFile: fileSchema.optional().describe('file that holds the password'),
  password: secretOf('password', 'passwordFile'),
});

const versionOne = versionOneShape
  .refine(({ password, passwordFile }) => password === undefined || passwordFile === undefined, at('password', BOTH))
  .refine(
    ({ username, password = '', passwordFile = '' }) => username !== undefined || password + passwordFile === '',
    at('username', NO_USER),
  )
  .refine(
    ({ username, password = '', passwordFile = '' }) => username === undefined || password + passwordFile !== '',
    at('passwordFile', NO_PASSWORD),
  );

const versionTwoShape = z.strictObject({
  ...common,
  version: z.literal(2).default(2).describe('InfluxDB 2 and 3, VictoriaMetrics: /api/v2/write with a token'),
  org: nameOf('organization; InfluxDB 3 and VictoriaMetrics take any').optional(),
  bucket: nameOf('bucket, which must exist'),
  tokenFile: fileSchema.optional().describe('file that holds a token that may write to it'),
  token: secretOf('token', 'tokenFile'),
});

const versionTwo = versionTwoShape.refine(
  ({ token, tokenFile }) => token === undefined || tokenFile === undefined,
  at('token', BOTH),
);

const sinkSchema = z.discriminatedUnion('kind', [z.discriminatedUnion('version', [versionOne, versionTwo])]);

export const sinksSchema = z.array(sinkSchema).max(8).default([]).describe('where samples are kept besides');
