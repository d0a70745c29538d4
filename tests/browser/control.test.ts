import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { afterAll, expect, test } from 'vitest';
import { violationsInEveryLook } from './axe.ts';
import { describeInBrowser, desk, type Look, telephone } from './browser.ts';
import { type DeadLetters, openDeadLetters } from './dead-letters.ts';
import { openPageHarness } from './page-harness.ts';
import { type Api, apiAs, signIn } from './shop.ts';
import { buy } from './staff.ts';

describeInBrowser('the control room', () => {
  let letters: DeadLetters;
  let orderId: string;
  const harness = openPageHarness(async (shop) => {
    letters = await openDeadLetters(shop);
    orderId = await buy(await apiAs(shop, 'customer'), [
      { sku: 'MUG-MOSS', quantity: 2 },
      { sku: 'NOTEBOOK-FOREST', quantity: 1 },
    ]);
  });
  afterAll(() => letters?.close());
  const openVisit = (look: Look, to: string) => harness.openVisit(look, { as: 'admin', to });

  test('shows what passes and what waits, in words beside the charts', async () => {
    const visitor = await openVisit(desk, '/control');
    const { page } = visitor;
    const order = page.getByRole('article', { name: /Carts and orders/ });
    // Until the first sample is over, nothing has passed.
    await until(async () => (await order.getByText(/p50 .* p99 /).count()) === 1, {
      what: 'the traffic to be told',
    });
    // What draws is loaded after what tells.
    await until(async () => (await order.locator('canvas').count()) === 2, { what: 'both charts to be drawn' });
    await order.getByText('Show as table').first().click();
    await order.getByRole('columnheader', { name: 'failed' }).waitFor();
    await page.getByRole('figure', { name: 'Orders per minute' }).waitFor();
    await page.getByRole('row', { name: /^product healthy/ }).waitFor();
    await page.getByRole('radio', { name: '1 day' }).check();
    await order.getByText(/p50 .* p99 /).waitFor();
    await page.goBack();
    await until(() => page.getByRole('radio', { name: '15 min' }).isChecked(), { what: 'the time range from before' });
    expect(visitor.complaints()).toEqual([]);
  });

  test('shows the way of an order through the services, with messages, stock and its one trace', async () => {
    const visitor = await openVisit(telephone, '/control/orders');
    const { page } = visitor;
    await page.locator(`main a[href$="${orderId}"]`).click();
    const way = page.getByRole('list').filter({ hasText: 'payment captured' });
    for (const step of [
      /POST \/api\/v1\/orders 201/,
      /placed pending/,
      /order\.placed\.v1 processed after/,
      /stock reserved.*2 × MUG-MOSS/,
      /stock\.reserved\.v1 processed after/,
      /payment captured confirmed/,
      /order\.confirmed\.v1 processed after/,
      /reserved stock sold/,
    ]) {
      await way.getByRole('listitem').filter({ hasText: step }).waitFor();
    }
    const traces = await way
      .getByRole('button', { name: /^Copy the id of the trace/ })
      .evaluateAll((buttons) => [...new Set(buttons.map((button) => button.title))]);
    expect(traces).toHaveLength(1);
    expect(visitor.complaints()).toEqual([]);
  });

  test('finds changes in the audit trail by who made them and where, page by page', async () => {
    const visitor = await openVisit(desk, '/control/audit');
    const { page } = visitor;
    await page.getByLabel('Path begins with').fill('/api/v1/orders');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.waitForURL('**/control/audit?path=%2Fapi%2Fv1%2Forders');
    const rows = page.getByRole('row').filter({ hasText: /POST|GET|PUT/ });
    await until(async () => {
      const texts = await rows.allInnerTexts();
      return texts.length > 0 && texts.every((text) => text.includes('/api/v1/orders'));
    });
    await page.goto('/control/audit?from=2026-02-02T00:00&to=2026-02-01T00:00');
    await page.getByText('This is before the beginning').waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.waitForURL('**/control/audit');
    expect(await page.getByLabel('From').inputValue()).toBe('');
    await page.getByRole('row').filter({ hasText: 'sign-in/email' }).first().waitFor();
    expect(visitor.complaints()).toEqual([]);
  });

  test('is accessible on every page, on a telephone and on a desk, in light and in dark', async () => {
    await letters.park(uuidv7());
    await addPricingRules(await harness.api('admin'));
    const visitor = await openVisit(desk, '/control');
    const { page } = visitor;
    await page.getByRole('row', { name: /^product/ }).waitFor();
    await page.locator('canvas').first().waitFor();
    const seen: Record<string, string[]> = { '/control': await violationsInEveryLook(page) };
    const pages: [string, string][] = [
      ['/control/orders', 'Order number'],
      [`/control/orders/${orderId}`, 'payment captured'],
      ['/control/dead-letters?service=product', 'Inspect'],
      ['/control/audit', 'sign-in/email'],
      ['/control/accounts?role=seller', 'seller@tradepost.example'],
      ['/control/pricing', 'Near and far'],
      ['/control/pricing/taxes', 'Tax class of shipping'],
      ['/control/pricing/promotions?q=axe', 'For the axe'],
      ['/control/pricing/shop', 'VAT id of the shop'],
      ['/control/invoices', 'No invoices are issued'],
      ['/control/nowhere', 'page not found'],
    ];
    for (const [path, text] of pages) {
      await page.goto(path);
      await page.getByText(text).first().waitFor();
      seen[path] = await violationsInEveryLook(page);
    }
    const forms: [string, string][] = [
      ['/control/pricing', 'Add zone'],
      ['/control/pricing', 'Add method to Near and far'],
      ['/control/pricing/taxes', 'Add tax rate'],
      ['/control/pricing/promotions', 'Add promotion'],
    ];
    for (const [path, button] of forms) {
      await page.goto(path);
      await page.getByRole('button', { name: button }).first().click();
      await page.getByRole('dialog').waitFor();
      seen[button] = await violationsInEveryLook(page);
    }
    expect(Object.values(seen).flat()).toEqual([]);
    expect(Object.keys(seen)).toHaveLength(16);
    expect(visitor.complaints()).toEqual([]);
  });

  test('is closed to everybody who is no operator, and says when its services are unavailable', async () => {
    const { page } = await harness.openVisit(desk, { to: '/control' });
    await page.getByRole('heading', { name: 'Sign in as an operator' }).waitFor();
    await signIn(page, 'seller', '/control');
    await page.getByRole('heading', { name: 'For operators only' }).waitFor();
    const visitor = await openVisit(desk, '/control');
    const again = visitor.page;
    await again.getByText('Orders by status').waitFor();
    await again.route('**/api/v1/**', (route) => route.abort());
    await again.getByText('Some figures are out of date').waitFor();
    // What was known is still told.
    await again.getByText('Orders by status').waitFor();
    await again.getByRole('radio', { name: '6 hours' }).check();
    const sales = again.getByRole('alert').filter({ hasText: 'Sales cannot be shown' });
    await sales.waitFor();
    await again.unroute('**/api/v1/**');
    await sales.getByRole('button', { name: 'Try again' }).click();
    await again.getByText('Orders by status').waitFor();
    expect(visitor.complaints().filter((text) => !text.includes('ERR_FAILED'))).toEqual([]);
  });
});

