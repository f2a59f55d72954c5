import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { readScenario } from '../../gateway/cli/scenario/file.ts';
import { play } from '../../gateway/cli/scenario/play.ts';
import { readVenueFile } from '../../gateway/config/load.ts';
import { PACKAGE_ROOT } from '../../gateway/version.ts';
import { launchBrowser, visit } from './browser.ts';

/** Evening seconds per real second, as in the demo. */
const SPEED = 60;
const PICTURES = join(PACKAGE_ROOT, 'dashboards', 'console');

/** Long enough after the evening's busiest quarter to hold alarms of every colour. */
const shownAlarms = (page: Page): Promise<unknown> =>
  page.waitForSelector('[data-alarm^="motionless."]', { timeout: 120_000 });

const keep = async (page: Page, name: string): Promise<void> => {
  const path = join(PICTURES, name);
  await page.screenshot({ path });
  process.stdout.write(`${path}: ${Math.round(statSync(path).size / 1024)} KiB\n`);
};

const onDesk = async (browser: Browser, url: string): Promise<void> => {
  const { page } = await visit(browser, { url, width: 1280, height: 800, locale: 'en-GB' });
  await page.locator('[data-alarm^="overload."][data-severity="red"]').waitFor({ timeout: 90_000 });
  const search = page.getByRole('searchbox');
  await search.fill('stage power');
  await page.locator('[data-device="stage-power"] [data-metric="currentAmps"]').nth(1).click();
  await search.fill('');
  await page.locator('[data-alarm^="fallen."]').waitFor({ timeout: 90_000 });
  await page.locator('[data-alarm^="fallen."]').getByRole('button').click();
  await shownAlarms(page);
  await page.getByRole('button', { name: '1 h' }).click();
  await page.mouse.move(0, 0);
  await page.waitForTimeout(500);
  await keep(page, 'screenshot.png');
};

const onPhone = async (browser: Browser, url: string): Promise<void> => {
  const { page } = await visit(browser, { url, width: 390, height: 844, locale: 'zh-CN' });
  await page.locator('[data-alarm^="help."]').waitFor({ timeout: 90_000 });
  await page.locator('[data-alarm^="fallen."]').waitFor({ timeout: 90_000 });
  await keep(page, 'screenshot-phone.png');
};

/** Plays the demo's evening, looks at it as two people would, and keeps what they see for the README. */
const main = async (): Promise<void> => {
  const scenario = readScenario(join(PACKAGE_ROOT, 'firmware-sim', 'scenarios', 'evening.yaml'));
  const config = readVenueFile(scenario.venueFile);
  const done = new AbortController();
  const storeDirectory = mkdtempSync(join(tmpdir(), 'muster-picture-'));
  const browser = await launchBrowser();
  let looked: Promise<unknown> = Promise.resolve();
  await play({
    scenario,
    config,
    speed: SPEED,
    mqttPort: 0,
    httpPort: 0,
    storeDirectory,
    signal: done.signal,
    onStart: ({ http }) => {
      const url = `http://127.0.0.1:${http.port}`;
      looked = Promise.all([onDesk(browser, url), onPhone(browser, url)]).finally(() => done.abort());
    },
    onEvent: () => undefined,
    onProblem: (line) => process.stderr.write(`${line}\n`),
  });
  await looked;
  await browser.close();
  rmSync(storeDirectory, { recursive: true, force: true });
};

await main();
