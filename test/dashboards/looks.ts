import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** What runs in the page is script of the page, and knows its types only there. */
const inPage = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

const LOW_CONTRAST = inPage('low-contrast.page.js');
const LINE_COLUMNS = inPage('line-columns.page.js');
const SMALL_TARGETS = inPage('small-targets.page.js');

/** Text that is too faint to read, with its contrast. */
export const lowContrast = (page: Page): Promise<readonly string[]> => page.evaluate<readonly string[]>(LOW_CONTRAST);

/** What can be touched and is too small for a thumb. */
export const smallTargets = (page: Page): Promise<readonly string[]> => page.evaluate<readonly string[]>(SMALL_TARGETS);

/** How far a page can be scrolled sideways, CSS pixels. */
export const sidewaysPx = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** For each pixel column of the chart, whether its line is drawn there. */
export const lineColumns = (page: Page): Promise<readonly boolean[]> => page.evaluate<readonly boolean[]>(LINE_COLUMNS);
