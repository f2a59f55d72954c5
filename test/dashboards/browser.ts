import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { PACKAGE_ROOT } from '../../gateway/version.ts';
import { requireProgram } from '../system-programs.ts';

/** Whether browser tests can run; on continuous integration they must. */
export const hasBrowser = requireProgram('chromium', 'chromium');

/** The folder that the gateway serves at `/`. `npm test` has built it; alone, a test builds it once. */
export const builtConsole = async (): Promise<string> => {
  const folder = join(PACKAGE_ROOT, 'dist', 'console');
  if (!existsSync(`${folder}/index.html`)) {
    await build({ configFile: join(PACKAGE_ROOT, 'dashboards', 'console', 'vite.config.ts'), logLevel: 'error' });
  }
  return folder;
};

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

export interface Visit {
  readonly page: Page;
  /** Errors of the page, and requests to any place but the gateway. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

export interface VisitOptions {
  readonly url: string;
  readonly hash?: string;
  readonly width?: number;
  readonly height?: number;
  readonly locale?: string;
  readonly theme?: 'dark' | 'light';
  /** What must be there before the test goes on; default: the page is live. */
  readonly until?: string;
}

/** What a browser says of a request that failed: expected where a test cuts the cable. */
export const isNetworkError = (problem: string): boolean => /ERR_|Failed to load resource/.test(problem);

const LIVE = '.app[data-live="true"]';

/** Opens the console as a new person would, and waits until it is live. */
export const visit = async (browser: Browser, options: VisitOptions): Promise<Visit> => {
  const { url, hash = '', width = 1280, height = 800, locale = 'en-GB', theme = 'dark', until = LIVE } = options;
  const context = await browser.newContext({ viewport: { width, height }, locale });
  const settings = JSON.stringify(JSON.stringify({ theme }));
  await context.addInitScript(
    `localStorage.getItem('muster.console') ?? localStorage.setItem('muster.console', ${settings})`,
  );
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    const { url: about } = message.location();
    const isSerious = message.type() === 'error' || message.type() === 'warning';
    if (isSerious) problems.push(`${message.text()} (${about})`);
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) problems.push(`asked ${request.url()}`);
  });
  await page.goto(`${url}/${hash}`);
  await page.waitForSelector(until, { timeout: 10_000 });
  return { page, problems, close: () => context.close() };
};
