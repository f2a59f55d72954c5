import pino, { type DestinationStream } from 'pino';

/** What the gateway's parts need of a logger; pino has it. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Field names that never reach a log, wherever they stand. */
const SECRETS = ['password', 'secret', 'secretSha256', 'token', 'authorization', 'cookie'];

/** One JSON object a line; `error` fields with their stack. */
export const createLog = (destination: DestinationStream, level = 'info'): Log =>
  pino(
    {
      level,
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' },
      serializers: { error: pino.stdSerializers.err },
    },
    destination,
  );