/** Rules that show all columns of their tables. No order of another test meets them: the method is not offered, the code is secret. */
async function addPricingRules(admin: Api): Promise<void> {
  const zoneId = uuidv7();
  const put = async (path: string, body: object) => {
    const { status } = await admin('PUT', `/api/v1/admin/order/${path}`, { body });
    expect([path, status]).toEqual([path, 201]);
  };
  await put(`shipping-zones/${zoneId}`, { name: 'Near and far', countries: ['AQ', 'BV', 'HM'] });
  await put(`shipping-methods/${uuidv7()}`, {
    ...{ zoneId, name: 'Ship', deliveryTime: '2 to 4 months', position: 1, currency: 'EUR', basis: 'weight' },
    ...{
      tiers: [
        { upTo: 1000, price: 490 },
        { upTo: null, price: 990 },
      ],
      freeFrom: 5000,
      active: false,
    },
  });
  const rate = { name: 'Antarctic tax', country: 'AQ', region: 'South', taxClass: 'standard', ratePercent: 8.875 };
  await put(`tax-rates/${uuidv7()}`, { ...rate, validFrom: '2026-01-01T00:00:00Z' });
  await put(`promotions/${uuidv7()}`, {
    ...{ name: 'For the axe', code: uuidv7(), benefit: { type: 'buy_x_get_y', buy: 2, get: 1, percent: 50 } },
    ...{ minimum: { amount: 2000, currency: 'EUR' }, categories: ['kitchen'], firstOrder: true, combinable: false },
    ...{ endsAt: '2099-01-01T00:00:00Z', limitTotal: 10 },
  });
}
