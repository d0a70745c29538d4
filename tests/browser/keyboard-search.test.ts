import { until } from '@tradepost/testing/until';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser, desk, telephone } from './browser.ts';
import { focusOn, keyboardOf } from './keyboard.ts';
import { openPageHarness } from './page-harness.ts';

describeInBrowser('the shop by the keyboard alone', () => {
  const harness = openPageHarness();

  test('is searched, narrowed and ordered', async () => {
    const { page, complaints } = await harness.openVisit(desk, { to: '/' });
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
    await keyboard.to('checkbox', /^Only what is in stock/);
    await keyboard.keys('Space');
    await page.waitForURL(/inStock=true/);
    await keyboard.press('link', /€/);
    await page.getByRole('button', { name: 'Add to cart' }).waitFor();
    await focusOn(page, 'main', '');
    expect(complaints()).toEqual([]);
  });

  test('is searched from its head: to a suggestion, or to all that is found', async () => {
    const { page, context, complaints } = await harness.openVisit(desk, { to: '/' });
    await context.addCookies([{ name: 'who', value: 'somebody', url: harness.shop.url }]);
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
    // Said by nobody in particular, so that the gateway may share the answer.
    expect(await (await suggested).request().allHeaders()).not.toHaveProperty('cookie');
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

  test('suggests categories and corrected words, and drops what is no longer asked for', async () => {
    const { page, complaints } = await harness.openVisit(desk, { to: '/' });
    const keyboard = keyboardOf(page);
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    await page.route('**/suggestions?q=ki', async (route) => {
      await held;
      await route.continue().catch(() => undefined);
    });
    await keyboard.to('combobox', 'Search the shop');
    const asked = page.waitForRequest('**/suggestions?q=ki');
    await page.keyboard.type('Ki');
    const dropped = page.waitForEvent('requestfailed');
    const first = await asked;
    await page.keyboard.type('tch');
    expect(await dropped).toBe(first);
    release();
    const suggestions = page.getByRole('listbox', { name: 'Suggestions' });
    await suggestions.getByRole('group', { name: 'Products' }).getByRole('option').first().waitFor();
    await page
      .getByRole('status')
      .filter({ hasText: /^\d+ suggestions$/ })
      .waitFor();
    await suggestions.getByRole('option', { name: /^Kitchen \d+ products$/ }).waitFor();
    await keyboard.keys('ArrowDown', 'Enter');
    await page.waitForURL('**/categories/kitchen');
    await keyboard.to('combobox', 'Search the shop', { back: true });
    await page.keyboard.type('ketle xqzwvk');
    await suggestions.getByRole('group', { name: 'Products without “xqzwvk”' }).waitFor();
    const corrected = suggestions.getByRole('group', { name: 'Did you mean' }).getByRole('option', { name: 'kettle' });
    await corrected.waitFor();
    await keyboard.keys('ArrowDown', 'Enter');
    await page.waitForURL('**/search?q=kettle');
    expect(complaints()).toEqual([]);
  });

  test('is searched without suggestions where these fail', async () => {
    const { page, complaints } = await harness.openVisit(desk, { to: '/' });
    await page.route('**/suggestions?*', (route) => route.fulfill({ status: 503, body: '{}' }));
    await keyboardOf(page).to('combobox', 'Search the shop');
    const refused = page.waitForResponse('**/suggestions?*');
    await page.keyboard.type('mug');
    await (await refused).finished();
    expect(await page.getByRole('listbox').count()).toBe(0);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/search?q=mug');
    await page.getByRole('link', { name: /€/ }).first().waitFor();
    expect(complaints([503])).toEqual([]);
  });

  test('is searched by a finger, on a telephone', async () => {
    const { page, context, complaints } = await harness.openVisit(telephone, { to: '/' });
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: true });
    const tap = async (target: Locator) => {
      const { x, y, width, height } = (await target.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
      const touchPoints = [{ x: x + width / 2, y: y + height / 2 }];
      await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
      await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    };
    await tap(page.getByRole('combobox', { name: 'Search the shop' }));
    await focusOn(page, 'combobox', 'Search the shop');
    await page.keyboard.type('kettl');
    const option = page.getByRole('option', { name: /Kettle/ }).first();
    await option.waitFor();
    await tap(option);
    await page.waitForURL('**/products/*');
    expect(complaints()).toEqual([]);
  });

  test('answers what was typed before it could suggest', async () => {
    const { page, complaints } = await harness.openVisit(desk, { to: '/' });
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

  test('has its filters behind a heading on a telephone', async () => {
    const { page, complaints } = await harness.openVisit(telephone, { to: '/search?q=mug' });
    const keyboard = keyboardOf(page);
    await focusOn(page, 'searchbox', 'Search the shop');
    for (const summary = page.locator('summary:focus'); (await summary.count()) === 0; ) await keyboard.keys('Tab');
    await keyboard.keys('Enter');
    await keyboard.choose('Sort by', 'Name');
    await page.waitForURL('**/search?q=mug&sort=title');
    expect(complaints()).toEqual([]);
  });

  test('shows all of a category, page by page, without losing the focus', async () => {
    const { page, complaints } = await harness.openVisit(desk, { to: '/' });
    const keyboard = keyboardOf(page);
    await keyboard.press('link', 'Gifts', { within: page.getByRole('navigation', { name: 'Categories' }) });
    await page.getByRole('heading', { name: 'Gifts' }).waitFor();
    const products = page.getByRole('listitem').filter({ hasText: '€' });
    await products.first().waitFor();
    await keyboard.to('link', /€/, { within: products.nth((await products.count()) - 1) });
    // The list grows as one comes near its end.
    await page.getByText(/^\d+ products$/).waitFor();
    await until(async () => (await products.count()) > 12, { what: 'the next page' });
    await keyboard.to('link', /€/, { within: products.last() });
    await keyboard.to('link', 'Everything');
    expect(complaints()).toEqual([]);
  });
});
