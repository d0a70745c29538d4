import { sendRequest } from '@tradepost/testing/shopper';
import { until } from '@tradepost/testing/until';
import { expect, test } from 'vitest';
import { describeInBrowser, desk, scrolledTo, telephone } from './browser.ts';
import { openPageHarness } from './page-harness.ts';
import { fillAddress, placeOrder, putIntoCart, signUpForCheckout } from './shop.ts';

describeInBrowser('a purchase, at every width', () => {
  const harness = openPageHarness();

  test('in two tabs: both show the cart, and it becomes one order', () =>
    harness.at(desk, async (visitor) => {
      const { page } = visitor;
      const other = await visitor.tab();
      await other.goto('/');
      await putIntoCart(page, 'oak-wall-clock');
      await other.getByRole('button', { name: 'Cart, 1 item' }).waitFor();
      await signUpForCheckout(page);
      await fillAddress(page);
      await other.goto('/checkout');
      await fillAddress(other);
      await placeOrder(page);
      await other
        .getByRole('heading', { name: 'It is ordered already' })
        .or(other.getByText('There is nothing in the cart'))
        .waitFor();
      await other.goto('/orders');
      await other.getByRole('link', { name: /Oak Wall Clock/ }).waitFor();
      expect(await other.getByRole('link', { name: /Oak Wall Clock/ }).count()).toBe(1);
      expect(visitor.complaints()).toEqual([]);
    }));

  test('and back: the list is where it was, and what was ordered is not ordered again', () =>
    harness.atEveryWidth(async (visitor) => {
      const { page } = visitor;
      await page.goto('/categories/gifts?page=2');
      await page.getByRole('listitem').filter({ hasText: '€' }).nth(20).waitFor();
      const card = page.getByRole('listitem').filter({ hasText: '€' }).nth(18).getByRole('link');
      await card.scrollIntoViewIfNeeded();
      const before = await scrolledTo(page);
      await card.click();
      await page.getByRole('button', { name: 'Add to cart' }).or(page.getByText('Sold out')).first().waitFor();
      expect(await scrolledTo(page)).toBe(0);
      await page.goBack();
      await until(async () => Math.abs((await scrolledTo(page)) - before) < 50, {
        what: 'the place in the list',
      });
      await putIntoCart(page, 'soy-candle');
      await signUpForCheckout(page);
      await fillAddress(page);
      await placeOrder(page);
      await page.goBack();
      await until(() => !page.url().includes('/orders/'));
      await page.goto('/checkout');
      await page.getByText(/There is nothing in the cart|It is ordered already/).waitFor();
      expect(visitor.complaints()).toEqual([]);
    }));
});

describeInBrowser('a purchase', () => {
  const harness = openPageHarness();

  test('whose answer is lost, and whose page is loaded anew, is made once', async () => {
    const visitor = await harness.openVisit(desk);
    const { page } = visitor;
    await putIntoCart(page, 'folding-camp-chair');
    await signUpForCheckout(page);
    await fillAddress(page);
    // The order arrives; its answer does not.
    let lost = 0;
    await page.route('**/checkout', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      await route.fetch();
      lost += 1;
      await route.abort();
    });
    await page.getByRole('button', { name: 'Place the order' }).dblclick();
    await until(() => lost > 0, { what: 'the order to be sent' });
    await page.unroute('**/checkout');
    await page.reload();
    await page.waitForURL('**/orders/*');
    await page.getByRole('heading', { name: 'Thank you. It is yours' }).waitFor();
    await page.goto('/orders');
    await page.getByRole('link', { name: /Folding Camp Chair/ }).waitFor();
    expect(await page.getByRole('link', { name: /Folding Camp Chair/ }).count()).toBe(1);
    expect(visitor.complaints().filter((text) => !text.includes('ERR_FAILED'))).toEqual([]);
  });

  test('is nobody’s to see who signs in after', async () => {
    const other = {
      name: 'Grace Hopper',
      email: `grace-${crypto.randomUUID()}@example.com`,
      password: 'long enough secret',
    };
    const site = { gatewayUrl: harness.shop.url };
    expect((await sendRequest(site, 'POST', '/api/v1/auth/sign-up/email', { body: other })).status).toBe(200);
    const visitor = await harness.openVisit(telephone);
    const { page } = visitor;
    await putIntoCart(page, 'brass-pocket-compass');
    await signUpForCheckout(page, 'Ada Lovelace');
    await fillAddress(page);
    await placeOrder(page);
    const address = page.url();
    await page.getByRole('heading', { name: 'Thank you. It is yours' }).waitFor();
    await page.getByRole('link', { name: 'Ada', exact: true }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('E-mail').fill(other.email);
    await page.getByLabel('Password').fill(other.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('link', { name: 'Grace' }).waitFor();
    await page.getByRole('link', { name: 'Your orders' }).click();
    await page.getByRole('heading', { name: 'No orders yet' }).waitFor();
    expect(await page.getByText('Brass Pocket Compass').count()).toBe(0);
    await page.goto(address);
    await page.getByRole('heading', { name: 'There is no such order of yours' }).waitFor();
    // 401: of what was still being read while the shopper signed out.
    expect(visitor.complaints([401, 404])).toEqual([]);
  });

  test('a change of the cart that the shop does not take is taken back, with a word', async () => {
    const visitor = await harness.openVisit(desk);
    const { page } = visitor;
    await putIntoCart(page, 'highland-wool-throw');
    await page.goto('/cart');
    const quantity = page.getByLabel(/^Quantity of/);
    await page.route('**/lines/*', (route) => route.fulfill({ status: 503, json: { code: 'unavailable' } }));
    await quantity.selectOption('3');
    await page.getByText('not available at the moment').first().waitFor();
    await until(async () => (await quantity.inputValue()) === '1');
    await page.unroute('**/lines/*');
    await quantity.selectOption('2');
    await page
      .getByText('Total €178.00')
      .or(page.getByText(/^Total/))
      .first()
      .waitFor();
    expect(visitor.complaints([503])).toEqual([]);
  });
});
