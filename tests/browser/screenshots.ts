// Takes the pictures in docs/screenshots: `npm run generate -- --screenshots`.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { until } from '@tradepost/testing/until';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './chromium.ts';
import { fillAddress, openDemoShop, placeOrder, putIntoCart, signUpForCheckout } from './shop.ts';

const folder = path.join(import.meta.dirname, '../../docs/screenshots');

type Look = { width: number; height: number; colorScheme: 'light' | 'dark' };
const desk: Look = { width: 1280, height: 800, colorScheme: 'light' };
const telephone: Look = { width: 390, height: 800, colorScheme: 'dark' };

async function open(browser: Browser, baseURL: string, { width, height, colorScheme }: Look): Promise<Page> {
  const options = {
    baseURL,
    viewport: { width, height },
    colorScheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
  } as const;
  return (await browser.newContext(options)).newPage();
}

async function take(page: Page, name: string): Promise<void> {
  // Fonts and pictures first; a stream of events never falls silent, so that is not what is waited for.
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  const isDrawn = '[...document.images].every((one) => one.complete || one.loading === "lazy")';
  await until(() => page.evaluate<boolean>(isDrawn), { what: 'the pictures' });
  const file = path.join(folder, `${name}.webp`);
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 90 });
  const image = Buffer.from(data, 'base64');
  await writeFile(file, image);
  console.log(`docs/screenshots/${name}.webp  ${Math.round(image.length / 1000)} kB`);
}

async function takeAll(browser: Browser, url: string): Promise<void> {
  const page = await open(browser, url, desk);
  await page.goto('/', { waitUntil: 'networkidle' });
  await take(page, 'home');
  await page.goto('/search?q=lamp', { waitUntil: 'networkidle' });
  await take(page, 'search');
  await page.goto('/products/speckled-stoneware-mug?variant=MUG-TERRACOTTA', { waitUntil: 'networkidle' });
  await take(page, 'product');
  await purchase(page, 'storm-lantern');
  await take(page, 'order');

  const small = await open(browser, url, telephone);
  await small.goto('/', { waitUntil: 'networkidle' });
  await take(small, 'home-telephone');
  await putIntoCart(small, 'chanterelle-portable-lamp');
  await take(small, 'cart-telephone');
}

async function purchase(page: Page, slug: string): Promise<void> {
  await putIntoCart(page, slug);
  await signUpForCheckout(page);
  await fillAddress(page);
  await take(page, 'checkout');
  await placeOrder(page);
  await page.getByRole('heading', { name: 'Thank you. It is yours' }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
}

await mkdir(folder, { recursive: true });
const shop = await openDemoShop();
try {
  const browser = await launchBrowser();
  await takeAll(browser, shop.url).finally(() => browser.close());
} finally {
  await shop.stop();
}
