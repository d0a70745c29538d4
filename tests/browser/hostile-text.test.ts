import { until } from '@tradepost/testing/until';
import { expect, test } from 'vitest';
import { describeInBrowser, desk } from './browser.ts';
import { openPageHarness } from './page-harness.ts';
import { offer, placeOrder, putIntoCart, signUpForCheckout } from './shop.ts';

describeInBrowser('text of strangers', () => {
  const hostile = `"><img src=x onerror="globalThis.owned=1"><script>globalThis.owned=1</script>'</title></script>`;

  const harness = openPageHarness();

  test('is text, in every field that is shown again', async () => {
    const price = { amount: 1000, currency: 'EUR' };
    const variant = (n: number) => ({
      sku: `HOSTILE-${n}`,
      title: `${n} ${hostile}`,
      price,
      stock: 10,
      attributes: { colour: `${n} ${hostile}`.slice(0, 100) },
    });
    const { slug } = await offer(harness.shop, {
      title: hostile,
      more: {
        description: hostile,
        media: [{ url: '/media/demo/storm-lantern.svg', alt: hostile }],
        variants: [variant(1), variant(2)],
      },
    });
    const visitor = await harness.openVisit(desk);
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
      await page.waitForLoadState('networkidle');
      expect([path, await page.evaluate('globalThis.owned')]).toEqual([path, undefined]);
    }
    await page.goto(`/products/${slug}`);
    await page.getByRole('heading', { name: hostile }).waitFor();
    // Had any of it become an element, the policy would have had something to refuse.
    expect(visitor.complaints([404])).toEqual([]);
  });

  test('would not act even if it got in: the policy refuses it', async () => {
    const { page } = await harness.openVisit(desk);
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
