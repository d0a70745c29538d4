import { randomBytes } from 'node:crypto';
import type { Pool } from '@tradepost/postgres/pool';
import { sendRequest } from '@tradepost/testing/shopper';
import { until } from '@tradepost/testing/until';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { violationsInBothSchemes } from './axe.ts';
import { describeInBrowser, desk, type Look, type Visitor, visit } from './browser.ts';
import { connectToBrowser } from './chromium.ts';
import { focusOn, type Keyboard, keyboardOf } from './keyboard.ts';
import { forEveryWidth } from './page-harness.ts';
import { type DemoShop, fillAddress, offer, openDemoShop, putIntoCart, signUpForCheckout } from './shop.ts';
import { address, databaseOf } from './staff.ts';

describeInBrowser('what an order costs, in a shop with taxes, shipping and promotions', () => {
  let shop: DemoShop;
  let browser: Browser;
  let rules: Pool;
  let visitors: Visitor[] = [];
  beforeAll(async () => {
    [shop, browser] = await Promise.all([openDemoShop(), connectToBrowser()]);
    rules = await databaseOf(shop, 'order');
  });
  afterEach(async () => {
    await Promise.all(visitors.map(({ context }) => context.close()));
    visitors = [];
  });
  afterAll(async () => {
    await rules?.end();
    await browser?.close();
    await shop?.stop();
  });

  const openVisit = async (look: Look) => {
    const visitor = await visit(browser, shop.url, look);
    visitors.push(visitor);
    return visitor;
  };

  const summary = (page: Page) => page.getByRole('complementary', { name: 'Your order' });

  test('is chosen, discounted and shown row by row, by keyboard alone, at every width', () =>
    forEveryWidth(async (look) => {
      const visitor = await openVisit(look);
      const { page } = visitor;
      const keyboard = keyboardOf(page);
      const more = { categories: ['stationery'] };
      const { slug } = await offer(shop, { title: 'Counted paper', price: 1200, more });
      await page.goto(`/products/${slug}`);
      await keyboard.choose('Quantity', '4');
      await keyboard.press('button', 'Add to cart');
      const cart = page.getByRole('dialog', { name: 'Your cart' });
      const free = 'Stationery: buy 3, get 1 free −€12.00';
      await untilRows(cart, ['Subtotal €48.00', free, 'Total so far €36.00']);
      await cart.getByText('Tax included. Shipping is calculated at checkout.').waitFor();
      expect(await violationsInBothSchemes(page)).toEqual([]);
      await keyboard.press('link', 'To the checkout', { within: cart });
      await signUp(keyboard);
      await choosesExpress(page, keyboard);
      await appliesCodes(page, keyboard);
      await keyboard.write('Street and number', 'Hafenstrasse 1');
      await keyboard.write('Postal code', '20457');
      await keyboard.write('Town or city', 'Hamburg');
      expect(await violationsInBothSchemes(page)).toEqual([]);
      await keyboard.press('button', 'Place the order for €42.30');
      await page.getByRole('heading', { name: 'Thank you. It is yours' }).waitFor();
      await untilRows(page.getByRole('complementary', { name: 'What it holds' }), [...discounted, 'Payment Paid']);
      await page.getByText('Express, Next working day').waitFor();
      expect(await violationsInBothSchemes(page)).toEqual([]);
      await page.emulateMedia({ media: 'print' });
      for (const text of ['Welcome: 10 % off', 'Shipping: Express', 'VAT 19 %, included', '€42.30']) {
        expect([text, await page.getByText(text, { exact: true }).first().isVisible()]).toEqual([text, true]);
      }
      await page.emulateMedia({ media: 'screen' });
      await page.goto('/orders');
      await page.getByRole('link', { name: /Counted paper.*With discount −€15.60, shipping €9.90/ }).waitFor();
      expect(visitor.complaints([422])).toEqual([]);
    }));

  const express = ['Subtotal €48.00', 'Stationery: buy 3, get 1 free −€12.00', 'Shipping: Express €9.90'];
  const undiscounted = [...express, 'VAT 19 %, included €7.33', 'Total €45.90'];
  const discounted = [
    ...express.toSpliced(2, 0, 'Welcome: 10 % off −€3.60'),
    'VAT 19 %, included €6.75',
    'Total €42.30',
  ];

  async function signUp(keyboard: Keyboard): Promise<void> {
    await keyboard.press('link', 'Sign in instead');
    await keyboard.press('link', 'Create an account');
    await keyboard.write('Name', 'Ada Lovelace');
    await keyboard.write('E-mail', `totals-${randomBytes(5).toString('hex')}@example.com`);
    await keyboard.write('Password', 'a long enough secret');
    await keyboard.keys('Enter');
  }

  /** The cheapest method is chosen first; another choice is kept when the page is loaded anew. */
  async function choosesExpress(page: Page, keyboard: Keyboard): Promise<void> {
    await untilRows(summary(page), ['Shipping: Standard €4.90', 'Total €40.90']);
    expect(await page.getByRole('radio', { name: /Standard/ }).isChecked()).toBe(true);
    await keyboard.to('radio', /Standard/);
    await keyboard.keys('ArrowDown');
    await untilRows(summary(page), undiscounted);
    await page.reload();
    await untilRows(summary(page), undiscounted);
    expect(await page.getByRole('radio', { name: /Express/ }).isChecked()).toBe(true);
  }

  async function appliesCodes(page: Page, keyboard: Keyboard): Promise<void> {
    await keyboard.write(/^Discount code/, 'nope');
    await keyboard.keys('Enter');
    const field = page.getByRole('textbox', { name: /^Discount code/ });
    await page.getByRole('status').filter({ hasText: 'NOPE: there is no such code' }).waitFor({ state: 'attached' });
    await focusOn(page, 'textbox', /^Discount code/);
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await violationsInBothSchemes(page)).toEqual([]);
    await keyboard.write(/^Discount code/, 'welcome10');
    await keyboard.press('button', 'Apply');
    await untilRows(summary(page), discounted);
    await keyboard.press('button', 'Remove the code WELCOME10');
    await untilRows(summary(page), undiscounted);
    await focusOn(page, 'textbox', /^Discount code/);
    await keyboard.write(/^Discount code/, 'Welcome10');
    await keyboard.keys('Enter');
    await untilRows(summary(page), discounted);
    expect(page.url()).toContain('/checkout');
  }

  test('that changes between quote and order is shown, and ordered only when it was confirmed', () =>
    forEveryWidth(async (look) => {
      const visitor = await openVisit(look);
      const { page } = visitor;
      const keyboard = keyboardOf(page);
      const { id, slug, sku } = await offer(shop, { title: 'Reduced jug', price: 2000 });
      const promotion = crypto.randomUUID();
      await rules.query({
        text: `insert into promotion (id, name, benefit, product_ids, created_at)
          values ($1, 'Opening week', '{"type": "amount", "amount": 300, "currency": "EUR"}', array[$2::uuid], now())`,
        values: [promotion, id],
      });
      await untilQuoted(sku, 1700);
      await putIntoCart(page, slug);
      await signUpForCheckout(page);
      await fillAddress(page);
      await untilRows(summary(page), ['Opening week −€3.00', 'Total €21.90']);
      await rules.query({ text: 'update promotion set active = false where id = $1', values: [promotion] });
      await untilQuoted(sku, 2000);
      await keyboard.press('button', 'Place the order for €21.90');
      await page.getByText('The total is €24.90 now; it was €21.90').waitFor();
      await page.getByText('Opening week: no longer applies.').waitFor();
      expect(await violationsInBothSchemes(page)).toEqual([]);
      expect((await (await page.request.get('/api/v1/orders')).json()).items).toEqual([]);
      expect(await page.getByLabel('Street and number').inputValue()).toBe('Hafenstrasse 1');
      await keyboard.press('button', 'Order for €24.90');
      await page.waitForURL('**/orders/*');
      await untilRows(page.getByRole('complementary', { name: 'What it holds' }), [
        'Subtotal €20.00',
        'Shipping: Standard €4.90',
        'Total €24.90',
      ]);
      expect(visitor.complaints([409])).toEqual([]);
    }));

  test('is said to be unknown while it cannot be calculated, and nothing is ordered then', async () => {
    const visitor = await openVisit(desk);
    const { page } = visitor;
    await putIntoCart(page, 'storm-lantern');
    let isDown = true;
    await page.route('**/api/v1/quotes', (route) =>
      isDown ? route.fulfill({ status: 503, json: { code: 'unavailable' } }) : route.continue(),
    );
    await signUpForCheckout(page);
    await page.getByText('The total cannot be calculated at the moment').waitFor();
    await page.getByRole('button', { name: 'Place the order', disabled: true }).waitFor();
    isDown = false;
    // By itself, without a click.
    await page.getByRole('button', { name: /^Place the order for €/ }).waitFor();
    expect(visitor.complaints([503])).toEqual([]);
  });

  test('is not calculated for an address that nothing is sent to, and the address says so', async () => {
    await sendOnlyWithinEurope();
    const visitor = await openVisit(desk);
    const { page } = visitor;
    await putIntoCart(page, 'storm-lantern');
    await signUpForCheckout(page);
    await page.getByRole('combobox', { name: 'Country' }).waitFor();
    const countries = await page.getByRole('combobox', { name: 'Country' }).getByRole('option').allTextContents();
    expect(countries).toContain('Austria');
    expect(countries).not.toContain('Switzerland');
    const kept = { ...address, postalCode: '8004', city: 'Zürich', country: 'CH' };
    const saved = await page.request.put(`/api/v1/addresses/${crypto.randomUUID()}`, {
      headers: { origin: shop.url },
      data: { address: kept, isDefault: true },
    });
    expect(saved.ok()).toBe(true);
    await page.reload();
    await page.getByRole('group', { name: 'Where to' }).getByText('The shop does not send to Switzerland').waitFor();
    await page.getByRole('button', { name: 'Place the order', disabled: true }).waitFor();
    expect(await violationsInBothSchemes(page)).toEqual([]);
    await page.getByText('Another address', { exact: true }).click();
    await page.getByRole('button', { name: /^Place the order for €/ }).waitFor();
    expect(visitor.complaints([422])).toEqual([]);
  });

  async function sendOnlyWithinEurope(): Promise<void> {
    const zone = `(select id from shipping_zone where 'CH' = any(countries))`;
    await rules.query({ text: `delete from shipping_method where zone_id = ${zone}` });
    await rules.query({ text: `delete from shipping_zone where id = ${zone}` });
    await until(async () => {
      const { body } = await sendRequest({ gatewayUrl: shop.url }, 'GET', '/api/v1/shop');
      return !body.countries.includes('CH');
    });
  }

  /** Waits until rules that were written have come to prices: they are cached for a moment. */
  const untilQuoted = (sku: string, amount: number) =>
    until(async () => {
      const body = { lines: [{ sku, quantity: 1 }] };
      const quote = await sendRequest({ gatewayUrl: shop.url }, 'POST', '/api/v1/quotes', { body });
      return quote.body.total?.amount === amount;
    });
});

/** Waits until a summary has these rows, each as its label and amount, with no other row of a kind in between. */
async function untilRows(within: Locator, rows: readonly string[]): Promise<void> {
  const read = () =>
    within
      .locator('dl > div')
      .evaluateAll((all) => all.map((row) => [...row.children].map(({ textContent }) => textContent).join(' ')));
  let last: string[] = [];
  const holds = async () => {
    last = await read();
    return rows.every((row) => last.includes(row)) && (rows.length < 4 || last.length === rows.length);
  };
  await until(holds, { what: `the rows ${rows.join(' | ')}` }).catch((error) => {
    throw new Error(`The rows are ${last.join(' | ')}`, { cause: error });
  });
}
