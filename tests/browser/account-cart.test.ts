import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser, desk, telephone } from './browser.ts';
import { cartLabel, seenSoFar, settled, watchCart } from './cart-button.ts';
import { keyboardOf } from './keyboard.ts';
import { openPageHarness } from './page-harness.ts';
import { putIntoCart, signUpForCheckout } from './shop.ts';

describeInBrowser('the cart of an account', () => {
  const harness = openPageHarness();

  const signInAs = async (page: Page, email: string) => {
    await page.goto('/sign-in');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill('a long enough secret');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL(({ pathname }) => pathname === '/');
  };

  test('is kept by the account, found on each device, and takes along what a guest has put in', async () => {
    const visitor = await harness.openVisit(desk);
    const { page } = visitor;
    await putIntoCart(page, 'storm-lantern');
    const email = await signUpForCheckout(page);
    await page.getByText('Storm Lantern').first().waitFor();
    // Signed out, the browser has none.
    await page.goto('/account');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    await cartLabel(page, 'Cart, 0 items').waitFor();
    await page.reload();
    await cartLabel(page, 'Cart, 0 items').waitFor();
    // What a guest puts in then comes along: the larger quantity of what is in both.
    await putIntoCart(page, 'oak-wall-clock');
    await putIntoCart(page, 'storm-lantern');
    await page.getByLabel(/^Quantity of Storm Lantern/).selectOption('3');
    await cartLabel(page, 'Cart, 4 items').waitFor({ state: 'attached' });
    await settled(page);
    await signInAs(page, email);
    await cartLabel(page, 'Cart, 4 items').waitFor();
    // Another device shows the same, and a change there is seen here.
    const { page: other } = await harness.openVisit(telephone);
    await signInAs(other, email);
    await cartLabel(other, 'Cart, 4 items').waitFor();
    await other.goto('/cart');
    await other.getByRole('button', { name: 'Remove Oak Wall Clock' }).click();
    await cartLabel(other, 'Cart, 3 items').waitFor();
    await settled(other);
    await page.goto('/cart');
    await cartLabel(page, 'Cart, 3 items').waitFor();
    // What the page of the account was still asking for when the session ended is refused.
    expect(visitor.complaints([401])).toEqual([]);
  });

  test('takes along what a guest has put in on a second device, by keyboard alone', () =>
    harness.at(telephone, async ({ page, complaints }) => {
      const first = await harness.openVisit(desk);
      await putIntoCart(first.page, 'storm-lantern');
      const email = await signUpForCheckout(first.page);
      await settled(first.page);
      const keyboard = keyboardOf(page);
      await page.goto('/products/oak-wall-clock');
      await keyboard.press('button', 'Add to cart');
      await page.getByRole('dialog', { name: 'Your cart' }).waitFor();
      await keyboard.keys('Escape');
      await settled(page);
      await page.goto('/sign-in');
      await keyboard.write('E-mail', email);
      await keyboard.write('Password', 'a long enough secret');
      await keyboard.keys('Enter');
      await page.waitForURL(({ pathname }) => pathname === '/');
      await cartLabel(page, 'Cart, 2 items').waitFor();
      await settled(page);
      await first.page.goto('/cart');
      await cartLabel(first.page, 'Cart, 2 items').waitFor();
      expect(complaints()).toEqual([]);
    }));

  test('is not empty for a moment while somebody signs in', async () => {
    const { page } = await harness.openVisit(desk);
    await putIntoCart(page, 'storm-lantern');
    await page.goto('/sign-up');
    await cartLabel(page, 'Cart, 1 item').waitFor();
    await watchCart(page);
    await page.getByLabel('Name').fill('Ada Lovelace');
    await page.getByLabel('E-mail').fill(`ada-${crypto.randomUUID()}@example.com`);
    await page.getByLabel('Password').fill('a long enough secret');
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.waitForURL(({ pathname }) => pathname === '/');
    await settled(page);
    expect((await seenSoFar(page)).labels).toEqual(['Cart, 1 item']);
    await page.reload();
    await cartLabel(page, 'Cart, 1 item').waitFor();
  });
});
