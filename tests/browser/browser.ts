import { existsSync } from 'node:fs';
import { CONDITION_LIMIT_MS } from '@tradepost/testing/time-limits';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { describe } from 'vitest';
import { executablePath } from './executable-path.ts';

/** Tests that need a browser: skipped, with a word, where there is none; but never in CI. */
export const describeInBrowser = (() => {
  if (existsSync(executablePath)) return describe;
  if (process.env.CI) throw new Error(`There is no Chromium at ${executablePath}: install it, or name it in CHROMIUM`);
  console.warn(`There is no Chromium at ${executablePath}: the tests of the web shop are SKIPPED`);
  return describe.skip;
})();

/** How the shop is looked at. */
export type Look = { width: number; colorScheme: 'light' | 'dark' };

export const telephone: Look = { width: 360, colorScheme: 'dark' };
export const desk: Look = { width: 1440, colorScheme: 'light' };
/** What a page does may depend on its width, and does not depend on its colours: one look for each width. */
export const everyWidth: readonly Look[] = [telephone, desk];

export const heightOf = (width: number): number => (width < 500 ? 780 : 900);

/** A browser of somebody who has never been here. */
export type Visitor = {
  page: Page;
  context: BrowserContext;
  /** Opens another tab. */
  tab(): Promise<Page>;
  /** What went wrong in any tab, so far; refusals of the API with these statuses are left out, being part of the test. */
  complaints(expected?: readonly number[]): string[];
};

export async function visit(browser: Browser, url: string, look: Look): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: look.width, height: heightOf(look.width) },
    colorScheme: look.colorScheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  context.setDefaultTimeout(CONDITION_LIMIT_MS);
  const messages: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') messages.push(message.text());
  });
  context.on('weberror', (error) => messages.push(String(error.error())));
  return {
    page: await context.newPage(),
    context,
    tab: () => context.newPage(),
    complaints: (expected = []) =>
      messages.filter((text) => !expected.some((status) => text.includes(`responded with a status of ${status}`))),
  };
}

export const hasFocus = (target: Locator): Promise<boolean> => target.evaluate((element) => element.matches(':focus'));

/** How far down the page one is, in pixels. */
export const scrolledTo = (page: Page): Promise<number> => page.evaluate<number>('scrollY');
