import { expect, test } from 'vitest';
import { violationsInBothSchemes } from './axe.ts';
import { describeInBrowser } from './browser.ts';
import { openPageHarness } from './page-harness.ts';
import { fillAddress, placeOrder, putIntoCart, signUpForCheckout } from './shop.ts';

describeInBrowser('the pages', () => {
  const harness = openPageHarness();

  // Long: the same steps at every width
  test('axe has nothing to object to, and nothing overflows, in every look', () =>
    harness.atEveryWidth(async (visitor) => {
      const { page } = visitor;
      const wrong: Record<string, string[]> = {};
      const judge = async (name: string) => {
        await page.waitForLoadState('networkidle');
        await page.locator('h1').first().waitFor({ state: 'attached' });
        const found = await violationsInBothSchemes(page);
        if (found.length > 0) wrong[name] = found;
      };
      const paths = [
        '/',
        '/search?q=lamp',
        '/search?q=qqqq',
        '/categories/kitchen',
        '/products/speckled-stoneware-mug',
        '/cart',
        ...['/forgot-password', '/reset-password#token=a-token-for-a-test', '/verify-email', '/confirm-email'],
      ];
      for (const path of [...paths, '/checkout', '/orders', '/account', '/sign-in', '/sign-up', '/nowhere']) {
        await page.goto(path);
        await judge(path);
      }
      await page.goto('/');
      const menu = page.getByRole('button', { name: 'Menu' });
      if (await menu.isVisible()) {
        await menu.click();
        await page.getByRole('navigation', { name: 'Menu' }).waitFor();
        await judge('the menu');
        await page.keyboard.press('Escape');
      }
      await page.getByRole('combobox', { name: 'Search the shop' }).click();
      await page.keyboard.type('lightn');
      await page.getByRole('option').first().waitFor();
      await judge('suggestions');
      await putIntoCart(page, 'storm-lantern');
      await judge('the cart drawer');
      await signUpForCheckout(page);
      const place = page.getByRole('button', { name: 'Place the order' });
      await place.waitFor();
      await judge('/checkout, signed in');
      await place.click();
      await judge('/checkout with errors');
      await fillAddress(page);
      await placeOrder(page);
      await page.getByRole('heading', { name: 'Thank you. It is yours' }).waitFor();
      // A stream of events never falls silent.
      wrong['/orders/{id}'] = await violationsInBothSchemes(page);
      await page.getByRole('button', { name: 'Cancel the order' }).click();
      await page.getByRole('dialog').waitFor();
      wrong['the question whether to cancel'] = await violationsInBothSchemes(page);
      for (const path of ['/orders', '/account', '/account/addresses']) {
        await page.goto(path);
        await judge(`${path}, signed in`);
      }
      await page.getByRole('button', { name: 'Add an address' }).click();
      await page.getByRole('dialog').waitFor();
      await judge('a new address');
      expect(Object.fromEntries(Object.entries(wrong).filter(([, found]) => found.length > 0))).toEqual({});
      // What is asked for and is not there is told by the browser, too.
      expect(visitor.complaints([404])).toEqual([]);
    }));
});
