import { describe, expect, test } from 'vitest';
import { connect, startKeeping } from '../gateway/fixture.ts';
import { builtConsole, hasBrowser, launchBrowser, visit } from './browser.ts';
import { lowContrast, sidewaysPx } from './looks.ts';

const PROBES = 15;

const YAML = `
security: { anonymous: loopback }
zones: { hall: { name: { zh: 大厅, en: Hall } } }
roles: { guard: { name: { zh: 安保, en: Guards } } }
profiles: { probe: { reports: { everySeconds: 3600 } } }
devices: { ${Array.from({ length: PROBES }, (_, index) => `p${index}: { profile: probe, zone: hall }`).join(', ')} }
rules: [{ id: heat, kind: threshold, metric: temperatureCelsius, above: { orange: 40 }, latching: true }]
plan: { orange: { notify: [guard], channels: [console] } }
`;

describe.skipIf(!hasBrowser)('the alarm load on the console', () => {
  test('in a flood says so, shows who has how much, and puts together what is told together', async () => {
    await builtConsole();
    const app = await startKeeping(YAML);
    const client = await connect(app);
    const browser = await launchBrowser();
    try {
      for (let index = 0; index < PROBES; index += 1)
        await client.publishAsync(`muster/hall/up/p${index}`, '[{"n":"temperature","u":"Cel","v":60}]', { qos: 1 });
      const { page, problems } = await visit(browser, { url: `http://127.0.0.1:${app.http.port}` });
      const load = page.locator('[data-load="flood"]');
      await load.waitFor();
      expect(await load.locator('summary').innerText()).toBe(
        'flood 15 in the last 10 minutes · busiest: Guards, 15 · told together: 1',
      );
      await load.locator('summary').click();
      await load.locator('[data-operator="guard"]').waitFor();
      expect(await load.locator('[data-operator="guard"]').innerText()).toMatch(
        /^flood Guards: 15 in 10 minutes, 15 in 1 hour, 15 in 24 hours \(high 0 %, medium 100 %, low 0 %\)/,
      );
      // Nine before the flood, and the one that the others are behind.
      expect(await page.locator('.alarm-list > li > [data-alarm]').count()).toBe(10);
      const others = page.locator('[data-grouped="5"]');
      await others.locator('> summary').click();
      await others.locator('[data-alarm]').nth(4).waitFor();
      expect(await lowContrast(page)).toEqual([]);
      expect(await sidewaysPx(page)).toBe(0);
      expect(problems).toEqual([]);
    } finally {
      await browser.close();
      await client.endAsync();
      await app.stop();
    }
  });
});
