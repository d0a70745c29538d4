// Takes the pictures in docs/screenshots and those of the brand in web/public: `npm run generate -- --screenshots`.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { until } from '@tradepost/testing/until';
import type { Browser, Page } from 'playwright-core';
import { takeBrandImages } from './brand-images.ts';
import { launchBrowser } from './chromium.ts';
import {
  type Api,
  apiAs,
  type DemoShop,
  fillAddress,
  openDemoShop,
  placeOrder,
  putIntoCart,
  signIn,
  signUpForCheckout,
} from './shop.ts';
import { buy } from './staff.ts';

const folder = path.join(import.meta.dirname, '../../docs/screenshots');

type Look = { width: number; height: number; colorScheme: 'light' | 'dark' };
/** Steps of a chart that show something; with fewer it is hardly one. */
const STEPS = 4;

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

async function takeAll(browser: Browser, shop: DemoShop): Promise<void> {
  const { url } = shop;
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
  await takeStaffs(browser, shop);
}

/** The desk and the control room are about what happens, so that something has to: people who look, buy and change their minds. */
async function takeStaffs(browser: Browser, shop: DemoShop): Promise<void> {
  const customer = await apiAs(shop, 'customer');
  const orderId = await trade(shop, customer);
  const seller = await open(browser, shop.url, desk);
  await signIn(seller, 'seller', '/sell');
  await seller.getByRole('region', { name: 'Summary' }).getByText('sold out').waitFor();
  await take(seller, 'desk');
  const admin = await open(browser, shop.url, { ...desk, height: 1000, colorScheme: 'dark' });
  await bustle(customer, await apiAs(shop, 'admin'));
  await signIn(admin, 'admin', '/control');
  await admin.locator('canvas').first().waitFor();
  await take(admin, 'control-room');
  await admin.goto(`/control/orders/${orderId}`);
  await admin.getByText('payment captured').first().waitFor();
  await admin.getByText('reserved stock sold').waitFor();
  await take(admin, 'order-flow');
}

const wanted = ['MUG-MOSS', 'NOTEBOOK-FOREST', 'MUG-TERRACOTTA', 'KETTLE-RUST', 'MUG-MOSS', 'KETTLE-FOREST'];

/** Some orders, one of them on its way; answers which one is to be followed. */
async function trade(shop: DemoShop, customer: Api): Promise<string> {
  const ids: string[] = [];
  for (const [index, sku] of wanted.entries()) ids.push(await buy(customer, [{ sku, quantity: (index % 3) + 1 }]));
  const headers = { 'idempotency-key': crypto.randomUUID() };
  const parcel = { carrier: 'Post', trackingNumber: 'RR 123 456 789 DE' };
  await shop.seller('POST', `/api/v1/orders/${ids[0]}/fulfilments`, { headers, body: parcel });
  return buy(customer, [
    { sku: 'MUG-MOSS', quantity: 2 },
    { sku: 'NOTEBOOK-FOREST', quantity: 1 },
  ]);
}

/** Goes on looking and buying until the charts have something to show. */
async function bustle(customer: Api, admin: Api): Promise<void> {
  let turn = 0;
  const act = async () => {
    turn += 1;
    await customer('GET', `/api/v1/products?q=${['lamp', 'mug', 'wool', 'paper'][turn % 4]}`);
    if (turn % 7 === 0) await customer('GET', '/api/v1/products/no-such-thing');
    if (turn % 9 === 0) await buy(customer, [{ sku: 'NOTEBOOK-FOREST', quantity: 1 }]);
    const { body } = await admin('GET', '/api/v1/traffic?minutes=15');
    const orders = body.services.find((one: { service: string }) => one.service === 'order');
    return orders.requests.filter((count: number) => count > 0).length >= STEPS;
  };
  await until(act, { what: 'some traffic' });
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
  try {
    await takeBrandImages(browser, shop.url);
    await takeAll(browser, shop);
  } finally {
    await browser.close();
  }
} finally {
  await shop.stop();
}
