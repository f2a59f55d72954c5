import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { consoleDirectory, readConsole } from '../../gateway/api/console/files.ts';
import { systemClock } from '../../gateway/broker/clock.ts';
import { createLog } from '../../gateway/log.ts';
import { openPeople } from '../../gateway/people/people.ts';
import { stage } from '../gateway/api/stage.ts';
import { configOf, venueYaml } from '../gateway/fixture.ts';
import { folder, PASSWORD, user, writeUsers } from '../gateway/people/fixture.ts';
import { builtConsole, hasBrowser, launchBrowser, type Visit, visit } from './browser.ts';

const YAML = 'rules: [{ id: help, kind: sos }]';
const FORM = '.log-in form';

/** A gateway with users of every role, and a call for help that waits. */
const guardedVenue = async (): Promise<string> => {
  await builtConsole();
  const directory = folder();
  writeUsers(directory, [user('watcher', 'viewer'), user('chen', 'guard')]);
  const { security } = configOf(venueYaml(YAML));
  const log = createLog({ write: () => undefined });
  const people = await openPeople({
    directory,
    security,
    locks: { isLocked: () => false },
    log,
    clock: systemClock,
    nowMs: Date.now,
  });
  onTestFinished(() => people.stop());
  const { access, routes, prepare } = people;
  const files = readConsole(consoleDirectory());
  const venue = await stage(YAML, { access, routes, prepare, console: files, timers: systemClock });
  venue.send('muster/hall/up/badge-9', [{ n: 'sos', vb: true }]);
  return `http://127.0.0.1:${venue.port}`;
};

const logIn = async ({ page }: Visit, name: string, password: string): Promise<void> => {
  await page.getByLabel('User name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
};

describe.skipIf(!hasBrowser)('the console of a gateway with users', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('shows nothing before a log-in, says what is wrong, and lets each role do what it may', async () => {
    const url = await guardedVenue();
    const visited = await visit(browser, { url, until: FORM });
    const { page, close } = visited;
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Hall');
    expect(await page.locator('[data-alarm]').count()).toBe(0);

    await logIn(visited, 'watcher', 'not the password');
    await page.getByText('User name or password is not right.').waitFor();
    await logIn(visited, 'watcher', PASSWORD);
    const call = page.locator('[data-alarm^="help."]');
    await call.waitFor();
    expect(await call.innerText()).toContain('Acknowledging takes the role guard');
    expect(await call.getByRole('button').count()).toBe(0);

    await page.getByRole('button', { name: 'Log out: watcher' }).click();
    await page.locator(FORM).waitFor();
    await logIn(visited, 'chen', PASSWORD);
    await call.getByRole('button').click();
    await page.locator('[data-alarm^="help."][data-human="acknowledged"]').waitFor();
    expect(await call.innerText()).toContain('acknowledged by you');
    await close();
  });

  test('a log-in that has ended is told at the next touch, and nothing stays to be read', async () => {
    const url = await guardedVenue();
    const visited = await visit(browser, { url, until: FORM });
    const { page, close } = visited;
    await logIn(visited, 'chen', PASSWORD);
    const call = page.locator('[data-alarm^="help."]');
    await call.waitFor();
    const answer = await page.request.delete(`${url}/api/v1/session`, { headers: { origin: url } });
    expect(answer.status()).toBe(204);
    await call.getByRole('button').click();
    await page.getByText('Your log-in has ended.').waitFor();
    expect(await page.locator('[data-alarm]').count()).toBe(0);
    await close();
  });
});
