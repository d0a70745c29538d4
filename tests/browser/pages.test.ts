import type { Page, Response } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser, desk, telephone } from './browser.ts';
import { openPageHarness } from './page-harness.ts';

/** What the first page loads of script, compressed, in bytes. */
const MOST_SCRIPT = 120_000;

const settled = (page: Page) => page.waitForLoadState('networkidle');

describeInBrowser('the pages', () => {
  const harness = openPageHarness();

  test('the first load is small, and has its first answers with it', async () => {
    const visitor = await harness.openVisit(telephone);
    const { page } = visitor;
    for (const path of ['/', '/categories/kitchen', '/products/storm-lantern']) {
      let script = 0;
      const asked: string[] = [];
      const note = (response: Response) => {
        const { pathname, search } = new URL(response.url());
        if (response.request().resourceType() === 'script') script += Number(response.headers()['content-length']);
        if (pathname.startsWith('/api/')) asked.push(pathname + search);
      };
      page.on('response', note);
      await page.goto(path);
      await settled(page);
      page.off('response', note);
      expect(script).toBeGreaterThan(10_000);
      expect(script).toBeLessThanOrEqual(MOST_SCRIPT);
      const elements = page.locator('script[data-url]');
      const brought = await elements.evaluateAll((all) => all.map((one) => one.getAttribute('data-url')));
      expect(brought.length).toBeGreaterThan(0);
      expect(asked.filter((url) => brought.includes(url))).toEqual([]);
    }
    expect(visitor.complaints()).toEqual([]);
  });

  test('an address that is none is 404, and says so', async () => {
    const { page } = await harness.openVisit(desk);
    expect((await page.goto('/nowhere'))?.status()).toBe(404);
    await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
    expect((await page.goto('/products/no-such-thing'))?.status()).toBe(404);
    await page.getByRole('heading', { name: 'There is no such product' }).waitFor();
    expect(await page.title()).toBe('Not found · Tradepost');
  });

  test('light or dark is chosen once, and remembered', async () => {
    const { page } = await harness.openVisit(desk);
    await page.goto('/');
    const ground = () => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    const light = await ground();
    await page.getByRole('button', { name: 'Show in dark colours' }).click();
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    expect(await ground()).toBe(dark);
    await page.getByRole('button', { name: 'Show in light colours' }).click();
    expect(await ground()).toBe(light);
  });

  test('a page that one goes to has the focus, its title, and its beginning in view', async () => {
    const { page } = await harness.openVisit(desk);
    await page.goto('/');
    await page.evaluate('scrollTo(0, 900)');
    await page
      .getByRole('link', { name: /Clothbound Notebook/ })
      .first()
      .click();
    await page.getByRole('heading', { name: 'Clothbound Notebook' }).waitFor();
    expect(await page.evaluate('[document.activeElement.id, scrollY, document.title]')).toEqual([
      'main',
      0,
      'Clothbound Notebook · Tradepost',
    ]);
  });

  test('what is offline is said, and what was seen is still there', async () => {
    const visitor = await harness.openVisit(telephone);
    const { page } = visitor;
    await page.goto('/categories/lighting');
    await page.getByRole('link', { name: /Tripod Floor Lamp/ }).waitFor();
    await visitor.context.setOffline(true);
    await page.getByText('You are offline').waitFor();
    await page.getByRole('link', { name: /Tripod Floor Lamp/ }).waitFor();
    await visitor.context.setOffline(false);
    await page.getByText('You are offline').waitFor({ state: 'detached' });
  });
});
