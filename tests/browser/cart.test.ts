import { sendRequest } from '@tradepost/testing/shopper';
import { until } from '@tradepost/testing/until';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser, desk, telephone } from './browser.ts';
import { cartLabel, seenSoFar, settled, watchCart } from './cart-button.ts';
import { openPageHarness } from './page-harness.ts';
import { fillAddress, putIntoCart, signUpForCheckout } from './shop.ts';

/** Holds back what the page asks about carts until it is let go; answers how to let go. */
async function hold(page: Page, methods: readonly string[]): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/api/v1/carts**', async (route) => {
    if (methods.includes(route.request().method())) await released;
    // The page may have given it up meanwhile.
    await route.continue().catch(() => undefined);
  });
  // The route stays: taking it away while requests are in it loses some of them.
  return release;
}

describeInBrowser('the cart on a slow line', () => {
  const harness = openPageHarness();

  test('shows what was put in from the click on, and never less', async () => {
    const visitor = await harness.openVisit(telephone, { to: '/products/storm-lantern' });
    const { page } = visitor;
    await settled(page);
    await watchCart(page);
    for (const count of ['Cart, 1 item', 'Cart, 2 items']) {
      const letGo = await hold(page, ['POST', 'PUT']);
      await page.getByRole('button', { name: 'Add to cart' }).click();
      await page.getByRole('dialog').getByText('Storm Lantern').first().waitFor();
      await cartLabel(page, count).waitFor({ state: 'attached' });
      await page.evaluate('dispatchEvent(new StorageEvent("storage", { key: "tradepost.cart-changed" }))');
      await settled(page);
      letGo();
      await settled(page);
      await page.keyboard.press('Escape');
    }
    expect(await seenSoFar(page)).toEqual({ labels: ['Cart, 0 items', 'Cart, 1 item', 'Cart, 2 items'], empty: 0 });
    expect(visitor.complaints()).toEqual([]);
  });

  test('adds to what it holds, although that is not known yet', async () => {
    const visitor = await harness.openVisit(desk);
    const { page } = visitor;
    await putIntoCart(page, 'storm-lantern');
    await settled(page);
    const letGo = await hold(page, ['GET']);
    await page.goto('/products/storm-lantern');
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await page.getByRole('dialog').getByText('Storm Lantern').first().waitFor();
    letGo();
    await cartLabel(page, 'Cart, 2 items').waitFor({ state: 'attached' });
    await settled(page);
    await page.reload();
    await page.getByRole('button', { name: 'Cart, 2 items' }).waitFor();
    expect(visitor.complaints()).toEqual([]);
  });

  test('keeps changes in a row, in their order, with any reload between them', async () => {
    const { page } = await harness.openVisit(desk);
    await putIntoCart(page, 'soy-candle');
    await settled(page);
    await watchCart(page);
    const letGo = await hold(page, ['PUT']);
    for (const quantity of ['2', '3', '4']) {
      await page.getByLabel(/^Quantity of/).selectOption(quantity);
      await page.evaluate('dispatchEvent(new StorageEvent("storage", { key: "tradepost.cart-changed" }))');
    }
    const last = page.waitForResponse(
      (response) => response.request().method() === 'PUT' && response.request().postDataJSON()?.quantity === 4,
    );
    letGo();
    await last;
    const { labels } = await seenSoFar(page);
    expect(labels).toEqual(['Cart, 1 item', 'Cart, 2 items', 'Cart, 3 items', 'Cart, 4 items']);
    await page.reload();
    await page.getByRole('button', { name: 'Cart, 4 items' }).waitFor();
  });

  test('is one cart for two tabs that begin it at the same time', async () => {
    const visitor = await harness.openVisit(desk);
    const [one, other] = [visitor.page, await visitor.tab()];
    await one.goto('/products/storm-lantern');
    await other.goto('/products/oak-wall-clock');
    const letGo = await Promise.all([hold(one, ['POST']), hold(other, ['POST'])]);
    for (const page of [one, other]) {
      await page.getByRole('button', { name: 'Add to cart' }).click();
      await page.getByRole('dialog').getByRole('listitem').first().waitFor();
    }
    for (const go of letGo) go();
    for (const page of [one, other]) await cartLabel(page, 'Cart, 2 items').waitFor({ state: 'attached' });
  });

  test('is ordered with the change that was still under way', async () => {
    const visitor = await harness.openVisit(desk);
    const { page } = visitor;
    await putIntoCart(page, 'oak-wall-clock');
    await signUpForCheckout(page);
    await page.getByRole('button', { name: 'Place the order' }).waitFor();
    await fillAddress(page);
    const letGo = await hold(page, ['PUT']);
    await page.getByLabel(/^Quantity of/).selectOption('2');
    await page.getByRole('button', { name: 'Place the order' }).click();
    letGo();
    await page.waitForURL('**/orders/*');
    await page.getByText(/^2 × /).waitFor();
    expect(visitor.complaints()).toEqual([]);
  });
});

describeInBrowser('a change that is shown before the shop has answered', () => {
  const harness = openPageHarness();

  test('a session that is being ended does not come back while another one is', async () => {
    // An account of its own: other files sign in as those of the demo meanwhile.
    const { page } = await harness.openVisit(desk);
    const body = { email: await signUpForCheckout(page), password: 'a long enough secret' };
    for (let more = 0; more < 2; more++)
      await sendRequest({ gatewayUrl: harness.shop.url }, 'POST', '/api/v1/auth/sign-in/email', { body });
    await page.goto('/account');
    const others = page.getByRole('button', { name: /^End the session/ });
    await until(async () => (await others.count()) === 2, { what: 'two other sessions' });
    await page.evaluate(`
      globalThis.counts = [];
      new MutationObserver(() => counts.push(document.querySelectorAll('[aria-label^="End the session"]').length))
        .observe(document.body, { subtree: true, childList: true });
    `);
    await others.first().click();
    await others.first().click();
    await settled(page);
    await until(async () => (await others.count()) === 0, { what: 'both to be gone' });
    const counts = await page.evaluate<number[]>('counts');
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
  });
});
