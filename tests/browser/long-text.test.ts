import { sendRequest } from '@tradepost/testing/shopper';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser, type Visitor } from './browser.ts';
import { openPageHarness } from './page-harness.ts';
import { type Api, offer, type Role } from './shop.ts';
import { buy } from './staff.ts';

const WIDTHS = [320, 768, 1440] as const;

const word = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenhersteller';
const unbroken = word.repeat(3).slice(0, 190);
const rightToLeft = 'مصباح يدوي مصنوع من النحاس بجودة عالية';
const emoji = '👩‍👩‍👧‍👦🏳️‍🌈'.repeat(8);
const texts: Record<string, string> = { unbroken, rightToLeft, emoji };
const password = 'a long enough secret';

/** The first code points of a text: half of an emoji would be no text. */
const cut = (text: string, length: number): string => [...text].slice(0, length).join('');

type LongTexts = { id: string; slug: string; sku: string; order: string; email: string; text: string };

/** What sticks out of the page to the side, unless it stands in something that scrolls or hides it. */
const overflowing = (page: Page) =>
  page.evaluate<string[]>(`(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const isContained = (element) => {
      for (let at = element.parentElement; at && at !== document.body; at = at.parentElement)
        if (getComputedStyle(at).overflowX !== 'visible') return true;
      return false;
    };
    const found = [...document.body.querySelectorAll('*')].filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return (right > width + 1 || left < -1) && !isContained(element);
    });
    const name = (element) => element.tagName.toLowerCase() + '.' + element.className + ' ' + element.textContent.slice(0, 40);
    return found.length > 0 ? found.slice(-3).map(name) : ['the document'];
  })()`);

describeInBrowser('long and unusual texts', () => {
  const made: Record<string, LongTexts> = {};
  const madeOf = (name: string): LongTexts => {
    const one = made[name];
    if (!one) throw new Error(`Nothing was made of the text ${name}`);
    return one;
  };
  const harness = openPageHarness(async (shop) => {
    for (const [name, text] of Object.entries(texts)) {
      const id = crypto.randomUUID();
      const sku = `LONG-${name.toUpperCase()}-${id.toUpperCase()}`;
      const price = { amount: 123_456_789, currency: 'EUR' };
      const product = await offer(shop, {
        title: text,
        more: {
          description: `${text} ${text}`,
          variants: ['one', 'two'].map((which) => ({
            ...{ sku: `${sku}-${which.toUpperCase()}`, title: cut(`${which} ${text}`, 80), price, stock: 50 },
            attributes: { colour: cut(`${which} ${text}`, 80), size: cut(`${which} ${text}`, 80) },
          })),
        },
      });
      const email = `${'long'.repeat(5)}-${id.slice(0, 8)}@${'long'.repeat(12)}.example.com`;
      const gateway = { gatewayUrl: shop.url };
      const person = { name: cut(text, 40), email, password };
      const { body } = await sendRequest(gateway, 'POST', '/api/v1/auth/sign-up/email', { body: person });
      const headers = { authorization: `Bearer ${body.token}` };
      const buyer: Api = (method, path, o = {}) =>
        sendRequest(gateway, method, path, { ...o, headers: { ...headers, ...o.headers } });
      const long = cut(text, 95);
      const to = { name: long, line1: long, line2: long, city: long, region: long, postalCode: '20457', country: 'DE' };
      const lines = [{ sku: `${sku}-ONE`, quantity: 1 }];
      const order = await buy(buyer, [{ sku: `${sku}-ONE`, quantity: 2 }], to);
      const key = () => ({ 'idempotency-key': crypto.randomUUID() });
      const parcel = { lines, carrier: long, trackingNumber: long };
      await shop.seller('POST', `/api/v1/orders/${order}/fulfilments`, { body: parcel, headers: key() });
      const refund = { lines, reason: long };
      await shop.seller('POST', `/api/v1/orders/${order}/refunds`, { body: refund, headers: key() });
      await buyer('PUT', `/api/v1/addresses/${id}`, { body: { address: to, isDefault: true } });
      made[name] = { ...product, sku: `${sku}-ONE`, order, email, text };
    }
  });

  /**
   * Goes to another page of the application, which takes a fraction of the CPU of loading it and is laid out the same. Another path
   * makes another heading; another query of the same path would not.
   */
  async function go(page: Page, path: string): Promise<void> {
    await page.evaluate(`
      for (const heading of document.querySelectorAll('h1')) heading.setAttribute('data-left', '');
      history.pushState(null, '', ${JSON.stringify(path)});
    `);
    await page.locator('h1:not([data-left])').first().waitFor({ state: 'attached' });
    await page.locator('main [class*="skeleton"]').first().waitFor({ state: 'detached' });
  }

  /** Looks at pages in every width, and tells what overflows where. */
  async function look({ page }: Visitor, paths: readonly string[]): Promise<string[]> {
    const wrong: string[] = [];
    for (const path of paths) {
      await go(page, path);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        wrong.push(...(await overflowing(page)).map((what) => `${path} at ${width} px: ${what}`));
      }
    }
    return wrong;
  }

  const visitor = (as: Role) => harness.openVisit({ width: 1440, colorScheme: 'light' }, { as, to: '/cart' });

  test.each(Object.keys(texts))('do not widen a page of the shop: %s', async (name) => {
    const someone = await harness.openVisit({ width: 1440, colorScheme: 'light' }, { to: '/sign-in' });
    const { page } = someone;
    const { slug, order, email, text } = madeOf(name);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL(({ pathname }) => pathname === '/');
    await page.goto(`/products/${slug}`);
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'To the checkout' }).waitFor();
    const wrong: string[] = [];
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      wrong.push(...(await overflowing(page)).map((what) => `the cart drawer at ${width} px: ${what}`));
    }
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const search = encodeURIComponent(cut(text, 100));
    const lists = ['/', '/search', '/categories/kitchen', `/search?q=${search}`, `/products/${slug}`];
    const own = ['/checkout', '/orders', `/orders/${order}`, '/account', '/account/addresses'];
    wrong.push(...(await look(someone, [...lists, '/cart', '/search?q=zzzzzz&minPrice=99999', ...own])));
    expect(wrong).toEqual([]);
  });

  test.each(Object.keys(texts))('do not widen a page of the desk: %s', async (name) => {
    const { id, sku, order } = madeOf(name);
    const own = ['/sell', '/sell/products', `/sell/products/${id}`, '/sell/products/new', '/sell/orders'];
    const wrong = await look(await visitor('seller'), [
      ...own,
      `/sell/orders/${order}`,
      `/sell/products/${id}/stock/${sku}`,
    ]);
    expect(wrong).toEqual([]);
  });

  test('do not widen a page of the control room', async () => {
    const flows = Object.values(made).map(({ order }) => `/control/orders/${order}`);
    const own = ['/control', '/control/orders', '/control/accounts', '/control/audit', '/control/dead-letters'];
    expect(await look(await visitor('admin'), [...own, ...flows])).toEqual([]);
  });
});
