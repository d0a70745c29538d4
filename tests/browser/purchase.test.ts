import { until } from '@tradepost/testing/until';
import { expect, test } from 'vitest';
import { describeInBrowser, desk, everyWidth, hasFocus, telephone } from './browser.ts';
import { openPageHarness } from './page-harness.ts';
import { fillAddress, offer, placeOrder, putIntoCart, signUpForCheckout } from './shop.ts';

describeInBrowser('a purchase', () => {
  const harness = openPageHarness();

  test.each(everyWidth)('from looking around to the confirmation, by a guest who signs up: %o', async (look) => {
    const visitor = await harness.openVisit(look);
    const { page } = visitor;
    await page.goto('/');
    await page.getByRole('link', { name: 'Search everything' }).click();
    await page.getByRole('searchbox').pressSequentially('stonew');
    await page.waitForURL('**/search?q=stonew');
    await page.getByRole('link', { name: /Speckled Stoneware Mug/ }).click();
    await page.getByText('Terracotta', { exact: true }).click();
    await page.waitForURL('**/products/speckled-stoneware-mug?variant=MUG-TERRACOTTA');
    await page.getByLabel('Quantity').selectOption('2');
    await page.getByRole('button', { name: 'Add to cart' }).click();
    const cart = page.getByRole('dialog', { name: 'Your cart' });
    await cart.getByText('Speckled Stoneware Mug, Terracotta').first().waitFor();
    await cart.getByRole('link', { name: 'To the checkout' }).click();
    await page.getByRole('link', { name: 'Sign in instead' }).click();
    await page.getByRole('link', { name: 'Create an account' }).click();
    await signUpForCheckout(page);
    await page.getByRole('button', { name: 'Place the order' }).click();
    expect(await hasFocus(page.getByLabel('Street and number'))).toBe(true);
    await page.getByText('Enter street and number').waitFor();
    await fillAddress(page);
    await placeOrder(page);
    await page.getByRole('heading', { name: 'Thank you. It is yours' }).waitFor();
    for (const step of ['Placed', 'Stock reserved', 'Paid', 'Confirmed']) {
      const line = page.getByRole('listitem').filter({ hasText: new RegExp(`^${step}`) });
      await line.locator('time').waitFor();
    }
    await page.getByText('2 × €18.00').waitFor();
    await page.goto('/orders');
    await page.getByRole('link', { name: /Speckled Stoneware Mug, Terracotta.*Confirmed/ }).waitFor();
    expect(visitor.complaints()).toEqual([]);
  });

  test('with a card that is declined, and then with one that works', () =>
    harness.at(telephone, async (visitor) => {
      const { page } = visitor;
      await putIntoCart(page, 'storm-lantern');
      await signUpForCheckout(page);
      await fillAddress(page);
      await page.getByLabel('Keep this address for next time').check();
      await page.getByText('A card that is declined').click();
      await placeOrder(page);
      await page.getByRole('heading', { name: 'The payment was declined' }).waitFor();
      await page.getByText('Nothing was taken. Your items are kept for you').waitFor();
      const declined = page.url();
      await page.getByRole('button', { name: 'Cancel the order and go back to the cart' }).click();
      await page.getByRole('dialog').getByRole('link', { name: 'To the checkout' }).click();
      // The address was kept, though the order came to nothing.
      expect(await page.getByRole('radio', { name: /Hafenstrasse 1/ }).isChecked()).toBe(true);
      await placeOrder(page);
      await page.getByRole('heading', { name: 'Thank you. It is yours' }).waitFor();
      await page.goto(declined);
      await page.getByRole('heading', { name: 'Cancelled' }).waitFor();
      expect(visitor.complaints()).toEqual([]);
    }));

  test('of what is sold out while it is in the cart: said in the cart, and on the order', () =>
    harness.at(desk, async (visitor) => {
      const { page } = visitor;
      const { slug, sku } = await offer(harness.shop, { title: 'The very last jug', stock: 1 });
      await putIntoCart(page, slug);
      const taken = await harness.shop.seller('POST', `/api/v1/stock/${sku}/adjustments`, {
        body: { delta: -1, reason: 'broken' },
      });
      expect(taken.status).toBe(201);
      await signUpForCheckout(page);
      await page.getByText('Sold out meanwhile').waitFor();
      await fillAddress(page);
      await placeOrder(page);
      await page.getByRole('heading', { name: 'This did not work out' }).waitFor();
      await page.getByText('Not enough was left on the shelf').waitFor();
      await page.getByRole('button', { name: 'Put it into the cart again' }).waitFor();
      expect(visitor.complaints()).toEqual([]);
    }));

  test('whose price the seller changes while it is in the cart is confirmed at the new one, or not made', () =>
    harness.at(telephone, async (visitor) => {
      const { page } = visitor;
      const { id, slug } = await offer(harness.shop, { title: 'Copper jug', price: 2000 });
      await putIntoCart(page, slug);
      await signUpForCheckout(page);
      await fillAddress(page);
      const total = async () => {
        const cart = JSON.parse(await page.evaluate<string>("localStorage.getItem('tradepost.cart')"));
        // The cart is the account's, so it is asked for with the session of the page.
        const answer = await page.request.get(`/api/v1/carts/${cart}`);
        return (await answer.json()).total.amount;
      };
      // More of it is no change of a price.
      await page.getByLabel('Quantity of Copper jug').selectOption('2');
      await until(async () => (await total()) === 4000);
      expect(await page.getByText('A price has changed').count()).toBe(0);
      const { body: product } = await harness.shop.seller('GET', `/api/v1/products/${id}`);
      const [{ sku }] = product.variants;
      await harness.shop.seller('PATCH', `/api/v1/products/${id}`, {
        headers: { 'if-match': `"${product.version}"` },
        body: { variants: [{ sku, price: { amount: 2500, currency: 'EUR' } }] },
      });
      await until(async () => (await total()) === 5000);
      await page.getByRole('button', { name: 'Place the order' }).click();
      await page.getByText('The total is €50.00 now; it was €40.00').waitFor();
      expect(page.url()).toContain('/checkout');
      await page.getByRole('button', { name: 'Order for €50.00' }).click();
      await page.waitForURL('**/orders/*');
      await page.getByText('2 × €25.00').waitFor();
      expect(visitor.complaints([409])).toEqual([]);
    }));
});
