import { until } from '@tradepost/testing/until';
import { expect, test } from 'vitest';
import { violationsInEveryLook } from './axe.ts';
import { describeInBrowser, desk, type Look, telephone } from './browser.ts';
import { openPageHarness } from './page-harness.ts';
import { type Api, apiAs, offer, signIn } from './shop.ts';
import { address, buy, hostile, isInert } from './staff.ts';

describeInBrowser("the seller's desk", () => {
  let customer: Api;
  const harness = openPageHarness(async (shop) => {
    customer = await apiAs(shop, 'customer');
  });
  const openVisit = (look: Look, to: string) => harness.openVisit(look, { as: 'seller', to });

  test('shows what anybody wrote as text, and nothing of it runs', async () => {
    const { id, sku } = await offer(harness.shop, {
      title: hostile.slice(0, 200),
      more: { description: hostile, media: [{ url: '/media/demo/knitted-gloves.svg', alt: hostile }] },
    });
    await harness.shop.seller('POST', `/api/v1/stock/${sku}/adjustments`, { body: { delta: 1, reason: hostile } });
    const to = { ...address, name: hostile, line1: hostile, line2: hostile, city: hostile.slice(0, 100) };
    const orderId = await buy(customer, [{ sku, quantity: 1 }], to);
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const parcel = { carrier: hostile.slice(0, 100), trackingNumber: hostile.slice(0, 100) };
    await harness.shop.seller('POST', `/api/v1/orders/${orderId}/fulfilments`, { body: parcel, headers });
    await harness.shop.seller('POST', `/api/v1/orders/${orderId}/refunds`, {
      body: { amount: 1, reason: hostile },
      headers,
    });
    const { page } = await openVisit(telephone, '/sell');
    const pages = [
      '/sell',
      `/sell/products?q=${encodeURIComponent(hostile)}`,
      `/sell/products/${id}`,
      `/sell/products/${id}/stock/${sku}`,
      '/sell/orders?state=sent',
      `/sell/orders/${orderId}`,
    ];
    for (const path of pages) {
      await page.goto(path);
      await page
        .getByText(/onerror/)
        .or(page.locator('input[value*="onerror"]'))
        .first()
        .waitFor()
        .catch((cause) => {
          throw new Error(`Nothing hostile is shown on ${path}`, { cause });
        });
      expect(await isInert(page)).toBe(true);
    }
    const operator = await harness.openVisit(desk, { as: 'admin', to: `/control/orders/${orderId}` });
    await operator.page.getByText('lines fulfilled').waitFor();
    await operator.page
      .getByText(/onerror/)
      .first()
      .waitFor();
    expect(await isInert(operator.page)).toBe(true);
    await operator.page.goto(`/control/orders/${encodeURIComponent('<img src=x onerror=globalThis.pwned=1>')}`);
    await operator.page.getByRole('heading', { level: 1 }).waitFor();
    expect(await isInert(operator.page)).toBe(true);
  });

  test('is accessible on every page, on a telephone and on a desk, in light and in dark', async () => {
    const { id, sku } = await offer(harness.shop, { title: 'Plain plate', stock: 2 });
    const orderId = await buy(customer, [{ sku, quantity: 1 }]);
    const visitor = await openVisit(desk, '/sell');
    const { page } = visitor;
    await page.getByText('Low stock').first().waitFor();
    const seen: Record<string, string[]> = { '/sell': await violationsInEveryLook(page) };
    const pages: [string, string][] = [
      ['/sell/products', 'available'],
      ['/sell/products/new', 'SKU of the new variant'],
      [`/sell/products/${id}`, 'stock and history'],
      [`/sell/products/${id}/stock/${sku}`, 'first stock'],
      ['/sell/orders', 'Plain plate'],
      [`/sell/orders/${orderId}`, 'Nothing has been sent yet'],
    ];
    for (const [path, text] of pages) {
      await page.goto(path);
      await page.getByText(text).first().waitFor();
      seen[path] = await violationsInEveryLook(page);
    }
    await page.getByRole('button', { name: /^Mark as sent/ }).click();
    await page.getByRole('dialog').waitFor();
    seen.dialog = await violationsInEveryLook(page);
    expect(Object.values(seen).flat()).toEqual([]);
    expect(visitor.complaints()).toEqual([]);
  });

  test('is closed to shoppers, and says when the catalogue is unavailable', async () => {
    const guest = await harness.openVisit(telephone, { to: '/sell' });
    await guest.page.getByRole('heading', { name: 'Sign in to sell' }).waitFor();
    await signIn(guest.page, 'customer', '/sell');
    await guest.page.getByRole('heading', { name: 'Your account is not a seller account' }).waitFor();
    const visitor = await openVisit(telephone, '/sell/orders');
    const again = visitor.page;
    await again.route('**/api/v1/products**', (route) => route.fulfill({ status: 503, json: { code: 'unavailable' } }));
    await again.getByRole('link', { name: 'Products', exact: true }).click();
    await again.getByText('Your products cannot be shown').waitFor();
    await again.unroute('**/api/v1/products**');
    await again.getByRole('button', { name: 'Try again' }).click();
    await until(async () => (await again.getByRole('listitem').filter({ hasText: 'available' }).count()) > 0);
    expect([...guest.complaints(), ...visitor.complaints([503])]).toEqual([]);
  });
});
