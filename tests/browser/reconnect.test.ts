import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser, desk } from './browser.ts';
import { openPageHarness } from './page-harness.ts';
import { apiAs, putIntoCart } from './shop.ts';
import { buy } from './staff.ts';

/** Goes to another page of the shop without loading the document again. */
const goTo = (page: Page, path: string) => page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})`);

/** What the browser has seen of the catalogue would stand in for answers that do not come. */
const forgetCatalogue = (page: Page) =>
  page.evaluate(`
    for (const key of Object.keys(localStorage)) if (key.startsWith('tradepost.catalogue')) localStorage.removeItem(key);
  `);

describeInBrowser('a page whose answers did not come', () => {
  let order = '';
  const harness = openPageHarness(async (shop) => {
    order = await buy(await apiAs(shop, 'admin'), [{ sku: 'MUG-MOSS', quantity: 1 }]);
  });

  test('asks again once the line is back, without a click, on every page', async () => {
    const { page } = await harness.openVisit(desk, { as: 'admin', to: '/account' });
    const pages: Record<string, string | RegExp> = {
      '/': /€/,
      '/search?q=lantern': /Storm Lantern/,
      '/categories/kitchen': /€/,
      '/products/storm-lantern': 'Add to cart',
      '/cart': 'To the checkout',
      '/checkout': 'Place the order',
      '/orders': 'Confirmed',
      [`/orders/${order}`]: /^1 × /,
      '/account': 'This one',
      '/account/addresses': 'None is kept yet',
      '/sell': /· to /,
      '/sell/products': /€/,
      '/sell/orders': /· to /,
      '/control': /product/,
      '/control/orders': /confirmed/i,
      '/control/accounts?email=customer@tradepost.example': 'customer@tradepost.example',
    };
    await putIntoCart(page, 'soy-candle');
    const wrong: string[] = [];
    for (const [path, text] of Object.entries(pages)) {
      // Loaded anew, so that nothing fetched earlier stands in for the answers that do not come.
      await page.goto('/sign-up');
      await forgetCatalogue(page);
      await page.route('**/api/**', (route) => route.abort());
      await page.evaluate('dispatchEvent(new Event("offline"))');
      const failed = page.waitForEvent('requestfailed');
      await goTo(page, path);
      await failed;
      await page.unroute('**/api/**');
      await page.evaluate('dispatchEvent(new Event("online"))');
      const found = page.locator('main').getByText(text).first();
      await found.waitFor({ state: 'attached' }).catch(() => wrong.push(path));
    }
    expect(wrong).toEqual([]);
  });

  test('asks again once the line is back when its code did not come either', async () => {
    const { page, context } = await harness.openVisit(desk, { to: '/sign-up' });
    await context.setOffline(true);
    await goTo(page, '/search?q=lantern');
    await page.getByText('You are offline').waitFor();
    await page.getByRole('heading', { name: 'Create an account' }).waitFor({ state: 'detached' });
    await context.setOffline(false);
    await page.getByText('Storm Lantern').first().waitFor();
  });

  test('asks again when the shop itself was unavailable, without a click', async () => {
    const { page } = await harness.openVisit(desk);
    await page.route('**/api/v1/**', (route) => route.fulfill({ status: 503, json: { code: 'unavailable' } }));
    await page.goto('/search');
    await page.getByRole('heading', { name: 'The products cannot be shown' }).waitFor();
    await page.unroute('**/api/v1/**');
    await page.getByRole('link', { name: /€/ }).first().waitFor();
  });

  test('opens the cart although its drawer could not be loaded', async () => {
    const { page, context } = await harness.openVisit(desk);
    await putIntoCart(page, 'soy-candle');
    await page.goto('/');
    await page.getByRole('button', { name: 'Cart, 1 item' }).waitFor();
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Cart, 1 item' }).click();
    await context.setOffline(false);
    await page.getByRole('link', { name: 'To the checkout' }).waitFor();
  });
});
