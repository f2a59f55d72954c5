import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, launchBrowser, visit } from './browser.ts';
import { lowContrast, sidewaysPx, smallTargets } from './looks.ts';
import { startVenue, type Venue } from './venue.ts';

const PHONE = { width: 390, height: 844 } as const;

const opened = async (page: Page, subject: string): Promise<Locator> => {
  const card = page.locator(`[data-alarm*=".${subject}."]`);
  await card.waitFor();
  await card.locator('.alarm-more summary').click();
  return card;
};

describe.skipIf(!hasBrowser)('what people do about alarms on the console', () => {
  let browser: Browser;
  let venue: Venue;

  beforeAll(async () => {
    [browser, venue] = await Promise.all([launchBrowser(), startVenue()]);
  });
  afterAll(async () => {
    await browser?.close();
    await venue?.stop();
  });

  test('comments, assigns, asks why, shelves and takes from the shelf', async () => {
    const { page, problems, close } = await visit(browser, { url: venue.url });
    venue.warm('oven', 45);
    const card = await opened(page, 'oven');

    await card.locator('[data-deed="comment"] input').fill('door is open');
    await card.locator('[data-deed="comment"] button').click();
    await card.locator('.remark').waitFor();
    expect(await card.locator('.remark').innerText()).toMatch(/anonymous \d\d:\d\d: door is open/);

    await card.locator('[data-deed="assign"] input').fill('steward');
    await card.locator('[data-deed="assign"] input').press('Enter');
    await card.locator('[data-assigned="steward"]').waitFor();

    await card.locator('[data-why] button').click();
    await card.locator('.why-words').waitFor();
    expect(await card.locator('.why-words').innerText()).toMatch(/rule heat \(threshold\)[\s\S]*above = .*40/);

    await card.locator('[data-deed="shelve"] select').selectOption({ label: '30 min' });
    await card.locator('[data-deed="shelve"] button').click();
    const shelved = page.locator('[data-list="shelved"] [data-alarm*=".oven."][data-human="shelved"]');
    await shelved.waitFor();
    expect(await shelved.locator('.held-note').innerText()).toMatch(/^shelved by anonymous until \d\d:\d\d$/);
    expect(await page.title()).toMatch(/^Hall/);

    await shelved.locator('.alarm-more summary').click();
    await shelved.locator('[data-deed="unshelve"] button').click();
    await page.locator('[data-alarm*=".oven."][data-human="unacknowledged"]').waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test('takes a rule out of service, sees it on the list, and returns it', async () => {
    const { page, close } = await visit(browser, { url: venue.url });
    venue.warm('oven', 45);
    const card = await opened(page, 'oven');
    await card.locator('[data-deed="remove"] input').fill('sensor is being changed');
    await card.locator('[data-deed="remove"] button').click();
    await page.locator('[data-list="out-of-service"] [data-alarm*=".oven."]').waitFor();
    const entry = page.locator('[data-away="heat oven"]');
    expect(await entry.innerText()).toContain('sensor is being changed');
    await entry.getByRole('button').click();
    await entry.waitFor({ state: 'detached' });
    await page.locator('[data-alarm*=".oven."][data-human="unacknowledged"]').waitFor();
    await close();
  });

  test('a refusal is said in the gateway’s words; a call for help offers no shelf', async () => {
    const { page, close } = await visit(browser, { url: venue.url });
    venue.warm('oven', 45);
    const card = await opened(page, 'oven');
    await page.route('**/shelve', (route) =>
      route.fulfill({
        status: 409,
        contentType: 'application/problem+json',
        body: JSON.stringify({ code: 'action-refused', status: 409, zh: '不行', en: 'not today' }),
      }),
    );
    await card.locator('[data-deed="shelve"] button').click();
    await card.getByText('not today').waitFor();

    venue.report('badge-1', [
      { n: 'sos', vb: true },
      { n: 'seq', u: 'count', v: 1 },
    ]);
    const call = await opened(page, 'badge-1');
    await call.getByText('never shelved').waitFor();
    expect(await call.locator('[data-deed="shelve"], [data-deed="remove"]').count()).toBe(0);
    await close();
  });

  test.each(['dark', 'light'] as const)('on a phone, %s: all of it can be read and touched', async (theme) => {
    venue.warm('oven', 45);
    venue.report('badge-1', [
      { n: 'sos', vb: true },
      { n: 'seq', u: 'count', v: theme === 'dark' ? 2 : 3 },
    ]);
    const { page, close } = await visit(browser, { ...PHONE, url: venue.url, locale: 'zh-CN', theme });
    for (const subject of ['badge-1', 'oven']) {
      const card = await opened(page, subject);
      await card.locator('[data-why] button').click();
      await card.locator('.why-words').waitFor();
    }
    expect(await sidewaysPx(page)).toBe(0);
    expect(await smallTargets(page)).toEqual([]);
    expect(await lowContrast(page)).toEqual([]);
    await close();
  });
});
