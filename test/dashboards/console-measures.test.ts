import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, launchBrowser, visit } from './browser.ts';
import { lowContrast, sidewaysPx, smallTargets } from './looks.ts';
import { startVenue, type Venue } from './venue.ts';

const PLAN = `
plan:
  rules:
    heat:
      orange:
        commands: [ { device: gate, do: open, confirmWithinSeconds: 1 } ]
        followUp: [ { id: report, withinSeconds: 86400, what: { zh: 初报, en: Report } } ]
`;

describe.skipIf(!hasBrowser)('what actuators owe and what has to be done, on the console', () => {
  let browser: Browser;
  let venue: Venue;

  beforeAll(async () => {
    [browser, venue] = await Promise.all([launchBrowser(), startVenue(PLAN)]);
  });
  afterAll(async () => {
    await browser?.close();
    await venue?.stop();
  });

  test('a gate that does not confirm is seen to by hand; a report is handed in', async () => {
    const { page, problems, close } = await visit(browser, { url: venue.url, width: 390, height: 844 });
    venue.warm('oven', 45);
    const command = page.locator('[data-command][data-state="overdue"]');
    await command.waitFor();
    expect(await command.innerText()).toContain('East gate open: NOT CONFIRMED');
    await page.locator('[data-alarm*="actuator:gate"]').waitFor();
    expect(await sidewaysPx(page)).toBe(0);
    expect(await smallTargets(page)).toEqual([]);
    expect(await lowContrast(page)).toEqual([]);
    await command.locator('input').fill('opened with the key');
    await command.locator('button').click();
    const seenTo = page.locator('[data-command][data-state="done"]');
    await seenTo.waitFor();
    expect(await seenTo.innerText()).toMatch(/seen to by anonymous at .* \(opened with the key\)/);

    const work = page.locator('[data-list="follow-ups"] [data-follow-up]');
    expect(await work.innerText()).toMatch(/Report by \d\d:\d\d, in 23 h/);
    await work.locator('input').fill('handed in');
    await work.locator('button').click();
    await work.waitFor({ state: 'detached' });
    expect(problems).toEqual([]);
    await close();
  });
});
