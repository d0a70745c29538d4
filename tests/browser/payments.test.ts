import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { violationsInBothSchemes } from './axe.ts';
import { describeInBrowser, desk, telephone } from './browser.ts';
import { chooseMeans, fillGuestCheckout, isGuestsOrder, unfold } from './guest-checkout.ts';
import { focusOn, type Keyboard } from './keyboard.ts';
import { openPageHarness } from './page-harness.ts';

const isTestBank = ({ pathname }: URL) => pathname.startsWith('/sandbox/payments/');

describeInBrowser('a payment that waits, by the keyboard', () => {
  const harness = openPageHarness();

  /** Orders as a guest with a means of payment. */
  async function order(page: Page, title: string, means: RegExp): Promise<Keyboard> {
    const keyboard = await fillGuestCheckout(harness.shop, page, { title });
    await chooseMeans(keyboard, page, means);
    await keyboard.press('button', /^Place the order for/);
    return keyboard;
  }

  const thanks = (page: Page) => page.getByRole('heading', { name: 'Thank you. It is yours' }).waitFor();
  const isDeclined = (page: Page) => page.getByRole('heading', { name: 'The payment was declined' }).waitFor();
  /** The id of the order whose page is shown. */
  const shownOrder = (page: Page) => new URL(page.url()).pathname.replace('/orders/', '');

  test('is confirmed at the bank (3-D Secure), and the bank leads back to the guest’s order', () =>
    harness.atEveryWidth(async (visitor) => {
      const { page } = visitor;
      const keyboard = await order(page, 'Confirmed jug', /^A card that needs 3-D Secure/);
      await page.waitForURL(isTestBank);
      const asked = page.getByRole('region', { name: 'Payment to confirm' });
      await asked.getByText('€20.00').waitFor();
      await asked.getByText(/^Order T-\d{8}$/).waitFor();
      await page.getByText('No money moves').first().waitFor();
      expect(await violationsInBothSchemes(page)).toEqual([]);
      // Going back does not lead to the bank again by itself.
      await page.goBack();
      await page.getByRole('heading', { name: 'Confirm the payment with your bank' }).waitFor();
      expect(await violationsInBothSchemes(page)).toEqual([]);
      await keyboard.press('button', 'Go to your bank');
      await page.waitForURL(isTestBank);
      await keyboard.press('button', 'Confirm');
      await page.waitForURL(isGuestsOrder);
      await thanks(page);
      await page.getByText('Paid', { exact: true }).first().waitFor();
      expect(visitor.complaints()).toEqual([]);
    }));

  test('is refused at the bank, and made with another card for the same order', () =>
    harness.atEveryWidth(async (visitor) => {
      const { page } = visitor;
      const keyboard = await order(page, 'Refused jug', /^A card that needs 3-D Secure/);
      await page.waitForURL(isTestBank);
      const bank = page.url();
      await keyboard.press('button', 'Refuse');
      await page.waitForURL(isGuestsOrder);
      await isDeclined(page);
      const refused = page.url();
      await page.getByText('Nothing was taken. Your items are kept for you').waitFor();
      expect(await violationsInBothSchemes(page)).toEqual([]);
      await keyboard.to('radio', /^A card that works/);
      await keyboard.press('button', 'Pay €20.00');
      await thanks(page);
      await focusOn(page, 'main', '');
      expect(page.url()).toBe(refused);
      // What was answered stays so, and leads back.
      await page.goto(bank);
      await page.getByText('You have refused this payment.').waitFor();
      await keyboard.press('link', 'Back to the order');
      await thanks(page);
      expect(visitor.complaints()).toEqual([]);
    }));

  test('is declined twice, once after another, and the third card pays the same order', () =>
    harness.at(telephone, async (visitor) => {
      const { page } = visitor;
      const keyboard = await order(page, 'Declined jug', /^A card that is declined/);
      await page.waitForURL(isGuestsOrder);
      await isDeclined(page);
      const id = shownOrder(page);
      await chooseMeans(keyboard, page, /^A card that needs 3-D Secure/);
      await keyboard.press('button', 'Pay €20.00');
      await page.waitForURL(isTestBank);
      await keyboard.press('button', 'Refuse');
      await isDeclined(page);
      await chooseMeans(keyboard, page, /^A payment that takes a while/);
      await keyboard.press('button', 'Pay €20.00');
      await thanks(page);
      expect(shownOrder(page)).toBe(id);
      expect(visitor.complaints()).toEqual([]);
    }));

  test('is cancelled at the bank: the cart is there again, and its order cancelled', () =>
    harness.atEveryWidth(async (visitor) => {
      const { page } = visitor;
      const keyboard = await order(page, 'Abandoned jug', /^A card that needs 3-D Secure/);
      await page.waitForURL(isTestBank);
      const bank = page.url();
      await page.goBack();
      await unfold(keyboard, page, 'Pay another way, or cancel the order');
      expect(await violationsInBothSchemes(page)).toEqual([]);
      await keyboard.press('button', 'Cancel the order and go back to the cart');
      const cart = page.getByRole('dialog', { name: 'Your cart' });
      await cart.getByRole('combobox', { name: 'Quantity of Abandoned jug' }).waitFor();
      expect(await cart.getByRole('combobox').inputValue()).toBe('1');
      await keyboard.keys('Escape');
      await page.getByRole('heading', { name: 'Cancelled' }).waitFor();
      await page.goto(bank);
      await page.getByText('The shop has given this payment up').waitFor();
      expect(visitor.complaints()).toEqual([]);
    }));

  test('is no way from the test bank to another site', async () => {
    const [visitor] = [await harness.openVisit({ width: 1440, colorScheme: 'light' })];
    const { page } = visitor;
    await order(page, 'Lured jug', /^A card that needs 3-D Secure/);
    await page.waitForURL(isTestBank);
    const { pathname } = new URL(page.url());
    await page.goto(`${pathname}?return=${encodeURIComponent('https://elsewhere.example/')}`);
    await page.getByRole('button', { name: 'Refuse' }).click();
    await page.getByText('You have refused this payment.').waitFor();
    expect(new URL(page.url()).pathname).toBe(pathname);
    await page.getByRole('link', { name: 'See your orders' }).waitFor();
    await page.goto(`/sandbox/payments/${crypto.randomUUID()}`);
    await page.getByText('There is no such payment').waitFor();
    expect(visitor.complaints([404])).toEqual([]);
  });

  test('on invoice is explained, and the order can be sent before it is paid', () =>
    harness.at(desk, async (visitor) => {
      const { page } = visitor;
      await order(page, 'Invoiced jug', /^On invoice/);
      await thanks(page);
      await page.getByText('The order is sent first. You pay €20.00 afterwards').waitFor();
      await page.getByText('Live', { exact: true }).waitFor();
      expect(await violationsInBothSchemes(page)).toEqual([]);
      const sent = await harness.shop.seller('POST', `/api/v1/orders/${shownOrder(page)}/fulfilments`, {
        body: {},
        headers: { 'idempotency-key': crypto.randomUUID() },
      });
      expect(sent.status).toBe(201);
      await page.getByRole('heading', { name: 'Your order is on its way' }).waitFor();
      await page.getByText('After it was sent, on invoice.').waitFor();
      expect(visitor.complaints()).toEqual([]);
    }));
});
