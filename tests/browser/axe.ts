import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { everyLook, heightOf } from './browser.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

type Checker = { run(o: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };

/** What axe objects to on the page as it is, by the rules of WCAG 2.2 AA and below, and whether it is too wide. */
export async function objections(page: Page): Promise<string[]> {
  // Evaluated, and so not subject to the page's policy.
  await page.evaluate(`if (!('axe' in globalThis)) { ${axe} }`);
  const found = await page.evaluate(async (runOnly) => {
    // as: it has just been put there.
    const { axe: checker } = globalThis as unknown as { axe: Checker };
    const { violations } = await checker.run({ runOnly });
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  }, rules);
  const isWider = await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
  return isWider ? [...found, 'wider than the window'] : found;
}

/** The same in all four looks, one after another, each of them named. */
export async function objectionsInEveryLook(page: Page): Promise<string[]> {
  const all: string[] = [];
  for (const { width, colorScheme } of everyLook) {
    await page.setViewportSize({ width, height: heightOf(width) });
    await page.emulateMedia({ colorScheme });
    all.push(...(await objections(page)).map((one) => `${width} ${colorScheme} ${one}`));
  }
  return all;
}
