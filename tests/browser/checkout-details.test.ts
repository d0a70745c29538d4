import { randomBytes, randomUUID } from 'node:crypto';
import { sendRequest } from '@tradepost/testing/shopper';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type JsonServer, serveJson } from '../../services/order/test/json-server.ts';
import { violationsInBothSchemes } from './axe.ts';
import { describeInBrowser, desk, type Look, type Visitor, visit } from './browser.ts';
import { connectToBrowser } from './chromium.ts';
import { focusOn, type Keyboard, keyboardOf } from './keyboard.ts';
import { forEveryWidth } from './page-harness.ts';
import { apiAs, type DemoShop, offer, openDemoShop, putIntoCart, signIn } from './shop.ts';

const settings = {
  ...{ country: 'DE', vatId: 'DE136695976', reverseCharge: true },
  ...{ termsUrl: 'https://shop.example/terms', minimumAge: 18 },
  ...{ legalName: 'Tradepost GmbH', addressLines: ['Quay 1', '20457 Hamburg'], invoiceNote: 'HRB 123456' },
};
const vienna = { name: 'Grace Hopper', line1: 'Ring 1', city: 'Wien', postalCode: '1010', country: 'AT' };
const note = 'Ring twice.\nLeave it at the door.';
const giftNote = 'Happy birthday!\n— Grace';

