import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { describeInBrowser, desk, telephone } from './browser.ts';
import { focusOn, focusWithin, keyboardOf } from './keyboard.ts';
import { openPageHarness } from './page-harness.ts';
import { demoPassword, emailOf, offer } from './shop.ts';
import { buy } from './staff.ts';

describeInBrowser('the shop by the keyboard alone', () => {
  const harness = openPageHarness();

  test('sells something to somebody new', async () => {
    const { page, complaints } = await harness.openVisit(desk, { to: '/' });
    const keyboard = keyboardOf(page);
    await keyboard.press('link', 'Search everything');
    await focusOn(page, 'searchbox', 'Search the shop');
    await page.keyboard.type('kettle');
    await keyboard.press('link', /Gooseneck Enamel Kettle/);
    await page.getByRole('heading', { name: 'Gooseneck Enamel Kettle' }).waitFor();
    await keyboard.to('radio', 'Forest');
    await keyboard.keys('ArrowRight');
    await page.waitForURL('**?variant=KETTLE-RUST');
    await keyboard.press('button', 'Add to cart');
    const cart = page.getByRole('dialog', { name: 'Your cart' });
    await cart.getByRole('link', { name: 'Gooseneck Enamel Kettle, Rust' }).waitFor();
    await keyboard.keys('Escape');
    await focusOn(page, 'button', 'Add to cart');
    await keyboard.press('button', 'Cart, 1 item', { back: true });
    await keyboard.press('link', 'To the checkout', { within: cart });
    await keyboard.press('link', 'Sign in instead');
    await keyboard.press('link', 'Create an account');
    await keyboard.write('Name', 'Ada Lovelace');
    await keyboard.write('E-mail', `keys-${randomBytes(5).toString('hex')}@example.com`);
    await keyboard.write('Password', 'a long enough secret');
    await keyboard.keys('Enter');
    await keyboard.press('button', /^Place the order/);
    // What is missing is said, and has the focus.
    await focusOn(page, 'textbox', 'Street and number');
    await keyboard.write('Street and number', 'Hafenstrasse 1');
    await keyboard.write('Postal code', '20457');
    await keyboard.write('Town or city', 'Hamburg');
    await keyboard.choose('Country', 'Austria');
    await keyboard.press('button', /^Place the order/);
    await page.getByText('Not a postal code of that country').waitFor();
    await focusOn(page, 'textbox', 'Postal code');
    await keyboard.write('Postal code', '1070');
    await keyboard.press('button', /^Place the order/);
    await page.getByRole('heading', { name: 'Thank you. It is yours' }).waitFor();
    await focusOn(page, 'main', '');
    expect(complaints()).toEqual([]);
  });

  test('has a menu on a telephone', async () => {
    const { page, complaints } = await harness.openVisit(telephone, { as: 'seller' });
    const keyboard = keyboardOf(page);
    const menu = page.getByRole('navigation', { name: 'Menu' });
    await keyboard.press('button', 'Menu');
    await menu.waitFor();
    await keyboard.keys('Escape');
    await menu.waitFor({ state: 'hidden' });
    await focusOn(page, 'button', 'Menu');
    await keyboard.keys('Enter');
    await keyboard.press('link', 'Seller’s desk', { within: menu });
    await page.waitForURL('**/sell');
    await menu.waitFor({ state: 'hidden' });
    await focusOn(page, 'main', '');
    expect(complaints()).toEqual([]);
  });

  test('has a cart beside the page: more of a thing, less, and none', async () => {
    const [jug, bowl] = await Promise.all([
      offer(harness.shop, { title: 'Keyed jug', stock: 1 }),
      offer(harness.shop, { title: 'Keyed bowl' }),
    ]);
    const { page, complaints } = await harness.openVisit(desk, { to: `/products/${jug.slug}` });
    const keyboard = keyboardOf(page);
    const cart = page.getByRole('dialog', { name: 'Your cart' });
    await keyboard.press('button', 'Add to cart');
    await focusWithin(cart);
    await keyboard.keys('Escape');
    await focusOn(page, 'button', 'All of it is in your cart');
    await page.goto(`/products/${bowl.slug}`);
    await keyboard.press('button', 'Add to cart');
    await keyboard.choose('Quantity of Keyed bowl', '3', { within: cart });
    await cart.getByText('€80.00').waitFor();
    await keyboard.press('button', 'Remove Keyed jug');
    await cart.getByRole('button', { name: 'Remove Keyed jug' }).waitFor({ state: 'detached' });
    await focusWithin(cart);
    await keyboard.press('button', 'Remove Keyed bowl');
    await cart.getByText('Nothing in it yet').waitFor();
    await focusWithin(cart);
    await keyboard.press('button', 'Close');
    await cart.waitFor({ state: 'detached' });
    await focusOn(page, 'button', 'Add to cart');
    expect(complaints()).toEqual([]);
  });

  test('finds an order again, and cancels it', async () => {
    const customer = await harness.api('customer');
    const { sku } = await offer(harness.shop, { title: 'Keyed lamp' });
    await buy(customer, [{ sku, quantity: 1 }]);
    const { page, complaints } = await harness.openVisit(desk, { to: '/orders' });
    const keyboard = keyboardOf(page);
    await keyboard.press('link', 'Sign in', { within: page.getByRole('main') });
    await keyboard.write('E-mail', emailOf('customer'));
    await keyboard.write('Password', demoPassword);
    await keyboard.keys('Enter');
    await keyboard.press('link', /Keyed lamp/);
    await page.getByRole('heading', { name: 'Thank you. It is yours' }).waitFor();
    await keyboard.press('button', 'Cancel the order');
    const dialog = page.getByRole('dialog', { name: 'Cancel this order?' });
    await focusWithin(dialog);
    await keyboard.press('button', 'Keep it', { within: dialog });
    await focusOn(page, 'button', 'Cancel the order');
    await keyboard.keys('Enter');
    await keyboard.press('button', 'Cancel the order', { within: dialog });
    await page.getByRole('heading', { name: 'Cancelled' }).waitFor();
    await dialog.waitFor({ state: 'detached' });
    await focusWithin(page.getByRole('main'));
    await keyboard.press('button', 'Put it into the cart again');
    await page.getByRole('dialog', { name: 'Your cart' }).getByText('Keyed lamp').first().waitFor();
    expect(complaints()).toEqual([]);
  });
});
