/** A browser for tests of pages: Chromium, where this machine has it. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

import { temporaryFolder } from '../../temporary-folder.test-support.ts';

const candidates = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser's program; undefined where there is none, and tests of pages are skipped. */
export const browserPath = candidates.find((path) => path !== undefined && existsSync(path));

/** Starts the browser. In a container it may have no sandbox: the pages are this package's own. */
export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: browserPath!, args: ['--no-sandbox'] });
}

/** A page that is open, and what went wrong in it. */
export interface OpenPage {
  readonly page: Page;
  /** What the console said, errors that nobody caught, and everything that was asked of the network. */
  readonly complaints: readonly string[];
}

/** Writes a page to disk and opens it there. */
export async function openFile(
  browser: Browser,
  html: string,
  { hash = '', ...options }: BrowserContextOptions & { readonly hash?: string } = {},
): Promise<OpenPage> {
  const file = join(temporaryFolder(), 'report.html');
  await writeFile(file, html);
  const context = await browser.newContext({ viewport: { width: 1300, height: 900 }, ...options });
  const page = await context.newPage();
  const address = pathToFileURL(file).href;
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(address) && !request.url().startsWith('data:')) complaints.push(request.url());
  });
  await page.goto(address + hash);
  await page.locator('.inspector').waitFor();
  return { page, complaints };
}
