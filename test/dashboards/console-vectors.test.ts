import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../gateway/app.ts';
import { startKeeping } from '../gateway/fixture.ts';
import { publishWithMosquitto, VECTOR_DEVICES } from '../gateway/mosquitto-pub.ts';
import { vectors } from '../shared-vectors.ts';
import { requireProgram } from '../system-programs.ts';
import { builtConsole, hasBrowser, launchBrowser, visit } from './browser.ts';

const cases = vectors('mqtt_payloads.jsonl');
const canRun = requireProgram('mosquitto_pub', 'mosquitto-clients') && hasBrowser && cases !== undefined;

/** What a reader sees of the facts of the vectors: at most two decimals, the most telling values first. */
const SHOWN = {
  mains: ['9.59 A', '0.04 A', '1.48 A', '11.12 A'],
  tag: ['27.75 °C', '48.91 %', '100903 Pa'],
  'door-cam': ['3 persons', '2 objects'],
} as const;

describe.skipIf(!canRun)('the payloads of the public vectors, published with mosquitto_pub', () => {
  let browser: Browser;
  let app: App;

  beforeAll(async () => {
    await builtConsole();
    [browser, app] = await Promise.all([
      launchBrowser(),
      startKeeping(`security: { anonymous: loopback }\nzones: { door: {} }\ndevices:\n${VECTOR_DEVICES}`),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });

  test('their values are seen on the page as they come', async () => {
    const { page, problems, close } = await visit(browser, { url: `http://127.0.0.1:${app.http.port}` });
    for (const { topic, payload } of cases ?? []) await publishWithMosquitto(app, `${topic}`, `${payload}`);
    for (const [device, values] of Object.entries(SHOWN)) {
      const row = page.locator(`[data-device="${device}"]`);
      await row.getByText(values[values.length - 1] ?? '', { exact: true }).waitFor();
      const figures = await row.locator('.value-figure').allInnerTexts();
      expect(figures.slice(0, values.length), device).toEqual(values);
    }
    // Its last word was that it is offline: what it saw before is not shown as live.
    await page.locator('[data-device="door-cam"][data-state="silent"] [data-stale="true"]').first().waitFor();
    expect(problems).toEqual([]);
    await close();
  });
});
