import { expect, test } from 'vitest';
import { describeInBrowser, desk, type Look, telephone } from './browser.ts';
import { openPageHarness } from './page-harness.ts';
import { type Api, apiAs, demoPassword, offer, signIn } from './shop.ts';
import { buy } from './staff.ts';

describeInBrowser("the seller's desk", () => {
  let customer: Api;
  const harness = openPageHarness(async (shop) => {
    customer = await apiAs(shop, 'customer');
  });
  const openVisit = (look: Look, to: string) => harness.openVisit(look, { as: 'seller', to });
  const read = async (id: string) => (await harness.shop.seller('GET', `/api/v1/products/${id}`)).body;

  // Long: one story, step by step
  test('offers a product, and edits it while another tab does: both versions are shown, and one is chosen', async () => {
    const visitor = await openVisit(desk, '/sell/products/new');
    const { page } = visitor;
    await page.getByLabel('Title').fill('Pewter jug');
    await page.getByLabel('Description').fill('Holds a litre.');
    await page.getByLabel('Categories').fill('Kitchen, jugs');
    await page.getByLabel('SKU of the new variant').fill('JUG-PEWTER');
    await page.getByRole('button', { name: 'Add variant' }).click();
    const variant = page.getByRole('region', { name: 'Variant JUG-PEWTER' });
    await variant.getByLabel('Price in EUR').fill('19,999');
    await variant.getByLabel('Stock').fill('7');
    await variant.getByLabel('Weight in grams').fill('850');
    await page.getByLabel('Tax class').selectOption('Reduced');
    await page.getByLabel('Digital: nothing is sent').check();
    await page.getByRole('button', { name: 'Publish' }).click();
    await variant.getByText('Enter a price in EUR like 19.99').waitFor();
    await variant.getByLabel('Price in EUR').fill('19,90');
    await variant.getByLabel('Attributes').fill('pewter');
    await page.getByRole('button', { name: 'Publish' }).click();
    await variant.getByText(/Write “pewter” as a name and a value/).waitFor();
    await variant.getByLabel('Attributes').fill('made_of: pewter, mostly');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('heading', { name: 'Pewter jug' }).waitFor();
    const id = page.url().split('/').at(-1) ?? '';
    expect(await read(id)).toMatchObject({
      ...{ categories: ['kitchen', 'jugs'], taxClass: 'reduced', digital: true },
      variants: [
        {
          ...{ sku: 'JUG-PEWTER', price: { amount: 1990, currency: 'EUR' }, available: 7, weightGrams: 850 },
          attributes: { made_of: 'pewter, mostly' },
        },
      ],
    });

    const other = await visitor.tab();
    await other.goto(`/sell/products/${id}`);
    await other.getByLabel('Title').fill('Pewter jug, polished');
    await other.getByLabel('Description').fill('Holds a litre, and shines.');
    await other.getByRole('button', { name: 'Save' }).click();
    await other.getByText('version 2').waitFor();

    await page.getByLabel('Title').fill('Pewter jug, hammered');
    await page.getByLabel('Digital: nothing is sent').uncheck();
    await variant.getByLabel('Weight in grams').fill('900');
    await variant.getByLabel('Price in EUR').fill('24.50');
    await page.getByRole('button', { name: 'Save' }).click();
    const conflict = page.getByRole('region', { name: 'Someone else has changed this product' });
    const title = conflict.getByRole('group', { name: 'Title' });
    await title.getByText('Pewter jug, hammered').waitFor();
    await title.getByText('Pewter jug, polished').click();
    await conflict.getByText(/Changed by them only, and kept: Description/).waitFor();
    expect((await read(id)).version).toBe(2);
    await conflict.getByRole('button', { name: 'Save' }).click();
    await page.getByText('version 3').waitFor();
    expect(await read(id)).toMatchObject({
      title: 'Pewter jug, polished',
      description: 'Holds a litre, and shines.',
      ...{ taxClass: 'reduced', digital: false },
      variants: [{ price: { amount: 2450 }, weightGrams: 900 }],
    });
    await page.getByLabel('Description').fill('Not saved yet');
    await page.getByRole('button', { name: 'Take off sale' }).first().click();
    const question = page.getByRole('dialog', { name: /^Take “Pewter jug, polished” off sale/ });
    await question.getByText('1 variant, 7 units available').waitFor();
    await question.getByRole('button', { name: 'Take off sale' }).click();
    await page.getByRole('button', { name: 'Put back on sale' }).waitFor();
    expect(await page.getByLabel('Description').inputValue()).toBe('Not saved yet');
    expect((await read(id)).description).toBe('Holds a litre, and shines.');
    page.once('dialog', (leaving) => leaving.dismiss());
    await page.getByRole('link', { name: 'Orders', exact: true }).click();
    expect(await page.getByLabel('Description').inputValue()).toBe('Not saved yet');
    page.once('dialog', (leaving) => leaving.accept());
    await page.goto('/sell/products?state=archived');
    await page.getByRole('link', { name: 'Pewter jug, polished' }).waitFor();
    expect(visitor.complaints([412])).toEqual([]);
  });

  test('adjusts a stock, and reads how it came to be what it is', async () => {
    const { id, sku } = await offer(harness.shop, { title: 'Tin cup', stock: 9 });
    await buy(customer, [{ sku, quantity: 2 }]);
    const visitor = await openVisit(telephone, `/sell/products/${id}/stock/${sku}`);
    const { page } = visitor;
    await page.getByLabel('Units').fill('-8');
    await page.getByLabel('Reason').fill('Counted anew');
    await page.getByRole('button', { name: 'Adjust stock' }).click();
    await page.getByText('Of 7 on hand, 0 are held for orders').waitFor();
    await page.getByLabel('Units').fill('-3');
    await page.getByRole('button', { name: 'Adjust stock' }).dblclick();
    const rows = page.getByRole('table', { name: 'Changes of the stock' }).getByRole('row');
    await rows.filter({ hasText: 'Counted anew' }).waitFor();
    expect(await rows.allInnerTexts()).toMatchObject([
      expect.stringMatching(/Time/),
      expect.stringMatching(/adjusted by you[\s\S]*-3\s+4/),
      expect.stringMatching(/sold, (order|T-\d+)[\s\S]*-2\s+7/),
      expect.stringMatching(/first stock[\s\S]*\+9\s+9/),
    ]);
    await page.getByRole('figure', { name: 'On hand' }).getByText('now 4, lowest 4, highest 9').waitFor();
    expect((await harness.shop.seller('GET', `/api/v1/stock/${sku}`)).body.onHand).toBe(4);
    // The desk lists the scarcest variants only, and the shared shop has many: the list is made long enough for all of them.
    await page.route('**/api/v1/stock?*', (route) => {
      const url = new URL(route.request().url());
      url.searchParams.set('limit', '100');
      return route.continue({ url: url.href });
    });
    await page.goto('/sell');
    await page.getByRole('link', { name: 'Tin cup' }).first().waitFor();
    expect(visitor.complaints([409])).toEqual([]);
  });

  test('sends an order in two parcels, says that it arrived, and gives money back', async () => {
    const { sku } = await offer(harness.shop, { title: 'Spool of twine' });
    const orderId = await buy(customer, [{ sku, quantity: 3 }]);
    const visitor = await openVisit(desk, `/sell/orders/${orderId}`);
    const { page } = visitor;
    const send = async (units: string, tracking: string) => {
      await page.getByRole('button', { name: /^Mark as sent/ }).click();
      const dialog = page.getByRole('dialog', { name: /^Mark order .* as sent$/ });
      await dialog.getByLabel('Spool of twine').fill(units);
      await dialog.getByLabel('Carrier').fill('Post');
      await dialog.getByLabel('Tracking number').fill(tracking);
      await dialog.getByRole('button', { name: /^Mark \d units? as sent$/ }).click();
      await dialog.waitFor({ state: 'detached' });
      await page.getByText(tracking).waitFor();
    };
    await send('2', 'PARCEL-1');
    await send('1', 'PARCEL-2');
    await page.getByRole('button', { name: 'Mark as delivered' }).click();
    await page.getByText('Delivered', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Refund' }).click();
    const dialog = page.getByRole('dialog', { name: /^Refund order/ });
    await dialog.getByLabel('Reason').fill('One was frayed');
    await dialog.getByRole('button', { name: 'Refund', exact: true }).click();
    await dialog.getByText('Choose at least one unit').waitFor();
    await dialog.getByLabel('Spool of twine').fill('1');
    await dialog.getByRole('button', { name: 'Refund €20.00' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText(`€20.00 for 1 × ${sku}`).waitFor();
    await page.getByText('One was frayed').waitFor();
    const { body } = await customer('GET', `/api/v1/orders/${orderId}`);
    expect(body).toMatchObject({ status: 'delivered', refunded: { amount: 2000 } });
    expect(visitor.complaints()).toEqual([]);
  });

  test('keeps what is written when the session ends: in a dialog, and on a page, signed in again here or in another tab', async () => {
    const { id, sku } = await offer(harness.shop, { title: 'Bone folder' });
    const orderId = await buy(customer, [{ sku, quantity: 1 }]);
    const { number } = (await customer('GET', `/api/v1/orders/${orderId}`)).body;
    const visitor = await openVisit(telephone, '/sell/orders');
    const { page, context } = visitor;
    const again = page.getByRole('dialog', { name: 'Sign in again' });
    await page.getByRole('button', { name: new RegExp(`^Mark as sent.*${number}`) }).click();
    await page.getByLabel('Tracking number').fill('WRITTEN-ONCE');
    // The next answer has the order no more: on another page of the list, or sent by somebody else.
    await page.route('**/api/v1/orders?*', (route) => route.fulfill({ json: { items: [], nextCursor: null } }));
    await page.evaluate("dispatchEvent(new Event('visibilitychange'))");
    await page.getByText('No orders to send').waitFor({ state: 'attached' });
    await context.clearCookies();
    await page.getByRole('button', { name: 'Mark 1 unit as sent' }).click();
    await again.getByText('Your session has ended').click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await again.getByLabel(/^Password of/).fill(demoPassword);
    await again.getByRole('button', { name: 'Sign in', exact: true }).click();
    await again.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Mark 1 unit as sent' }).click();
    await page.getByText('1 unit marked as sent').waitFor();

    await page.goto(`/sell/products/${id}`);
    await page.getByLabel('Title').fill('Bone folder, polished');
    await context.clearCookies();
    await page.getByRole('button', { name: 'Save' }).click();
    await again.waitFor();
    const other = await visitor.tab();
    await signIn(other, 'seller', '/sell');
    await again.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('version 2').waitFor();
    // Whoever signs out leaves the page, in every tab.
    await page.getByLabel('Title').fill('Bone folder, oiled');
    await other.goto('/account');
    await other.getByLabel('Name of the key').fill(sku);
    // Both clicks come before the page has drawn anything of the first.
    await other.evaluate(`
      const create = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Create an API key');
      create.click();
      create.click();
    `);
    await other.getByText('It is shown this once').waitFor();
    const { items: keys } = (await harness.shop.seller('GET', '/api/v1/auth/api-keys?limit=50')).body;
    expect(keys.filter(({ name }: { name: string }) => name === sku)).toHaveLength(1);
    await other.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to sell' }).waitFor();
    expect(await again.count()).toBe(0);
    expect(visitor.complaints([401])).toEqual([]);
  });
});
