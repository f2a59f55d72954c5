import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, launchBrowser, visit } from './browser.ts';
import { lowContrast, sidewaysPx, smallTargets } from './looks.ts';
import { startVenue, type Venue } from './venue.ts';

const PHONE = { width: 390, height: 844 } as const;
const SOS = [{ n: 'sos', vb: true }];

describe.skipIf(!hasBrowser)('the console on a real gateway', () => {
  let browser: Browser;
  let venue: Venue;

  beforeAll(async () => {
    [browser, venue] = await Promise.all([launchBrowser(), startVenue()]);
  });
  afterAll(async () => {
    await browser?.close();
    await venue?.stop();
  });

  test('an alarm comes, is latched when it clears, is acknowledged, and is over', async () => {
    const { page, problems, close } = await visit(browser, { url: venue.url });
    venue.warm('oven', 45);
    const alarm = page.locator('[data-alarm^="heat.oven."]');
    await alarm.waitFor();
    expect(await alarm.getAttribute('data-severity')).toBe('orange');
    const text = await alarm.innerText();
    for (const part of ['Orange · serious', 'Limit exceeded', 'Oven', 'Stage', 'above the limit of 40', 'What to do']) {
      expect(text).toContain(part);
    }
    expect(await page.title()).toMatch(/^\(1\) Hall/);

    venue.warm('oven', 20);
    await page.locator('[data-alarm^="heat.oven."][data-condition="cleared"]').waitFor();
    expect(await alarm.innerText()).toContain('back to normal, not acknowledged');

    await alarm.getByRole('button', { name: /^Acknowledge/ }).click();
    await alarm.waitFor({ state: 'detached' });
    await page.getByText('Recently closed: 1').click();
    expect(await page.locator('.recent').innerText()).toContain('Limit exceeded · Oven');
    expect(problems).toEqual([]);
    await close();
  });

  test('red comes first; who has taken it on is said; a further press voids that', async () => {
    const { page, close } = await visit(browser, { url: venue.url });
    venue.warm('oven', 46);
    await page.locator('[data-alarm^="heat.oven."]').waitFor();
    venue.report('badge-1', [...SOS, { n: 'seq', u: 'count', v: 1 }]);
    const call = page.locator('[data-alarm^="help.badge-1."]');
    await call.waitFor();
    expect(await page.locator('[data-alarm]').first().getAttribute('data-severity')).toBe('red');
    expect(await page.locator('[aria-live="assertive"]').innerText()).toContain('SOS');
    expect(await page.title()).toMatch(/^\(2\) Red 1 · /);

    venue.warm('oven', 47);
    const heat = page.locator('[data-alarm^="heat.oven."]');
    await heat.getByRole('button', { name: /^Acknowledge/ }).press('Enter');
    await page.locator('[data-alarm^="heat.oven."][data-human="acknowledged"]').waitFor();
    expect(await heat.innerText()).toMatch(/acknowledged by/);
    expect(await heat.getByRole('button').count()).toBe(0);

    await call.getByRole('button', { name: /^Acknowledge/ }).click();
    await call.getByRole('button').waitFor({ state: 'detached' });
    venue.report('badge-1', [...SOS, { n: 'seq', u: 'count', v: 2 }]);
    await page.locator('[data-alarm^="help.badge-1."][data-human="unacknowledged"]').waitFor();
    await page.locator('[data-alarm^="help.badge-1."]').getByRole('button').click();
    venue.warm('oven', 20);
    await heat.waitFor({ state: 'detached' });
    await close();
  });

  test('a zone shows its density against its limits; one that was never counted is unknown and not safe', async () => {
    const { page, close } = await visit(browser, { url: venue.url });
    const lane = page.locator('[data-zone="lane"]');
    expect(await lane.getAttribute('data-certainty')).toBe('unknown');
    venue.report('gate', [
      { n: 'entries', u: 'count', v: 45 },
      { n: 'exits', u: 'count', v: 0 },
    ]);
    await page.locator('[data-zone="lane"][data-certainty="known"][data-severity="red"]').waitFor();
    expect(await lane.innerText()).toMatch(/4\.50\s+persons\/m² · moving/);
    expect(await lane.getByRole('img').getAttribute('aria-label')).toBe('East lane: 4.5 persons/m², limits 2 / 3 / 4');
    venue.report('gate', [
      { n: 'entries', u: 'count', v: 45 },
      { n: 'exits', u: 'count', v: 40 },
    ]);
    await page.locator('[data-alarm^="density.lane."]').waitFor({ state: 'detached' });
    await close();
  });

  test('a device shows its values and their age; one that goes silent, and its alarm, become unknown', async () => {
    const { page, close } = await visit(browser, { url: venue.url });
    venue.warm('fridge', 12.5);
    const fridge = page.locator('[data-device="fridge"]');
    await fridge.locator('[data-metric="temperatureCelsius"][data-stale="false"]').waitFor();
    expect(await fridge.innerText()).toMatch(/Fridge[\s\S]*\d+ s ago[\s\S]*12\.5 °C/);
    await page.locator('[data-device="fridge"][data-state="silent"]').waitFor({ timeout: 10_000 });
    expect(await fridge.innerText()).toContain('no data since');
    await page.locator('[data-alarm^="cold.fridge."][data-condition="unknown"]').waitFor({ timeout: 10_000 });
    expect(await page.locator('[data-alarm^="cold.fridge."]').innerText()).toContain('unknown, not cleared');
    venue.warm('fridge', 4);
    await page.locator('[data-alarm^="cold.fridge."]').waitFor({ state: 'detached' });
    await close();
  });

  test('a stranger is shown with its values and how to take it in; a search finds it', async () => {
    const { page, close } = await visit(browser, { url: venue.url });
    venue.client.publish('zigbee2mqtt/attic', JSON.stringify({ temperature: 27.34 }));
    await page.locator('[data-device="attic"]').waitFor();
    await page.getByRole('searchbox').fill('attic');
    await page.locator('[data-device="oven"]').waitFor({ state: 'detached' });
    const stranger = await page.locator('[data-device="attic"]').innerText();
    for (const part of ['not registered', 'zigbee2mqtt:attic', '27.34 °C']) expect(stranger).toContain(part);
    const adopt = 'muster devices adopt zigbee2mqtt:attic --id ID --zone ZONE --profile PROFILE';
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: /^Copy command/ }).click();
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(adopt);
    await close();
  });

  test('speaks the reader’s language and changes it at a touch, for good', async () => {
    const { page, close } = await visit(browser, { url: venue.url, locale: 'zh-CN' });
    expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('大厅');
    await page.locator('[data-tool="language"]').click();
    await page.getByRole('heading', { name: 'Alarms' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Alarms' }).waitFor();
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    await close();
  });

  test.each(['dark', 'light'] as const)(
    'on a phone, %s: nothing scrolls sideways, all can be touched and read',
    async (theme) => {
      venue.warm('oven', 45);
      venue.report('badge-1', [...SOS, { n: 'seq', u: 'count', v: theme === 'dark' ? 10 : 11 }]);
      for (const locale of ['en-GB', 'zh-CN']) {
        const { page, problems, close } = await visit(browser, { ...PHONE, url: venue.url, locale, theme });
        await page.locator('[data-severity="red"]').first().waitFor();
        for (const name of ['alarms', 'zones', 'devices', 'trend']) {
          await page.locator(`.tabs [href="#${name}"]`).click();
          await page
            .locator(name === 'alarms' ? '#alarms [data-severity="red"]' : `#${name}`)
            .first()
            .waitFor();
          if (name !== 'alarms') await page.locator('.red-strip').waitFor();
          expect(await sidewaysPx(page), name).toBe(0);
          expect(await smallTargets(page), name).toEqual([]);
          expect(await lowContrast(page), name).toEqual([]);
        }
        expect(problems).toEqual([]);
        await close();
      }
    },
    60_000,
  );

  test('landmarks are there, and the tab bar leads by keyboard', async () => {
    const { page, close } = await visit(browser, { ...PHONE, url: venue.url });
    for (const role of ['banner', 'main', 'navigation'] as const) expect(await page.getByRole(role).count()).toBe(1);
    await page.getByRole('link', { name: 'Zones' }).press('Enter');
    await page.locator('#zones').waitFor();
    expect(await page.locator('#alarms').isVisible()).toBe(false);
    await close();
  });
});
