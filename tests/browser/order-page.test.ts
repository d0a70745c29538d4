import { expect, test } from 'vitest';
import { describeInBrowser, telephone } from './browser.ts';
import { openPageHarness } from './page-harness.ts';
import { apiAs, offer, signIn } from './shop.ts';
import { buy } from './staff.ts';

describeInBrowser('the page of an order', () => {
  let order = '';
  const skus: string[] = [];
  const harness = openPageHarness(async (shop) => {
    for (const title of ['Blue jug', 'Green bowl', 'Red plate']) skus.push((await offer(shop, { title })).sku);
    order = await buy(
      await apiAs(shop, 'customer'),
      skus.map((sku) => ({ sku, quantity: 3 })),
    );
  });

  const line = (index: number, quantity: number) => [{ sku: skus[index] ?? '', quantity }];
  const handle = async (what: 'fulfilments' | 'refunds' | 'returns', body: object, id = order) => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const answer = await harness.shop.seller('POST', `/api/v1/orders/${id}/${what}`, { body, headers });
    expect(answer.status).toBe(201);
  };

  test('shows each parcel as it is sent, and what is paid back, without being loaded again', async () => {
    const visitor = await harness.openVisit(telephone);
    const { page } = visitor;
    await signIn(page, 'customer', `/orders/${order}`);
    await page.getByText('Live', { exact: true }).waitFor();
    await handle('fulfilments', { lines: line(0, 2), carrier: 'DHL', trackingNumber: '0034 0434 1612 3456 7890' });
    const parcels = page.getByRole('region', { name: 'Parcels' }).getByRole('listitem');
    await parcels.filter({ hasText: 'Sent with DHL' }).waitFor();
    const link = page.getByRole('link', { name: /0034 0434 1612 3456 7890/ });
    expect(await link.getAttribute('href')).toMatch(/^https:\/\/www\.dhl\.com\/.*00340434161234567890/);
    expect(await link.getAttribute('rel')).toContain('noreferrer');
    await handle('fulfilments', { lines: line(1, 3), carrier: 'Pigeon & Sons', trackingNumber: 'P 17' });
    const second = parcels.filter({ hasText: 'Parcel 2 of 2 with Pigeon & Sons' });
    await second.getByText('P 17').waitFor();
    await second.getByText('3 × Green bowl').waitFor();
    expect(await second.getByRole('link').count()).toBe(0);
    await handle('refunds', { lines: line(0, 1), reason: 'One was chipped' });
    const refunds = page.getByRole('region', { name: 'Refunds' });
    await refunds.getByText('One was chipped').waitFor();
    await refunds.getByText('1 × Blue jug').waitFor();
    await page.getByText('2 of 3 sent, 1 cancelled and paid back').waitFor();
    await page.getByText('Part of it has left').waitFor();
    expect(visitor.complaints()).toEqual([]);
  });

  test('shows what comes back after all was paid back', async () => {
    const another = await buy(await apiAs(harness.shop, 'customer'), line(0, 2));
    await handle('fulfilments', { lines: line(0, 2) }, another);
    await handle('refunds', { reason: 'Broken on the way' }, another);
    const visitor = await harness.openVisit(telephone);
    const { page } = visitor;
    await signIn(page, 'customer', `/orders/${another}`);
    await page.getByRole('region', { name: 'Refunds' }).getByText('Broken on the way').waitFor();
    for (const [quantity, text] of [
      [1, '1 × Blue jug'],
      [1, 'It came later'],
    ] as const) {
      await handle('returns', { lines: line(0, quantity), reason: text }, another);
      await page.getByRole('region', { name: 'Returns' }).getByText(text).first().waitFor();
    }
    // Nothing more can happen: the stream has ended, and that is no lost connection.
    expect(visitor.complaints()).toEqual([]);
  });

  test('prints on one page: all that it says, and nothing to press', async () => {
    const visitor = await harness.openVisit(telephone);
    const { page } = visitor;
    await signIn(page, 'customer', `/orders/${order}`);
    await page.getByText('Blue jug').first().waitFor();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const isShown = (text: string) => page.getByText(text).locator('visible=true').first().isVisible();
    const { number } = (await harness.shop.seller('GET', `/api/v1/orders/${order}`)).body;
    for (const text of [number, 'Blue jug', 'Green bowl', '3 × €20.00', '€180.00', 'Hamburg', 'Placed', 'Payment']) {
      expect([text, await isShown(text)]).toEqual([text, true]);
    }
    for (const pressed of ['button', 'nav', 'footer', '[data-state="ahead"]', 'main img']) {
      expect([pressed, await page.locator(pressed).locator('visible=true').count()]).toEqual([pressed, 0]);
    }
    // Each page of a PDF is an object of that type.
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  });
});
