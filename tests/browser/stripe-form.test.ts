import type { Page, Route } from 'playwright-core';
import { expect, test } from 'vitest';
import { violationsInBothSchemes } from './axe.ts';
import { describeInBrowser, telephone } from './browser.ts';
import { serveFakeStripe } from './fake-stripe.ts';
import { chooseMeans, fillGuestCheckout } from './guest-checkout.ts';
import { openPageHarness } from './page-harness.ts';

/** The order as the API would answer it, if it were paid by Stripe. */
type Stand = { isPaid: boolean };

/** Lets the API answer an order that waits for a bank transfer as one that waits for Stripe's form. */
async function answerAsStripe(page: Page, id: string, stand: Stand): Promise<void> {
  const answer = async (route: Route) => {
    const response = await route.fetch();
    const order = await response.json();
    const action = { type: 'client_secret', clientSecret: 'pi_1_secret_2', publishableKey: 'pk_fake' };
    const payment = stand.isPaid
      ? { provider: 'stripe', status: 'captured' }
      : { provider: 'stripe', status: 'requires_action', action };
    const status = stand.isPaid ? 'confirmed' : 'awaiting_payment';
    await route.fulfill({ response, json: { ...order, status, payment, version: order.version + 1 } });
  };
  await page.route((url) => url.pathname === `/api/v1/orders/${id}`, answer);
  await page.route((url) => url.pathname === `/api/v1/orders/${id}/payments/check`, answer);
}

describeInBrowser('the form of Stripe', () => {
  const harness = openPageHarness();

  test('is loaded only where it is needed, says why a card was refused, and takes another', () =>
    harness.atEveryWidth(async (visitor) => {
      const { page } = visitor;
      const asked = await serveFakeStripe(page);
      const keyboard = await fillGuestCheckout(harness.shop, page, { title: 'Striped jug' });
      await chooseMeans(keyboard, page, /^Bank transfer/);
      await keyboard.press('button', /^Place the order for/);
      await page.getByRole('heading', { name: 'Transfer the money for your order' }).waitFor();
      expect(asked).toEqual([]);
      const stand = { isPaid: false };
      const order = new URL(page.url());
      await answerAsStripe(page, order.pathname.replace('/orders/', ''), stand);
      // As Stripe comes back: with a secret, which does not stay in the address.
      await page.goto(`${order}&payment_intent=pi_1&payment_intent_client_secret=pi_1_secret_2`);
      await page.getByRole('heading', { name: 'Pay your order' }).waitFor();
      await page.waitForURL(order.href);
      await page.getByLabel('Card number of the fake form').waitFor();
      expect(asked).toHaveLength(1);
      expect(await page.evaluate('[stripeKey, stripeOptions.clientSecret]')).toEqual(['pk_fake', 'pi_1_secret_2']);
      await keyboard.press('button', 'Pay €20.00');
      await page.getByRole('alert').getByText('Your card has insufficient funds.').waitFor();
      expect(await page.evaluate('stripeReturnUrl')).toBe(order.href);
      expect(await violationsInBothSchemes(page)).toEqual([]);
      stand.isPaid = true;
      await keyboard.keys('Enter');
      await page.getByRole('heading', { name: 'Thank you. It is yours' }).waitFor();
      expect(asked).toHaveLength(1);
      expect(visitor.complaints()).toEqual([]);
    }));

  test('that cannot be loaded says so, and another way to pay is there', () =>
    harness.at(telephone, async (visitor) => {
      const { page } = visitor;
      await page.route('https://js.stripe.com/**', (route) => route.abort());
      const keyboard = await fillGuestCheckout(harness.shop, page, { title: 'Blocked jug' });
      await chooseMeans(keyboard, page, /^Bank transfer/);
      await keyboard.press('button', /^Place the order for/);
      await page.getByRole('heading', { name: 'Transfer the money for your order' }).waitFor();
      await answerAsStripe(page, new URL(page.url()).pathname.replace('/orders/', ''), { isPaid: false });
      await page.reload();
      await page.getByText('The payment form cannot be loaded').waitFor();
      await page.getByText('Pay another way, or cancel the order').waitFor();
      await page.unroute('https://js.stripe.com/**');
      await serveFakeStripe(page);
      await keyboard.press('button', 'Try again');
      await page.getByLabel('Card number of the fake form').waitFor();
      expect(visitor.complaints().filter((text) => !text.includes('ERR_FAILED'))).toEqual([]);
    }));
});
