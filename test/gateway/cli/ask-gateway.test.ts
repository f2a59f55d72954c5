import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startApp } from '../../../gateway/app.ts';
import { hashSecret } from '../../../gateway/broker/clients/credentials.ts';
import { askGateway, type GatewayTarget } from '../../../gateway/cli/ask-gateway.ts';
import { liveClock } from '../../../gateway/clock.ts';
import { createLog } from '../../../gateway/log.ts';
import { configOf, venueYaml } from '../fixture.ts';
import { folder, PASSWORD, user, writeUsers } from '../people/fixture.ts';
import { madeFiles } from '../tls/fixture.ts';

/** A gateway with a user, a client and a certificate of its own, and what its venue file says. */
const guarded = async () => {
  const directory = folder();
  const files = await madeFiles(directory);
  writeUsers(directory, [user('li', 'engineer')]);
  const rest = `clients: { ops: { role: guard, secretSha256: ${hashSecret('a-secret')} } }`;
  const yaml = venueYaml(rest).replace('http: { port: 0 }', 'http: { port: 0, tls: {} }');
  const log = createLog({ write: () => undefined });
  const app = await startApp({ config: configOf(yaml), clock: liveClock(), log, directory });
  onTestFinished(() => app.stop());
  const secretFile = join(directory, 'ops.secret');
  writeFileSync(secretFile, 'a-secret\n');
  const config = configOf(yaml.replace('http: { port: 0', `http: { port: ${app.http.port}`));
  const who = async (target: GatewayTarget, trusted = directory): Promise<unknown> => {
    const gateway = await askGateway(target, config, trusted);
    try {
      return await gateway.get('/api/v1/session');
    } finally {
      await gateway.close();
    }
  };
  return { directory, files, secretFile, who, url: `https://localhost:${app.http.port}` };
};

const LI = { name: 'li', password: PASSWORD };

test('by the secret of a client or by a log-in, at the address that the venue file says, or another', async () => {
  const { who, secretFile, url } = await guarded();
  expect(await who({ secretFile })).toMatchObject({ name: 'ops', role: 'guard' });
  expect(await who({ user: LI })).toMatchObject({ name: 'li', role: 'engineer' });
  expect(await who({ user: LI, url })).toMatchObject({ name: 'li' });
});

test('without either nobody is let in, which is said in words', async () => {
  const { who } = await guarded();
  await expect(who({})).rejects.toThrow('HTTP 401: log in first');
  await expect(who({ user: { ...LI, password: 'not this one' } })).rejects.toThrow('HTTP 401: unknown user');
});

test('no secret goes to one whose certificate the venue has not signed', async () => {
  const { who, secretFile, files } = await guarded();
  const other = await madeFiles(folder());
  await expect(who({ secretFile }, folder())).rejects.toThrow(/certificate/);
  await expect(who({ user: LI, caFile: other.caCert })).rejects.toThrow(/certificate/);
  expect(await who({ secretFile, caFile: files.caCert }, folder())).toMatchObject({ name: 'ops' });
});
