import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startApp } from '../../../gateway/app.ts';
import { reloadGateway } from '../../../gateway/cli/reload.ts';
import { liveClock } from '../../../gateway/clock.ts';
import { createLog } from '../../../gateway/log.ts';
import { configOf, venueYaml } from '../fixture.ts';
import { folder, PASSWORD, user, writeUsers } from '../people/fixture.ts';
import { printer } from './printer.ts';

test('has the gateway read the file again, and says what that changes; an engineer may, a guard may not', {
  timeout: 60_000,
}, async () => {
  const directory = folder();
  const venueFile = join(directory, 'venue.yaml');
  const write = (rest: string): void => writeFileSync(venueFile, venueYaml(rest));
  write('zones: { hall: {} }');
  writeUsers(directory, [user('li', 'engineer'), user('wu', 'guard')]);
  const log = createLog({ write: () => undefined });
  const config = configOf(venueYaml('zones: { hall: {} }'));
  const app = await startApp({ config, clock: liveClock(), log, directory, venueFile });
  onTestFinished(() => app.stop());
  const reach = configOf(venueYaml('').replace('http: { port: 0 }', `http: { port: ${app.http.port} }`));

  const run = async (name: string, more: { dryRun?: boolean; locale?: 'zh-CN' | 'en' } = {}) => {
    const { out, err, texts } = printer();
    const target = { user: { name, password: PASSWORD } };
    const options = { file: venueFile, config: reach, locale: 'en', target, dryRun: false, ...more } as const;
    return [await reloadGateway(options, out, err), ...Object.values(texts())];
  };

  write('zones: { hall: { areaM2: 50 } }\ndata: { commitEveryMs: 7 }');
  const later = `counts only after a restart (systemctl restart muster):
  data: counts after a restart (the data directory is opened at the start)
`;
  const [looked, would] = await run('li', { dryRun: true, locale: 'zh-CN' });
  expect([looked, would]).toEqual([
    0,
    expect.stringMatching(/^将会改动（未执行）：\n {2}区域 hall 更改（areaM2）\n重启后才生效/),
  ]);
  expect(await run('wu')).toEqual([1, '', 'your role may not do this: it takes engineer\n']);
  expect(await run('li')).toEqual([0, `changed:\n  zone hall changed (areaM2)\n${later}`, '']);

  write('zons: {}');
  const [code, out, err] = await run('li');
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(/^the venue file is not valid.*\n.*venue\.yaml:5:1 zons: .*\n$/);
});
