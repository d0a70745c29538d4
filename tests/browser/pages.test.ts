import { until } from '@tradepost/testing/until';
import type { Page, Response } from 'playwright-core';
import { expect, test } from 'vitest';
import { objectionsInBothSchemes } from './axe.ts';
import { describeInBrowser, desk, telephone } from './browser.ts';
import { fillAddress, offer, placeOrder, putIntoCart, signUpForCheckout } from './shop.ts';
import { openStage } from './stage.ts';

/** What the first page loads of script, compressed, in bytes. */
const MOST_SCRIPT = 120_000;

const settled = (page: Page) => page.waitForLoadState('networkidle');

describeInBrowser('the pages', () => {
  const stage = openStage();

  // Long: the same steps at every width
  test('axe has nothing to object to, and nothing overflows, in every look', () =>
    stage.atEveryWidth(async (visitor) => {
      const { page } = visitor;
      const wrong: Record<string, string[]> = {};
      const judge = async (name: string) => {
        await settled(page);
        await page.locator('h1').first().waitFor({ state: 'attached' });
        const found = await objectionsInBothSchemes(page);
        if (found.length > 0) wrong[name] = found;
      };
      const paths = [
        '/',
        '/search?q=lamp',
        '/search?q=qqqq',
        '/categories/kitchen',
        '/products/speckled-stoneware-mug',
        '/cart',
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
      } else {
        await page.getByRole('combobox', { name: 'Search the shop' }).click();
        await page.keyboard.type('lamp');
        await page.getByRole('option').first().waitFor();
        await judge('suggestions');
      }
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
      wrong['/orders/{id}'] = await objectionsInBothSchemes(page);
      await page.getByRole('button', { name: 'Cancel the order' }).click();
      await page.getByRole('dialog').waitFor();
      wrong['the question whether to cancel'] = await objectionsInBothSchemes(page);
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

  test('the first load is small, and has its first answers with it', async () => {
    const visitor = await stage.come(telephone);
    const { page } = visitor;
    for (const path of ['/', '/categories/kitchen', '/products/storm-lantern']) {
      let script = 0;
      const asked: string[] = [];
      const note = (response: Response) => {
        const { pathname, search } = new URL(response.url());
        if (response.request().resourceType() === 'script') script += Number(response.headers()['content-length']);
        if (pathname.startsWith('/api/')) asked.push(pathname + search);
      };
      page.on('response', note);
      await page.goto(path);
      await settled(page);
      page.off('response', note);
      expect(script).toBeGreaterThan(10_000);
      expect(script).toBeLessThanOrEqual(MOST_SCRIPT);
      const elements = page.locator('script[data-url]');
      const brought = await elements.evaluateAll((all) => all.map((one) => one.getAttribute('data-url')));
      expect(brought.length).toBeGreaterThan(0);
      expect(asked.filter((url) => brought.includes(url))).toEqual([]);
    }
    expect(visitor.complaints()).toEqual([]);
  });

  test('an address that is none is 404, and says so', async () => {
    const { page } = await stage.come(desk);
    expect((await page.goto('/nowhere'))?.status()).toBe(404);
    await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
    expect((await page.goto('/products/no-such-thing'))?.status()).toBe(404);
    await page.getByRole('heading', { name: 'There is no such product' }).waitFor();
    expect(await page.title()).toBe('Not found · Tradepost');
  });

  test('light or dark is chosen once, and remembered', async () => {
    const { page } = await stage.come(desk);
    await page.goto('/');
    const ground = () => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    const light = await ground();
    await page.getByRole('button', { name: 'Show in dark colours' }).click();
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    expect(await ground()).toBe(dark);
    await page.getByRole('button', { name: 'Show in light colours' }).click();
    expect(await ground()).toBe(light);
  });

  test('a page that one goes to has the focus, its title, and its beginning in view', async () => {
    const { page } = await stage.come(desk);
    await page.goto('/');
    await page.evaluate('scrollTo(0, 900)');
    await page
      .getByRole('link', { name: /Clothbound Notebook/ })
      .first()
      .click();
    await page.getByRole('heading', { name: 'Clothbound Notebook' }).waitFor();
    expect(await page.evaluate('[document.activeElement.id, scrollY, document.title]')).toEqual([
      'main',
      0,
      'Clothbound Notebook · Tradepost',
    ]);
  });

  test('what is offline is said, and what was seen is still there', async () => {
    const visitor = await stage.come(telephone);
    const { page } = visitor;
    await page.goto('/categories/lighting');
    await page.getByRole('link', { name: /Tripod Floor Lamp/ }).waitFor();
    await visitor.context.setOffline(true);
    await page.getByText('You are offline').waitFor();
    await page.getByRole('link', { name: /Tripod Floor Lamp/ }).waitFor();
    await visitor.context.setOffline(false);
    await page.getByText('You are offline').waitFor({ state: 'detached' });
  });
});

describeInBrowser('text of strangers', () => {
  const hostile = `"><img src=x onerror="globalThis.owned=1"><script>globalThis.owned=1</script>'</title></script>`;

  const stage = openStage();

  test('is text, in every field that is shown again', async () => {
    const price = { amount: 1000, currency: 'EUR' };
    const variant = (n: number) => ({
      sku: `HOSTILE-${n}`,
      title: `${n} ${hostile}`,
      price,
      stock: 10,
      attributes: { colour: `${n} ${hostile}`.slice(0, 100) },
    });
    const { slug } = await offer(stage.shop, {
      title: hostile,
      more: {
        description: hostile,
        media: [{ url: '/media/demo/storm-lantern.svg', alt: hostile }],
        variants: [variant(1), variant(2)],
      },
    });
    const visitor = await stage.come(desk);
    const { page } = visitor;
    page.on('dialog', (dialog) => dialog.dismiss());
    await putIntoCart(page, slug);
    await signUpForCheckout(page, hostile.slice(0, 100));
    for (const label of ['Name', 'Street and number', 'More, such as a floor', 'Town or city', 'Region']) {
      await page.getByLabel(label).fill(hostile.slice(0, 100));
    }
    await page.getByLabel('Postal code').fill('20457');
    await page.getByLabel('Telephone').fill('<b>1</b>');
    await page.getByLabel('Keep this address for next time').check();
    await placeOrder(page);
    await page.getByRole('heading', { name: 'Thank you. It is yours' }).waitFor();
    for (const path of [
      '/',
      '/search?q=onerror',
      `/search?q=${encodeURIComponent(hostile)}`,
      '/categories/kitchen',
      `/products/${slug}`,
      '/cart',
      '/orders',
      '/account',
      '/account/addresses',
    ]) {
      await page.goto(path);
      await settled(page);
      expect([path, await page.evaluate('globalThis.owned')]).toEqual([path, undefined]);
    }
    await page.goto(`/products/${slug}`);
    await page.getByRole('heading', { name: hostile }).waitFor();
    // Had any of it become an element, the policy would have had something to refuse.
    expect(visitor.complaints([404])).toEqual([]);
  });

  test('would not act even if it got in: the policy refuses it', async () => {
    const { page } = await stage.come(desk);
    await page.goto('/');
    await page.evaluate(`
      globalThis.refused = [];
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => refused.push(effectiveDirective));
      const inject = (name, fields) => document.body.append(Object.assign(document.createElement(name), fields));
      inject('script', { textContent: 'globalThis.owned = 1' });
      inject('script', { src: 'https://elsewhere.example/a.js' });
      inject('img', { src: 'https://elsewhere.example/a.png' });
      inject('iframe', { src: 'https://elsewhere.example/' });
      inject('style', { textContent: 'body { display: none }' });
      inject('div', { innerHTML: '<p onclick="globalThis.owned = 1">x</p>' });
      document.querySelector('[onclick]').click();
      fetch('https://elsewhere.example/').catch(() => undefined);
    `);
    await until(async () => (await page.evaluate<string[]>('refused')).length >= 7, { what: 'seven refusals' });
    expect(new Set(await page.evaluate<string[]>('refused'))).toEqual(
      new Set(['script-src-elem', 'img-src', 'frame-src', 'style-src-elem', 'script-src-attr', 'connect-src']),
    );
    expect(await page.evaluate('globalThis.owned')).toBeUndefined();
  });
});
