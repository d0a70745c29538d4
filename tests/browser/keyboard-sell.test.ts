import { expect, test } from 'vitest';
import { describeInBrowser, desk } from './browser.ts';
import { focusOn, focusWithin, keyboardOf } from './keyboard.ts';
import { openPageHarness } from './page-harness.ts';
import { type Api, apiAs, offer } from './shop.ts';
import { buy } from './staff.ts';

describeInBrowser("the seller's desk by the keyboard alone", () => {
  let customer: Api;
  const harness = openPageHarness(async (shop) => {
    customer = await apiAs(shop, 'customer');
  });
  const openVisit = async (to: string) => {
    const visitor = await harness.openVisit(desk, { as: 'seller', to });
    return { ...visitor, keyboard: keyboardOf(visitor.page) };
  };
  const read = async (id: string) => (await harness.shop.seller('GET', `/api/v1/products/${id}`)).body;

  test('offers a product; what is wrong with it has the focus', async () => {
    const { page, keyboard, complaints } = await openVisit('/sell');
    await keyboard.press('link', 'New product');
    await focusOn(page, 'main', '');
    await keyboard.write('Title', 'Keyed kettle');
    await keyboard.write('Description', 'Whistles.');
    await keyboard.write('Categories', 'kitchen');
    await keyboard.choose('Currency', 'GBP');
    const sku = `KEYED-${Date.now().toString(36).toUpperCase()}`;
    await keyboard.write('SKU of the new variant', sku);
    await keyboard.keys('Enter');
    await keyboard.to('textbox', 'Price in GBP', { back: true });
    await keyboard.write('Price in GBP', 'dear');
    await keyboard.write('Stock', '4', { role: 'spinbutton' });
    await keyboard.press('button', 'Publish');
    await page.getByText('Enter a price in GBP like 19.99').waitFor();
    await focusOn(page, 'textbox', 'Price in GBP');
    await keyboard.write('Price in GBP', '19.90');
    await keyboard.press('button', 'Publish');
    await page.getByRole('heading', { name: 'Keyed kettle' }).waitFor();
    await focusOn(page, 'main', '');
    expect(await read(page.url().split('/').at(-1) ?? '')).toMatchObject({
      variants: [{ sku, price: { amount: 1990, currency: 'GBP' }, available: 4 }],
    });
    expect(complaints()).toEqual([]);
  });

  test('finds a product, gives it a price and another variant, takes it off sale and puts it back', async () => {
    const { id } = await offer(harness.shop, { title: 'Keyed churn' });
    const { page, keyboard, complaints } = await openVisit('/sell');
    await keyboard.press('link', 'Products', { within: page.getByRole('navigation', { name: "Seller's desk" }) });
    await keyboard.write('Search your products', 'keyed churn', { role: 'searchbox' });
    await keyboard.keys('Enter');
    await page.waitForURL('**/sell/products?q=keyed+churn');
    await focusOn(page, 'searchbox', 'Search your products');
    await keyboard.press('link', 'Keyed churn');
    await keyboard.write('Price in EUR', '33');
    await keyboard.press('button', 'Save');
    await page.getByText('version 2').waitFor();
    // What was pressed is gone; the focus is still about here.
    await focusWithin(page.getByRole('main'));
    const sku = `KEYED-${Date.now().toString(36).toUpperCase()}`;
    await keyboard.write('SKU of the new variant', sku);
    await keyboard.keys('Enter');
    const variant = page.getByRole('region', { name: `Variant ${sku}` });
    await variant.waitFor();
    await keyboard.to('textbox', 'Price in EUR', { within: variant, back: true });
    await keyboard.write('Price in EUR', '12', { within: variant });
    await keyboard.write('Variant name', 'Small', { within: variant });
    await keyboard.press('button', 'Save');
    await page.getByText('version 3').waitFor();
    expect((await read(id)).variants.map((one: { price: { amount: number } }) => one.price.amount)).toEqual([
      3300, 1200,
    ]);
    await keyboard.press('button', 'Take off sale', { back: true });
    const question = page.getByRole('dialog', { name: 'Take “Keyed churn” off sale?' });
    await focusWithin(question);
    await keyboard.press('button', 'Take off sale', { within: question });
    await focusOn(page, 'button', 'Put back on sale');
    expect((await read(id)).status).toBe('archived');
    await keyboard.keys('Enter');
    await focusOn(page, 'button', 'Take off sale');
    expect(complaints()).toEqual([]);
  });

  test('chooses between two versions', async () => {
    const { id } = await offer(harness.shop, { title: 'Keyed pan' });
    const { page, keyboard, complaints } = await openVisit(`/sell/products/${id}`);
    await keyboard.write('Title', 'Keyed pan, mine');
    const headers = { 'if-match': '"1"' };
    await harness.shop.seller('PATCH', `/api/v1/products/${id}`, { headers, body: { title: 'Keyed pan, theirs' } });
    await keyboard.press('button', 'Save');
    await focusOn(page, 'heading', 'Someone else has changed this product');
    await keyboard.to('radio', /Your version/);
    await keyboard.keys('ArrowDown');
    await focusOn(page, 'radio', /Their version/);
    await keyboard.keys('ArrowUp');
    await keyboard.press('button', 'Save');
    await page.getByText('version 3').waitFor();
    await focusWithin(page.getByRole('main'));
    expect((await read(id)).title).toBe('Keyed pan, mine');
    expect(complaints([412])).toEqual([]);
  });

  test('adjusts a stock', async () => {
    const { id, sku } = await offer(harness.shop, { title: 'Keyed cup', stock: 9 });
    const { page, keyboard, complaints } = await openVisit(`/sell/products/${id}`);
    await keyboard.press('link', '9 available: stock and history');
    await focusOn(page, 'main', '');
    await keyboard.write('Units', '-3', { role: 'spinbutton' });
    await keyboard.write('Reason', 'Counted anew');
    await keyboard.keys('Enter');
    await page.getByRole('row').filter({ hasText: 'Counted anew' }).waitFor();
    await focusOn(page, 'textbox', 'Reason');
    await keyboard.to('region', 'Changes of the stock', { back: true });
    expect((await harness.shop.seller('GET', `/api/v1/stock/${sku}`)).body.onHand).toBe(6);
    expect(complaints()).toEqual([]);
  });

  test('sends an order with its tracking number, says that it arrived, gives money back, and takes a unit back', async () => {
    const { sku } = await offer(harness.shop, { title: 'Keyed spool' });
    const orderId = await buy(customer, [{ sku, quantity: 2 }]);
    const { page, keyboard, complaints } = await openVisit('/sell');
    await keyboard.press('link', 'Orders', { within: page.getByRole('navigation', { name: "Seller's desk" }) });
    const { number } = (await customer('GET', `/api/v1/orders/${orderId}`)).body;
    await keyboard.press('link', `Order ${number}`);
    await keyboard.press('button', /^Mark as sent/);
    const sending = page.getByRole('dialog', { name: /^Mark order .* as sent$/ });
    await focusWithin(sending);
    await keyboard.keys('Escape');
    await focusOn(page, 'button', /^Mark as sent/);
    await keyboard.keys('Enter');
    await keyboard.write('Carrier', 'Post', { within: sending });
    await keyboard.write('Tracking number', 'PARCEL-7', { within: sending });
    await keyboard.keys('Enter');
    await sending.waitFor({ state: 'detached' });
    await page.getByText('PARCEL-7').waitFor();
    await focusWithin(page.getByRole('main'));
    await keyboard.press('button', 'Mark as delivered');
    await page.getByText('Delivered', { exact: true }).waitFor();
    await keyboard.press('button', 'Refund');
    const refund = page.getByRole('dialog', { name: /^Refund order/ });
    await keyboard.to('radio', 'By units', { within: refund });
    await keyboard.keys('ArrowRight');
    await keyboard.write('Amount in EUR', '5', { within: refund });
    await keyboard.write('Reason', 'A knot in it', { within: refund });
    await keyboard.press('button', 'Refund €5.00', { within: refund });
    await refund.waitFor({ state: 'detached' });
    await focusOn(page, 'button', 'Refund');
    await page.getByText('A knot in it').waitFor();
    await keyboard.press('button', 'Goods came back');
    const back = page.getByRole('dialog', { name: /^Goods of order .* came back$/ });
    await focusWithin(back);
    await keyboard.write('Keyed spool', '1', { role: 'spinbutton', within: back });
    await keyboard.write('Reason', 'Too long', { within: back });
    await keyboard.to('checkbox', 'Put them back on sale', { within: back });
    await keyboard.keys('Space');
    await keyboard.press('button', /^Record 1 unit as returned, refund €\d/, { within: back });
    await back.waitFor({ state: 'detached' });
    await focusOn(page, 'button', 'Goods came back');
    await page.getByRole('listitem').filter({ hasText: 'Too long' }).getByText('not on sale').waitFor();
    const { body } = await customer('GET', `/api/v1/orders/${orderId}`);
    expect(body).toMatchObject({ status: 'delivered', lines: [{ returned: 1 }] });
    expect(body.refunded.amount).toBeGreaterThan(500);
    expect((await harness.shop.seller('GET', `/api/v1/stock/${sku}`)).body.onHand).toBe(8);
    expect(complaints()).toEqual([]);
  });
});
