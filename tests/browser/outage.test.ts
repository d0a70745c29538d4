import { ownRabbit } from '@tradepost/testing/rabbitmq';
import { builtWeb } from '@tradepost/web/build';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAsProcesses, type Shop } from '../e2e/shop.ts';
import { describeInBrowser, everyWidth, type Visitor, visit } from './browser.ts';
import { connectToBrowser } from './chromium.ts';
import { forEveryWidth } from './page-harness.ts';
import { fillAddress, placeOrder, signUpForCheckout } from './shop.ts';

const rabbit = await ownRabbit();

describe.skipIf(!rabbit)('the web shop over services that are processes', () => {
  describeInBrowser('while the catalogue is stopped', () => {
    let shop: Shop;
    let browser: Browser;
    beforeAll(async () => {
      const { folder } = await builtWeb();
      if (rabbit) shop = await openAsProcesses(rabbit.url, { env: { WEB_DIR: folder } });
      browser = await connectToBrowser();
    });
    afterAll(async () => {
      await browser?.close();
      await shop?.stop();
      await rabbit?.drop();
    });

    it('shows what was seen, says so, takes orders, and confirms them once it is back, at every width', async () => {
      const sku = await shop.sell(40);
      const { body: found } = await shop.seller.call('GET', `/api/v1/products?q=${sku}`);
      const [{ slug, title }] = found.items;
      const visitors = await Promise.all(everyWidth.map((look) => visit(browser, shop.site.gatewayUrl, look)));
      const forEach = (act: (page: Page) => Promise<void>) =>
        forEveryWidth((_look, index) => act(pageOf(visitors, index)));
      await forEach(async (page) => {
        await signUpForCheckout(page);
        await page.goto('/');
        await page.getByRole('link', { name: title }).first().click();
        await page.getByRole('heading', { name: title }).waitFor();
      });

      const catalogue = shop.deployment?.instances.get('product-1');
      await catalogue?.end('SIGKILL');
      await forEach(async (page) => {
        await page.reload();
        await page.getByText('The catalogue is unavailable for the moment').waitFor();
        await page.getByRole('heading', { name: title }).waitFor();
        await page.goto('/');
        await page.getByText('The catalogue is unavailable for the moment').waitFor();
        await page.goto(`/products/${slug}`);
        await page.getByRole('button', { name: 'Add to cart' }).click();
        await page.getByRole('dialog').getByRole('link', { name: 'To the checkout' }).click();
        await fillAddress(page);
        await placeOrder(page);
        await page.getByRole('heading', { name: 'Thank you. On it' }).waitFor();
        await page.getByText('Looking on the shelf').waitFor();
      });

      catalogue?.start();
      await forEach(async (page) => {
        await page.getByRole('heading', { name: 'Thank you. It is yours' }).waitFor();
        await page.goto(`/products/${slug}`);
        await page.getByRole('button', { name: 'Add to cart' }).waitFor();
        await page.getByText('The catalogue is unavailable for the moment').waitFor({ state: 'detached' });
      });
      expect(visitors.flatMap((visitor) => visitor.complaints([503, 502]))).toEqual([]);
    });
  });
});

function pageOf(visitors: readonly Visitor[], index: number): Page {
  const visitor = visitors[index];
  if (!visitor) throw new Error(`There is no visitor ${index}`);
  return visitor.page;
}
