import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { consoleDirectory, readConsole } from '../../gateway/api/console/files.ts';
import type { History, HistoryQuery } from '../../gateway/api/ports.ts';
import { systemClock } from '../../gateway/broker/clock.ts';
import { stage } from '../gateway/api/stage.ts';
import { until } from '../until.ts';
import { builtConsole, hasBrowser, launchBrowser, visit } from './browser.ts';
import { lineColumns } from './looks.ts';

const YAML = `
profiles: { probe: { reports: { everySeconds: 10 } } }
devices: { oven: { name: { zh: 烤箱, en: Oven }, profile: probe } }
rules: [{ id: heat, kind: threshold, metric: temperatureCelsius, above: { yellow: 35, red: 60 } }]
`;
const GAP_FROM_MS = 400_000;
const GAP_TO_MS = 600_000;

/** A reading every ten seconds, or a step with one, but for a time when there was none. */
const historyWithGap = (asked: HistoryQuery[]): History => ({
  query: async (query) => {
    asked.push(query);
    const values: number[] = [];
    for (let timeMs = query.fromMs; timeMs < query.toMs - 5_000; timeMs += 10_000) {
      const sinceMs = timeMs - query.fromMs;
      if (sinceMs >= GAP_FROM_MS && sinceMs <= GAP_TO_MS) continue;
      values.push(timeMs, ...(query.stepMs === undefined ? [20] : [20, 20, 20]));
    }
    return { values: Float64Array.from(values) };
  },
});

describe.skipIf(!hasBrowser)('the trend of the console', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('draws what is kept with its gaps, then what comes, and the limits of the rules', async () => {
    await builtConsole();
    const asked: HistoryQuery[] = [];
    const files = readConsole(consoleDirectory());
    const venue = await stage(YAML, { history: historyWithGap(asked), console: files, timers: systemClock });
    const warm = (celsius: number): void =>
      venue.send('muster/hall/up/oven', [{ n: 'temperature', u: 'Cel', v: celsius }]);
    warm(20);
    const url = `http://127.0.0.1:${venue.port}`;
    const { page, problems, close } = await visit(browser, { url });
    const chart = page.locator('.chart');
    await chart.waitFor();
    expect(asked[0]).toMatchObject({ device: 'oven', channel: '', metric: 'temperatureCelsius' });
    expect(await chart.getAttribute('aria-label')).toMatch(/^Trend of Oven, Temperature\. Latest 20 °C/);

    const columns = await lineColumns(page);
    const first = columns.indexOf(true);
    const last = columns.lastIndexOf(true);
    const gap = columns.slice(first, last).filter((isDrawn) => !isDrawn).length / (last - first);
    const missing = (GAP_TO_MS - GAP_FROM_MS) / 900_000;
    expect(Math.abs(gap - missing)).toBeLessThan(0.03);

    const before = Number(await chart.getAttribute('data-points'));
    venue.pass(10);
    warm(21.5);
    await page.getByText('Latest 21.5 °C').waitFor();
    expect(Number(await chart.getAttribute('data-points'))).toBeGreaterThan(before);

    await page.getByRole('button', { name: '1 h' }).click();
    await until(() => asked.some(({ stepMs }) => stepMs === 10_000), 'history by step is asked for');
    expect(problems).toEqual([]);
    await close();
  });
});