describeInBrowser('what a shopper tells at checkout, in a shop with terms, a minimum age and reverse charge', () => {
  let vies: JsonServer;
  let shop: DemoShop;
  let browser: Browser;
  let visitors: Visitor[] = [];
  beforeAll(async () => {
    vies = await serveJson(() => ({ body: { valid: true, requestIdentifier: 'WAPIAAAAX' } }));
    [shop, browser] = await Promise.all([openDemoShop({ VIES_URL: vies.url }), connectToBrowser()]);
    const admin = await apiAs(shop, 'admin');
    const replaced = await admin('PUT', '/api/v1/admin/order/shop-settings', {
      body: settings,
      headers: { 'if-match': '*' },
    });
    expect(replaced.status).toBe(200);
  });
  afterEach(async () => {
    await Promise.all(visitors.map(({ context }) => context.close()));
    visitors = [];
  });
  afterAll(async () => {
    await browser?.close();
    await shop?.stop();
    vies?.stop();
  });

  const openVisit = async (look: Look) => {
    const visitor = await visit(browser, shop.url, look);
    visitors.push(visitor);
    return { ...visitor, keyboard: keyboardOf(visitor.page) };
  };

  test('is written by keyboard alone, with messages at the fields, and shown on the page of the order', () =>
    forEveryWidth(async (look) => {
      const { page, keyboard, complaints } = await openVisit(look);
      const { slug } = await offer(shop, { title: 'Gift jug', price: 2000 });
      await putIntoCart(page, slug);
      await keyboard.press('link', 'To the checkout', { within: page.getByRole('dialog', { name: 'Your cart' }) });
      await writesAddress(keyboard);
      await writesBilling(page, keyboard);
      await writesNotes(page, keyboard);
      await confirms(page, keyboard);
      expect(await violationsInBothSchemes(page)).toEqual([]);
      await keyboard.press('button', /^Place the order for €/);
      await page.getByRole('heading', { name: 'Thank you. It is yours' }).waitFor();
      const contents = page.getByRole('complementary', { name: 'What it holds' });
      const texts = [
        'Hopper & Co.',
        'Allee 9',
        'VAT id ATU13585627, checked, reverse charge',
        ...shownNotes,
        'Reverse charge',
      ];
      for (const text of [...texts, 'the terms', '18 years or older']) await contents.getByText(text).first().waitFor();
      expect(await violationsInBothSchemes(page)).toEqual([]);
      await page.emulateMedia({ media: 'print' });
      for (const text of texts)
        expect([text, await contents.getByText(text).first().isVisible()]).toEqual([text, true]);
      expect(complaints([422])).toEqual([]);
    }));

  const shownNotes = ['Ring twice.', 'Leave it at the door.', 'Happy birthday!'];

  async function writesAddress(keyboard: Keyboard): Promise<void> {
    await keyboard.write('E-mail address', `details-${randomBytes(5).toString('hex')}@example.com`);
    await keyboard.write('Name', vienna.name);
    await keyboard.write('Street and number', vienna.line1);
    await keyboard.choose('Country', 'Austria');
    await keyboard.write('Postal code', vienna.postalCode);
    await keyboard.write('Town or city', vienna.city);
  }

  async function writesBilling(page: Page, keyboard: Keyboard): Promise<void> {
    await checks(keyboard, 'Billing address is different');
    const within = page.getByRole('group', { name: 'Billing address' });
    await keyboard.write('Name', 'Accounting', { within });
    await checks(keyboard, 'I order for a company');
    await keyboard.write('Company (optional)', 'Hopper & Co.');
    await keyboard.write('VAT id (optional)', 'ATU13585628');
    await keyboard.keys('Tab');
    await page.getByText('must be a VAT id of a member state of the EU').waitFor();
    // All that is missing is said, and the first of it has the focus.
    await keyboard.press('button', 'Place the order');
    await focusOn(page, 'textbox', 'Street and number');
    await within.getByText('Enter street and number').waitFor();
    await keyboard.write('Street and number', 'Allee 9', { within });
    await keyboard.choose('Country', 'Switzerland', { within });
    await keyboard.write('Postal code', '8004', { within });
    await keyboard.write('Town or city', 'Zürich', { within });
    await keyboard.press('button', 'Place the order');
    await focusOn(page, 'textbox', 'VAT id (optional)');
    await keyboard.write('VAT id (optional)', 'at u13585627');
    await keyboard.keys('Enter');
    await page.getByRole('status').getByText('VAT id accepted: no VAT is charged.').waitFor();
    expect(page.url()).toContain('/checkout');
    await page.getByRole('complementary', { name: 'Your order' }).getByText('Reverse charge').waitFor();
  }

  async function writesNotes(page: Page, keyboard: Keyboard): Promise<void> {
    await keyboard.write('Delivery note (optional)', note);
    await checks(keyboard, 'This is a gift');
    await keyboard.press('button', /^Place the order for €/);
    await focusOn(page, 'textbox', 'Gift note');
    await keyboard.write('Gift note', giftNote);
  }

  async function confirms(page: Page, keyboard: Keyboard): Promise<void> {
    await keyboard.press('button', /^Place the order for €/);
    await focusOn(page, 'checkbox', 'I accept the terms');
    await page.getByText('The shop sells to people of 18 and older').waitFor();
    expect(await violationsInBothSchemes(page)).toEqual([]);
    await keyboard.keys('Space');
    await checks(keyboard, 'I am 18 years or older');
  }

  async function checks(keyboard: Keyboard, name: string): Promise<void> {
    await keyboard.to('checkbox', name);
    await keyboard.keys('Space');
  }

  test('names what is wrong once the total is calculated, where the button was pressed before', async () => {
    const { page } = await openVisit(desk);
    const { slug } = await offer(shop, { title: 'Hurried jug', price: 2000 });
    await putIntoCart(page, slug);
    await page.goto('/checkout');
    const keyboard = keyboardOf(page);
    await writesAddress(keyboard);
    await checks(keyboard, 'I order for a company');
    const { promise: gate, resolve: release } = Promise.withResolvers<void>();
    await page.route('**/quotes', async (route) => {
      await gate;
      await route.continue();
    });
    await keyboard.write('VAT id (optional)', 'ATU13585628');
    await checks(keyboard, 'I accept the terms');
    await checks(keyboard, 'I am 18 years or older');
    await keyboard.press('button', 'Place the order');
    await focusOn(page, 'button', 'Place the order');
    release();
    await focusOn(page, 'textbox', 'VAT id (optional)');
  });

  test('is taxed, and said to be, where the VAT id is not registered', async () => {
    const { page } = await openVisit(desk);
    const { slug } = await offer(shop, { title: 'Taxed jug', price: 2000 });
    vies.answer = () => ({ body: { valid: false } });
    await putIntoCart(page, slug);
    await page.goto('/checkout');
    await page.getByLabel('I order for a company').check();
    await page.getByLabel('VAT id').fill('DE811569869');
    await page.getByLabel('VAT id').blur();
    await page.getByRole('status').getByText('This VAT id is not registered, so VAT is charged.').waitFor();
    vies.answer = () => ({ body: { valid: true, requestIdentifier: 'WAPIAAAAX' } });
  });

  async function placeByApi(): Promise<{ id: string; token: string }> {
    const { sku } = await offer(shop, { title: 'Noted jug', price: 2000 });
    const { body, status } = await sendRequest({ gatewayUrl: shop.url }, 'POST', '/api/v1/orders', {
      body: {
        ...{ lines: [{ sku, quantity: 1 }], email: 'noted@example.com', shippingAddress: vienna, note, giftNote },
        ...{ billingAddress: { ...vienna, line1: 'Allee 9' }, company: 'Hopper & Co.', vatId: 'ATU13585627' },
        ...{ payment: { provider: 'sandbox', token: 'ok' }, acceptedTerms: true, ageConfirmed: true },
      },
      headers: { 'idempotency-key': randomUUID(), prefer: 'wait=20' },
    });
    expect([status, body.status]).toEqual([201, 'confirmed']);
    return body;
  }

  test('is shown to the seller as far as it is needed to pack the order, and to operators', () =>
    forEveryWidth(async (look) => {
      const { id } = await placeByApi();
      const { page, complaints } = await openVisit(look);
      await signIn(page, 'seller', `/sell/orders/${id}`);
      for (const text of shownNotes) await page.getByText(text).first().waitFor();
      expect(await page.getByText('Allee 9').count()).toBe(0);
      expect(await violationsInBothSchemes(page)).toEqual([]);
      await page.getByRole('button', { name: /^Mark as sent/ }).click();
      await page.getByRole('dialog').getByText('Delivery note: Ring twice.').waitFor();
      await page.goto(`/sell/orders/${id}/packing-slip`);
      await page.getByRole('article').getByText('Happy birthday!').waitFor();
      const operator = await openVisit(look);
      await signIn(operator.page, 'admin', `/control/orders/${id}`);
      const details = ['Hopper & Co.', 'Allee 9', 'VAT id ATU13585627, checked, reverse charge', ...shownNotes];
      for (const text of [...details, settings.termsUrl, '18 years or older']) {
        await operator.page.getByText(text).first().waitFor();
      }
      expect(await violationsInBothSchemes(operator.page)).toEqual([]);
      expect([...complaints(), ...operator.complaints()]).toEqual([]);
    }));

  test('is on the invoice, which a guest opens from the order and prints on one page, and an operator downloads', () =>
    forEveryWidth(async (look) => {
      const { id, token } = await placeByApi();
      const { page, keyboard, complaints } = await openVisit(look);
      await page.goto(`/orders/${id}?token=${token}`);
      await keyboard.press('link', /^Invoice INV-/);
      const sheet = page.getByRole('article', { name: 'Invoice' });
      const number = (await sheet.getByText(/^INV-/).textContent()) ?? '';
      const texts = [
        ...['Tradepost GmbH', 'HRB 123456', 'Hopper & Co.', 'Allee 9', 'VAT id ATU13585627', 'Noted jug', 'When sent'],
        'Reverse charge: the customer is liable for the VAT.',
      ];
      for (const text of texts) await sheet.getByText(text).first().waitFor();
      expect(await violationsInBothSchemes(page)).toEqual([]);
      await page.evaluate('globalThis.print = () => { globalThis.printed = true; }');
      await keyboard.press('button', 'Print or save as PDF');
      expect(await page.evaluate('globalThis.printed')).toBe(true);
      await page.emulateMedia({ media: 'print' });
      for (const text of texts) expect([text, await sheet.getByText(text).first().isVisible()]).toEqual([text, true]);
      expect(await page.getByRole('button', { name: 'Print or save as PDF' }).count()).toBe(0);
      const pdf = await page.pdf({ preferCSSPageSize: true });
      expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length).toBe(1);
      const operator = await openVisit(look);
      await signIn(operator.page, 'admin', '/control/invoices');
      await operator.page.getByRole('link', { name: number }).waitFor();
      expect(await violationsInBothSchemes(operator.page)).toEqual([]);
      const downloaded = operator.page.waitForEvent('download');
      await operator.keyboard.press('button', 'Download CSV');
      expect((await downloaded).suggestedFilename()).toBe('invoices.csv');
      expect([...complaints(), ...operator.complaints()]).toEqual([]);
    }));

  test('is asked for by the operator, by keyboard alone', async () => {
    const { page, keyboard, complaints } = await openVisit(desk);
    await signIn(page, 'admin', '/control/pricing');
    await keyboard.press('link', 'Shop', { within: page.getByRole('navigation', { name: 'Pricing' }) });
    await keyboard.write('VAT id of the shop (optional)', 'DE136695977');
    await keyboard.write('Minimum age (optional)', '21');
    await keyboard.press('button', 'Save');
    await page.getByText('must be a VAT id of the member state DE').waitFor();
    await focusOn(page, 'textbox', 'VAT id of the shop (optional)');
    expect(await violationsInBothSchemes(page)).toEqual([]);
    await keyboard.write('VAT id of the shop (optional)', 'DE 136 695 976');
    await keyboard.press('button', 'Save');
    await page.getByText('Settings saved').waitFor();
    const shown = async () => (await (await page.request.get('/api/v1/shop')).json()).minimumAge;
    expect(await shown()).toBe(21);
    await keyboard.write('Minimum age (optional)', '18');
    await keyboard.press('button', 'Save');
    await expect.poll(shown).toBe(18);
    expect(complaints([422])).toEqual([]);
  });
});
