import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, isNetworkError, launchBrowser, visit } from './browser.ts';
import { type Cable, cableTo } from './cut.ts';
import { startVenue, type Venue } from './venue.ts';

/** A page must say within this time that it is no longer live. */
const SAID_WITHIN_MS = 5_000;

describe.skipIf(!hasBrowser)('the console when the connection is lost', () => {
  let browser: Browser;
  let venue: Venue;
  let cable: Cable;
  let url: string;

  beforeAll(async () => {
    [browser, venue] = await Promise.all([launchBrowser(), startVenue()]);
    cable = await cableTo(venue.app.http.port);
    url = `http://127.0.0.1:${cable.port}`;
  });
  afterAll(async () => {
    await browser?.close();
    await cable?.stop();
    await venue?.stop();
  });

  test.each(['cut', 'deafen'] as const)(
    '%s: said within 5 s, nothing looks live, and what was missed comes',
    async (how) => {
      const { page, problems, close } = await visit(browser, { url });
      venue.warm('oven', 41);
      const value = page.locator('[data-device="oven"] [data-metric="temperatureCelsius"]');
      await page.locator('[data-device="oven"] [data-stale="false"]').waitFor();
      const alarm = page.locator('[data-alarm^="heat.oven."]');
      await alarm.waitFor();

      cable[how]();
      await page.locator('[data-banner="connection"]').waitFor({ timeout: SAID_WITHIN_MS });
      expect(await page.locator('[data-banner="connection"]').innerText()).toMatch(
        /Connection lost.*last update \d+ s ago/,
      );
      expect(await page.locator('.app').getAttribute('data-live')).toBe('false');
      expect(await value.getAttribute('data-stale')).toBe('true');
      expect(await page.locator('[data-device="oven"]').innerText()).toContain('no data since');
      expect(await page.title()).toContain('Connection lost');

      await alarm.getByRole('button').click();
      await alarm.getByText('No answer from the gateway: not acknowledged.').waitFor({ timeout: 10_000 });
      expect(await alarm.getAttribute('data-human')).toBe('unacknowledged');

      venue.report('badge-1', [
        { n: 'sos', vb: true },
        { n: 'seq', u: 'count', v: how === 'cut' ? 1 : 2 },
      ]);
      cable.mend();
      await page.locator('.app[data-live="true"]').waitFor({ timeout: 15_000 });
      await page.locator('[data-alarm^="help.badge-1."]').waitFor();
      expect(await page.locator('[data-banner="connection"]').count()).toBe(0);
      await alarm.getByRole('button').click();
      await page.locator('[data-alarm^="heat.oven."][data-human="acknowledged"]').waitFor();
      venue.warm('oven', 20);
      await page.locator('[data-alarm^="help.badge-1."]').getByRole('button').click();
      await alarm.waitFor({ state: 'detached' });
      expect(problems.filter((problem) => !isNetworkError(problem))).toEqual([]);
      await close();
    },
    60_000,
  );
});
