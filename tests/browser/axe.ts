import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { everyWidth, heightOf } from './browser.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Rules about colours. The others find the same whatever the colours are. */
const colourRules = ['color-contrast', 'link-in-text-block'];

type Checker = { run(o: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };

/** What axe objects to on the page as it is, by the rules of WCAG 2.2 AA and below, and whether it is too wide. */
export async function violations(page: Page): Promise<string[]> {
  const found = await runAxe(page, { type: 'tag', values: rules });
  const isWider = await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
  return isWider ? [...found, 'wider than the window'] : found;
}

/** The same in light, and by the rules about colours in dark; each violation with its colour scheme. */
export async function violationsInBothSchemes(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light' });
  const inLight = await violations(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const inDark = await runAxe(page, { type: 'rule', values: colourRules });
  return [...inLight.map((one) => `light ${one}`), ...inDark.map((one) => `dark ${one}`)];
}

/** The same at every width, one after another. */
export async function violationsInEveryLook(page: Page): Promise<string[]> {
  const all: string[] = [];
  for (const { width } of everyWidth) {
    await page.setViewportSize({ width, height: heightOf(width) });
    all.push(...(await violationsInBothSchemes(page)).map((one) => `${width} ${one}`));
  }
  return all;
}

async function runAxe(page: Page, only: { type: 'tag' | 'rule'; values: string[] }): Promise<string[]> {
  // Evaluated, and so not subject to the page's policy. To send it to a page that has it costs 0.1 s of CPU.
  if (!(await page.evaluate<boolean>(`'axe' in globalThis`))) await page.evaluate(axe);
  return page.evaluate(async (runOnly) => {
    // as: it has just been put there.
    const { axe: checker } = globalThis as unknown as { axe: Checker };
    // No rule that finds violations needs the style sheets and the media, which axe would load once more.
    const { violations } = await checker.run({ runOnly, resultTypes: ['violations'], preload: false });
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  }, only);
}
