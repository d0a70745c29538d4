import { sendRequest } from '@tradepost/testing/shopper';
import { until } from '@tradepost/testing/until';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { violationsInBothSchemes } from './axe.ts';
import { describeInBrowser, desk, telephone } from './browser.ts';
import { chooseMeans, fillGuestCheckout, isGuestsOrder, newEmail } from './guest-checkout.ts';
import { focusOn, focusWithin, type Keyboard, keyboardOf } from './keyboard.ts';
import { openPageHarness } from './page-harness.ts';
import { offer, putIntoCart } from './shop.ts';

describeInBrowser('a guest, by the keyboard', () => {
  const harness = openPageHarness();

  const fillCheckout = (page: Page, title: string, email: string) =>
    fillGuestCheckout(harness.shop, page, { title, email });

  async function buy(page: Page, title: string, email: string): Promise<Keyboard> {
    const keyboard = await fillCheckout(page, title, email);
    await keyboard.press('button', /^Place the order for/);
    await page.waitForURL(isGuestsOrder);
    await page.getByRole('heading', { name: 'Thank you. It is yours' }).waitFor();
    return keyboard;
  }

  async function signUp(page: Page, keyboard: Keyboard, email: string): Promise<void> {
    await keyboard.write('Name', 'Grace Hopper');
    if (email !== '') await keyboard.write('E-mail', email);
    await keyboard.write('Password', 'a long enough secret');
    await keyboard.keys('Enter');
    await page.waitForURL(({ pathname }) => pathname !== '/sign-up');
  }

  test('buys without an account, after a declined card, and cancels the order on its page', () =>
    harness.atEveryWidth(async (visitor) => {
      const { page } = visitor;
      const email = newEmail();
      const keyboard = await fillCheckout(page, 'Guest’s jug', 'nobody');
      await keyboard.press('button', /^Place the order for/);
      await page.getByText('Enter an e-mail address such as').waitFor();
      await focusOn(page, 'textbox', 'E-mail address');
      expect(await violationsInBothSchemes(page)).toEqual([]);
      expect(await page.getByLabel('Keep this address for next time').count()).toBe(0);
      await keyboard.write('E-mail address', email);
      await chooseMeans(keyboard, page, /^A card that is declined/);
      await keyboard.press('button', /^Place the order for/);
      await page.waitForURL(isGuestsOrder);
      await page.getByRole('heading', { name: 'The payment was declined' }).waitFor();
      const declined = page.url();
      await keyboard.press('button', 'Cancel the order and go back to the cart');
      await keyboard.press('link', 'To the checkout', { within: page.getByRole('dialog', { name: 'Your cart' }) });
      await page.waitForURL(({ pathname }) => pathname === '/checkout');
      // What was typed for the first order is there.
      expect(await page.getByLabel('E-mail address').inputValue()).toBe(email);
      expect(await page.getByLabel('Street and number').inputValue()).toBe('Hafenstrasse 1');
      await keyboard.press('button', /^Place the order for/);
      await page.waitForURL((url) => isGuestsOrder(url) && url.href !== declined);
      await page.getByRole('heading', { name: 'Thank you. It is yours' }).waitFor();
      await page.reload();
      await page.getByText('Live', { exact: true }).waitFor();
      const line = page.getByRole('listitem').filter({ hasText: /^Confirmed/ });
      await line.locator('time').waitFor();
      expect(await violationsInBothSchemes(page)).toEqual([]);
      await keyboard.press('button', 'Cancel the order');
      const dialog = page.getByRole('dialog', { name: 'Cancel this order?' });
      await focusWithin(dialog);
      await keyboard.press('button', 'Cancel the order', { within: dialog });
      await page.getByRole('heading', { name: 'Cancelled' }).waitFor();
      expect(visitor.complaints()).toEqual([]);
    }));

  test('sees parcels, refunds and returns, and another without the link sees nothing', () =>
    harness.at(desk, async (visitor) => {
      const { page } = visitor;
      await buy(page, 'Guest’s bowl', newEmail());
      await page.getByText('Live', { exact: true }).waitFor();
      const { pathname } = new URL(page.url());
      const sent = await harness.shop.seller('POST', `/api/v1${pathname}/fulfilments`, {
        body: { carrier: 'DHL', trackingNumber: '0034 0434 1612 3456 7890' },
        headers: { 'idempotency-key': crypto.randomUUID() },
      });
      expect(sent.status).toBe(201);
      await page.getByRole('region', { name: 'Parcels' }).getByText('Sent with DHL').waitFor();
      const { lines } = (await harness.shop.seller('GET', `/api/v1${pathname}`)).body;
      const returned = await harness.shop.seller('POST', `/api/v1${pathname}/returns`, {
        body: { lines: [{ sku: lines[0].sku, quantity: 1 }], reason: 'Its pieces', restock: false, refund: false },
        headers: { 'idempotency-key': crypto.randomUUID() },
      });
      expect(returned.status).toBe(201);
      const returns = page.getByRole('region', { name: 'Returns' });
      await returns.getByText('Its pieces').waitFor();
      await returns.getByText('1 × Guest’s bowl').waitFor();
      const back = await harness.shop.seller('POST', `/api/v1${pathname}/refunds`, {
        body: { reason: 'It was chipped' },
        headers: { 'idempotency-key': crypto.randomUUID() },
      });
      expect(back.status).toBe(201);
      await page.getByRole('region', { name: 'Refunds' }).getByText('It was chipped').waitFor();
      await page.goto(`${pathname}?token=guessed`);
      await page.getByText('This link opens no order').waitFor();
      await page.goto(pathname);
      await page.getByText('Sign in to see it').waitFor();
      expect(visitor.complaints([404])).toEqual([]);
    }));

  test('signs up with the address, and has the order in the account', () =>
    harness.at(telephone, async (visitor) => {
      const { page } = visitor;
      const email = newEmail();
      const keyboard = await buy(page, 'Guest’s plate', email);
      const link = page.url();
      await keyboard.press('link', 'Keep this order in an account');
      await page.waitForURL(({ pathname }) => pathname === '/sign-up');
      expect(await page.getByLabel('E-mail').inputValue()).toBe(email);
      await signUp(page, keyboard, '');
      await page.waitForURL(({ pathname }) => pathname === '/orders');
      await page.getByText('The order is in your account now').waitFor();
      await keyboard.press('link', /Guest’s plate/);
      await page.getByRole('heading', { name: 'Thank you. It is yours' }).waitFor();
      expect(page.url()).not.toContain('token');
      // Nothing is offered to the account that has it.
      await page.goto(link);
      await page.getByText('Live', { exact: true }).waitFor();
      expect(await page.getByRole('region', { name: 'Keep this order' }).count()).toBe(0);
      expect(visitor.complaints()).toEqual([]);
    }));

  test('says why an account with another address does not get the order', () =>
    harness.atEveryWidth(async (visitor) => {
      const { page } = visitor;
      const email = newEmail();
      const keyboard = await buy(page, 'Guest’s lamp', email);
      await keyboard.press('link', 'Keep this order in an account');
      await signUp(page, keyboard, newEmail());
      await page.getByText(`The order was placed with another e-mail address (${email})`).waitFor();
      expect(await violationsInBothSchemes(page)).toEqual([]);
      expect(visitor.complaints([403])).toEqual([]);
    }));

  test('whose answer is lost gets the link when the page is loaded anew', async () =>
    harness.at(desk, async (visitor) => {
      const { page } = visitor;
      const keyboard = await fillCheckout(page, 'Guest’s clock', newEmail());
      let lost = 0;
      await page.route('**/checkout', async (route) => {
        if (route.request().method() !== 'POST') return route.continue();
        await route.fetch();
        lost += 1;
        await route.abort();
      });
      await keyboard.press('button', /^Place the order for/);
      await until(() => lost > 0, { what: 'the order to be sent' });
      await page.unroute('**/checkout');
      await page.reload();
      await page.waitForURL(isGuestsOrder);
      await page.getByRole('heading', { name: 'Thank you. It is yours' }).waitFor();
      expect(visitor.complaints().filter((text) => !text.includes('ERR_FAILED'))).toEqual([]);
    }));

  test('signs in instead, and comes back to the checkout with the cart', () =>
    harness.at(telephone, async (visitor) => {
      const { page } = visitor;
      const person = { name: 'Grace Hopper', email: newEmail(), password: 'a long enough secret' };
      const site = { gatewayUrl: harness.shop.url };
      expect((await sendRequest(site, 'POST', '/api/v1/auth/sign-up/email', { body: person })).status).toBe(200);
      const { slug } = await offer(harness.shop, { title: 'Guest’s chair' });
      await putIntoCart(page, slug);
      const keyboard = keyboardOf(page);
      await keyboard.press('link', 'To the checkout', { within: page.getByRole('dialog', { name: 'Your cart' }) });
      await keyboard.press('link', 'Sign in instead');
      await keyboard.write('E-mail', person.email);
      await keyboard.write('Password', person.password);
      await keyboard.keys('Enter');
      await page.waitForURL(({ pathname }) => pathname === '/checkout');
      await page.getByRole('complementary', { name: 'Your order' }).getByText('Guest’s chair').first().waitFor();
      expect(await page.getByLabel('E-mail address').count()).toBe(0);
      expect(visitor.complaints()).toEqual([]);
    }));
});
