import { randomUUID } from 'node:crypto';
import { sendRequest } from '@tradepost/testing/shopper';
import { until } from '@tradepost/testing/until';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser, desk, scrolledTo, telephone } from './browser.ts';
import { openPageHarness } from './page-harness.ts';
import { type Api, offer } from './shop.ts';
import { buy } from './staff.ts';

/** Enough orders for a list that is higher than a window. */
const ORDERS = 14;

/** Clicks the first of the links that is in sight, without moving the page as a tester's click would. */
const clickInSight = (page: Page, links: string) =>
  page.evaluate(`
    const all = [...document.querySelectorAll(${JSON.stringify(links)})];
    (all.find((element) => element.getBoundingClientRect().top > 80) ?? all.at(-1)).click();
  `);

/** Scrolls down the page, follows a link that is in sight there, comes back to the same place, and says what has the focus. */
async function goThereAndBack(page: Page, links: string): Promise<string> {
  await page.locator(links).first().waitFor();
  await page.evaluate('scrollTo(0, 400)');
  await until(async () => (await scrolledTo(page)) > 100, { what: 'the page to be scrolled' });
  const from = page.url();
  const before = await scrolledTo(page);
  await clickInSight(page, links);
  await until(async () => page.url() !== from && (await scrolledTo(page)) === 0, { what: 'the top of another page' });
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await page.goBack();
  await page.waitForURL(from);
  await page.locator(links).first().waitFor();
  await page.waitForLoadState('networkidle');
  // The list may be drawn again, and the place restored again, when its answer comes.
  await until(async () => Math.abs((await scrolledTo(page)) - before) < 5, { what: `the place in ${from}` });
  return page.evaluate<string>('document.activeElement.tagName');
}

describeInBrowser('going back', () => {
  // An account of its own: the list of orders of the demo's customer grows while other files buy, and what comes in moves the place.
  const account = { email: `back-${randomUUID()}@example.com`, password: 'a long enough secret' };
  const harness = openPageHarness(async (shop) => {
    const { sku } = await offer(shop, { title: 'One of many orders', stock: 100 });
    const site = { gatewayUrl: shop.url };
    const body = { ...account, name: 'Ada Lovelace' };
    const { body: signedUp } = await sendRequest(site, 'POST', '/api/v1/auth/sign-up/email', { body });
    const authorization = `Bearer ${signedUp.token}`;
    const customer: Api = (method, path, o = {}) =>
      sendRequest(site, method, path, { ...o, headers: { authorization, ...o.headers } });
    for (let made = 0; made < ORDERS; made++) await buy(customer, [{ sku, quantity: 1 }]);
  });

  const lists = {
    '/': 'main ul a[href^="/products/"]',
    '/search': 'main ul a[href^="/products/"]',
    '/search?q=a&sort=price': 'main ul a[href^="/products/"]',
    '/categories/kitchen': 'main ul a[href^="/products/"]',
    '/products/storm-lantern': 'main ul a[href^="/products/"]',
    '/orders': 'main ul a[href^="/orders/"]',
    '/account': 'footer a[href="/orders"]',
  };

  test.each([telephone, desk])('leads to where one was, on every list: %o', async (look) => {
    const visitor = await harness.openVisit(look, { to: '/sign-in?next=/orders' });
    const { page } = visitor;
    await page.getByLabel('E-mail').fill(account.email);
    await page.getByLabel('Password').fill(account.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL(({ pathname }) => pathname === '/orders');
    // Low, so that every list is longer than the window.
    await page.setViewportSize({ width: look.width, height: 400 });
    for (const [path, links] of Object.entries(lists)) {
      await page.goto(path);
      await page.waitForLoadState('networkidle');
      expect([path, await goThereAndBack(page, links)]).toEqual([path, 'MAIN']);
    }
    expect(visitor.complaints()).toEqual([]);
  });

  test('also after answers that are slow, and to a list that has grown', async () => {
    const { page } = await harness.openVisit(desk, { to: '/search' });
    const cards = page.locator('main ul a[href^="/products/"]');
    await cards.first().waitFor();
    // How many pages are loaded at once depends on how fast they come, so the number of cards is waited for.
    await until(
      async () => {
        await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
        return (await cards.count()) > 20;
      },
      { what: 'more products' },
    );
    const card = cards.nth(20);
    await card.scrollIntoViewIfNeeded();
    const before = await scrolledTo(page);
    await card.dispatchEvent('click');
    await page.waitForURL('**/products/*');
    // What was seen is gone, so that the list comes from the shop, and slowly.
    await page.evaluate('localStorage.clear()');
    await page.route('**/api/v1/products?**', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.continue();
    });
    await page.reload();
    await page.goBack();
    await until(async () => Math.abs((await scrolledTo(page)) - before) < 5, { what: 'the place in the list' });
  });

  test('does not move a page that was scrolled on', async () => {
    const { page } = await harness.openVisit(desk, { to: '/categories/kitchen' });
    await page.locator('main ul a[href^="/products/"]').nth(5).waitFor();
    await page.evaluate('scrollTo(0, 500)');
    await until(async () => (await scrolledTo(page)) === 500);
    await clickInSight(page, 'main ul a[href^="/products/"]');
    await page.waitForURL('**/products/*');
    await page.goBack();
    await until(async () => (await scrolledTo(page)) === 500, { what: 'the place' });
    await page.mouse.move(700, 400);
    await page.mouse.wheel(0, -300);
    await until(async () => (await scrolledTo(page)) < 400, { what: 'the wheel' });
    const place = await scrolledTo(page);
    await page.setViewportSize({ width: 1440, height: 850 });
    await page.waitForLoadState('networkidle');
    expect(Math.abs((await scrolledTo(page)) - place)).toBeLessThan(200);
  });

  test('a list says why the rest of it did not come, and shows it afterwards', async () => {
    const { page } = await harness.openVisit(telephone, { to: '/sign-in?next=/orders' });
    await page.getByLabel('E-mail').fill(account.email);
    await page.getByLabel('Password').fill(account.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    const more = page.getByRole('button', { name: 'Show earlier ones' });
    await page.route('**/orders?*cursor=*', (route) => route.fulfill({ status: 503, json: { code: 'unavailable' } }));
    await more.click();
    await page.getByText('The rest cannot be shown').waitFor();
    await page.unroute('**/orders?*cursor=*');
    await more.click();
    await until(async () => (await page.locator('main ul a[href^="/orders/"]').count()) === ORDERS);
  });
});
