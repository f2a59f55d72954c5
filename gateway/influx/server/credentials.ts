import { basicHeader, secretOf, tokenHeader } from '../../outbound/credentials.ts';
import type { InfluxSink } from '../settings.ts';

/**
 * The Authorization header; undefined where the configuration has none. Files are read anew at every call, so that a
 * changed password is taken up without a restart. InfluxDB 1 takes a user name and password as Basic only (RFC 7617).
 * @throws CredentialError
 */
export const authorizationOf = (sink: InfluxSink): string | undefined => {
  if (sink.version === 2) {
    const token = secretOf(sink.tokenFile, sink.token);
    return token === undefined ? undefined : tokenHeader('Token', token, sink.tokenFile ?? 'token');
  }
  const { username, passwordFile, password } = sink;
  return username === undefined ? undefined : basicHeader(username, secretOf(passwordFile, password) ?? '');
};
