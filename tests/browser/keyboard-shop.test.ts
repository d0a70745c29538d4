// Long: one story, step by step
import { randomBytes } from 'node:crypto';
import { until } from '@tradepost/testing/until';
import { expect, test } from 'vitest';
import { describeInBrowser, desk, telephone } from './browser.ts';
import { focusOn, focusWithin, keyboardOf } from './keyboard.ts';
import { demoPassword, emailOf, offer, putIntoCart, signUpForCheckout } from './shop.ts';
import { buy } from './staff.ts';
import { openStage } from './stage.ts';

describeInBrowser('the shop by the keyboard alone', () => {
  const stage = openStage();

  test('sells something to somebody new', async () => {
    const { page, complaints } = await stage.come(desk, { to: '/' });
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

  test('is searched, narrowed and ordered', async () => {
    const { page, complaints } = await stage.come(desk, { to: '/' });
    const keyboard = keyboardOf(page);
    await keyboard.press('link', 'Skip to the content');
    await focusOn(page, 'main', '');
    await keyboard.press('link', 'Search everything');
    await focusOn(page, 'searchbox', 'Search the shop');
    await page.keyboard.type('lamp');
    await page.waitForURL('**/search?q=lamp');
    await keyboard.choose('Sort by', 'Price, lowest');
    await page.waitForURL('**/search?q=lamp&sort=price');
    await keyboard.to('radio', 'All');
    await keyboard.keys('ArrowDown');
    await page.waitForURL(/category=/);
    await focusOn(page, 'radio', /\d/);
    await keyboard.write('To', '99');
    await page.waitForURL(/maxPrice=99/);
    await focusOn(page, 'textbox', 'To');
    await keyboard.to('checkbox', 'Only what is in stock');
    await keyboard.keys('Space');
    await page.waitForURL(/inStock=true/);
    await keyboard.press('link', /€/);
    await page.getByRole('button', { name: 'Add to cart' }).waitFor();
    await focusOn(page, 'main', '');
    expect(complaints()).toEqual([]);
  });

  test('is searched from its head: to a suggestion, or to all that is found', async () => {
    const { page, complaints } = await stage.come(desk, { to: '/' });
    const keyboard = keyboardOf(page);
    // What suggests is loaded meanwhile, and takes the place of the field with the focus and all that was typed.
    await keyboard.to('combobox', 'Search the shop');
    await page.keyboard.type('kettl');
    await page
      .getByRole('option', { name: /Kettle/ })
      .first()
      .waitFor();
    await keyboard.keys('Escape');
    await page.getByRole('listbox').waitFor({ state: 'detached' });
    // What is chosen of a list is forgotten when the next list comes.
    const suggested = page.waitForResponse((response) => response.url().includes('q=kettle'));
    await page.keyboard.type('e');
    await suggested;
    const option = page.getByRole('option').first();
    await option.waitFor();
    await keyboard.keys('ArrowDown');
    const combobox = page.getByRole('combobox', { name: 'Search the shop' });
    await until(
      async () => (await option.getAttribute('id')) === (await combobox.getAttribute('aria-activedescendant')),
      { what: 'the first suggestion to be chosen' },
    );
    await keyboard.keys('Enter');
    await page.waitForURL('**/products/*');
    await focusOn(page, 'main', '');
    await keyboard.to('combobox', 'Search the shop', { back: true });
    await page.keyboard.type('mug');
    await keyboard.keys('Enter');
    await page.waitForURL('**/search?q=mug');
    await focusOn(page, 'searchbox', 'Search the shop');
    expect(complaints()).toEqual([]);
  });

  test('answers what was typed before it could suggest', async () => {
    const { page, complaints } = await stage.come(desk, { to: '/' });
    const { promise: typed, resolve: isTyped } = Promise.withResolvers<void>();
    let held = 0;
    await page.route('**/suggesting-input*', async (route) => {
      held++;
      await typed;
      await route.continue();
    });
    await keyboardOf(page).to('combobox', 'Search the shop');
    await page.keyboard.type('kettl');
    isTyped();
    await page
      .getByRole('option', { name: /Kettle/ })
      .first()
      .waitFor();
    await page.keyboard.type('e');
    expect(await page.getByRole('combobox', { name: 'Search the shop' }).inputValue()).toBe('kettle');
    expect(held).toBeGreaterThan(0);
    expect(complaints()).toEqual([]);
  });

  test('has a menu on a telephone', async () => {
    const { page, complaints } = await stage.come(telephone, { as: 'seller' });
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

  test('has its filters behind a heading on a telephone', async () => {
    const { page, complaints } = await stage.come(telephone, { to: '/search?q=mug' });
    const keyboard = keyboardOf(page);
    await focusOn(page, 'searchbox', 'Search the shop');
    for (const summary = page.locator('summary:focus'); (await summary.count()) === 0; ) await keyboard.keys('Tab');
    await keyboard.keys('Enter');
    await keyboard.choose('Sort by', 'Name');
    await page.waitForURL('**/search?q=mug&sort=title');
    expect(complaints()).toEqual([]);
  });

  test('shows all of a category, page by page, without losing the focus', async () => {
    const { page, complaints } = await stage.come(desk, { to: '/' });
    const keyboard = keyboardOf(page);
    await keyboard.press('link', 'Gifts', { within: page.getByRole('navigation', { name: 'Categories' }) });
    await page.getByRole('heading', { name: 'Gifts' }).waitFor();
    const products = page.getByRole('listitem').filter({ hasText: '€' });
    await products.first().waitFor();
    await keyboard.to('link', /€/, { within: products.nth((await products.count()) - 1) });
    // The list grows as one comes near its end.
    await page.getByText(/^\d+ products$/).waitFor();
    expect(await products.count()).toBeGreaterThan(12);
    await keyboard.to('link', /€/, { within: products.last() });
    await keyboard.to('link', 'Everything');
    expect(complaints()).toEqual([]);
  });

  test('has a cart beside the page: more of a thing, less, and none', async () => {
    const [jug, bowl] = await Promise.all([
      offer(stage.shop, { title: 'Keyed jug', stock: 1 }),
      offer(stage.shop, { title: 'Keyed bowl' }),
    ]);
    const { page, complaints } = await stage.come(desk, { to: `/products/${jug.slug}` });
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

  test('takes an account: made, renamed, its password changed, left, and come back to', async () => {
    const { page, complaints } = await stage.come(desk, { to: '/' });
    const keyboard = keyboardOf(page);
    const email = `keys-${randomBytes(5).toString('hex')}@example.com`;
    await keyboard.press('link', 'Sign in');
    await keyboard.press('link', 'Create an account');
    await keyboard.write('Name', 'Ada Lovelace');
    await keyboard.write('E-mail', email);
    await keyboard.write('Password', 'a long enough secret');
    await keyboard.keys('Enter');
    await keyboard.press('link', 'Ada');
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
    await keyboard.write('What we call you', 'Augusta King');
    await keyboard.press('button', 'Change the name');
    await page.getByRole('link', { name: 'Augusta' }).waitFor();
    await focusOn(page, 'button', 'Change the name');
    await keyboard.write('Present password', 'a long enough secret');
    await keyboard.write('New password', 'another secret, as long');
    await keyboard.keys('Enter');
    await page.getByText('Your password is changed').waitFor();
    await keyboard.press('button', 'Sign out', { back: true });
    await page.waitForURL((url) => url.pathname === '/');
    await focusOn(page, 'main', '');
    await keyboard.press('link', 'Sign in');
    await keyboard.write('E-mail', email);
    await keyboard.write('Password', 'a long enough secret');
    await keyboard.keys('Enter');
    await page.getByText('The e-mail or the password is not right').waitFor();
    await keyboard.write('Password', 'another secret, as long');
    await keyboard.press('button', 'Sign in');
    await page.getByRole('link', { name: 'Augusta' }).waitFor();
    expect(complaints([401])).toEqual([]);
  });

  test('keeps addresses, and sends to one of them', async () => {
    const { page, complaints } = await stage.come(desk);
    await signUpForCheckout(page);
    await page.goto('/account');
    const keyboard = keyboardOf(page);
    await keyboard.press('link', 'Your addresses');
    const written = (street: string) => page.locator('address').filter({ hasText: street });
    const write = async (street: string) => {
      await keyboard.press('button', 'Add an address');
      const dialog = page.getByRole('dialog', { name: 'New address' });
      await keyboard.press('button', 'Keep it', { within: dialog });
      await focusOn(page, 'textbox', 'Street and number');
      await keyboard.write('Street and number', street, { within: dialog });
      await keyboard.write('Postal code', '20457', { within: dialog });
      await keyboard.write('Town or city', 'Hamburg', { within: dialog });
      await keyboard.keys('Enter');
      await dialog.waitFor({ state: 'detached' });
      await focusOn(page, 'button', 'Add an address');
      await written(street).waitFor();
    };
    await write('Hafenstrasse 1');
    await write('Kai 2');
    await write('Werft 3');
    await keyboard.press('button', /^Make it the default Kai 2/);
    await page.getByRole('listitem').filter({ hasText: 'Kai 2' }).getByText('Default').waitFor();
    await focusWithin(page.getByRole('main'));
    await keyboard.press('button', /^Remove Werft 3/);
    await written('Werft 3').waitFor({ state: 'detached' });
    await focusWithin(page.getByRole('main'));
    await putIntoCart(page, 'soy-candle');
    await page.goto('/checkout');
    await keyboard.to('radio', /Kai 2/);
    expect(await page.getByRole('radio', { name: /Kai 2/ }).isChecked()).toBe(true);
    await keyboard.keys('ArrowDown');
    await focusOn(page, 'radio', /Hafenstrasse 1/);
    await keyboard.press('button', /^Place the order/);
    await page.getByRole('heading', { name: 'Thank you. It is yours' }).waitFor();
    await page.getByText('Hafenstrasse 1').waitFor();
    expect(complaints()).toEqual([]);
  });

  test('ends a session elsewhere, and stays where it was', async () => {
    const { page } = await stage.come(desk);
    const email = await signUpForCheckout(page);
    const elsewhere = await stage.come(telephone, { to: '/sign-in' });
    await elsewhere.page.getByLabel('E-mail').fill(email);
    await elsewhere.page.getByLabel('Password').fill('a long enough secret');
    await elsewhere.page.getByRole('button', { name: 'Sign in' }).click();
    await elsewhere.page.getByRole('link', { name: 'Ada' }).waitFor();
    await page.goto('/account');
    const keyboard = keyboardOf(page);
    await keyboard.press('button', /^End the session/);
    await page.getByRole('button', { name: /^End the session/ }).waitFor({ state: 'detached' });
    await focusWithin(page.getByRole('main'));
  });

  test('finds an order again, and cancels it', async () => {
    const customer = await stage.api('customer');
    const { sku } = await offer(stage.shop, { title: 'Keyed lamp' });
    await buy(customer, [{ sku, quantity: 1 }]);
    const { page, complaints } = await stage.come(desk, { to: '/orders' });
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
