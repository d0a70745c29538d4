import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SharedResource, sharedResource } from '@tradepost/testing/shared-resources';
import { type Answer, type Message, sendRequest } from '@tradepost/testing/shopper';
import { gatewaySettingsForSlowMachines, settingsForSlowMachines } from '@tradepost/testing/time-limits';
import { unlimitedSettings } from '@tradepost/testing/unlimited';
import type { Page } from 'playwright-core';
import { startProcess } from '../../local/test/shop-process.ts';

/** The demo's accounts. */
export type Role = 'customer' | 'seller' | 'admin';
export const demoPassword = 'tradepost-demo';
export const emailOf = (role: Role): string => `${role}@tradepost.example`;

/** Asks the API as somebody. */
export type Api = (method: string, path: string, o?: Message) => Promise<Answer>;

/** The demo shop, as `npm start` opens it, and its seller. */
export type DemoShop = {
  url: string;
  /** Where its data lies, the database included. */
  data: string;
  seller: Api;
  stop(): Promise<void>;
};

/** Where the shop does not make one up. */
export const mailKey = 'browser-mails-only-0123456789abcdef';

const settings = {
  MAIL_KEY: mailKey,
  ...unlimitedSettings,
  ...settingsForSlowMachines,
  ...gatewaySettingsForSlowMachines,
};

/**
 * Starts the demo shop that all test files share; its address is its URL and the folder of its data, as JSON. It has no taxes,
 * shipping and promotions: what a thing costs is then what its product says. Its pages may load Stripe's form.
 */
export async function startSharedShop(): Promise<SharedResource> {
  const { url, data, stop } = await openDemoShop({ TRADEPOST_RULES: 'off', STRIPE_FORM: 'allowed' });
  return { address: JSON.stringify({ url, data }), stop };
}

/** The demo shop that all test files share. */
export async function connectToShop(): Promise<Omit<DemoShop, 'stop'>> {
  const { url, data }: Pick<DemoShop, 'url' | 'data'> = JSON.parse(await sharedResource('shop'));
  return { url, data, seller: await apiAs({ url }, 'seller') };
}

/** Starts a demo shop of the caller's own, with the rules that `npm start` gives it. */
export async function openDemoShop(env: Record<string, string> = {}): Promise<DemoShop> {
  const folder = await mkdtemp(join(tmpdir(), 'tradepost-browser-'));
  const data = join(folder, 'data');
  const shop = startProcess(data, { env: { ...settings, ...env } });
  const { url } = await shop.ready();
  return {
    url,
    data,
    seller: await apiAs({ url }, 'seller'),
    async stop() {
      shop.kill('SIGTERM');
      await shop.exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Asks the API as one of the demo's accounts. */
export async function apiAs({ url }: { url: string }, role: Role): Promise<Api> {
  const body = { email: emailOf(role), password: demoPassword };
  const { body: signedIn } = await sendRequest({ gatewayUrl: url }, 'POST', '/api/v1/auth/sign-in/email', { body });
  const authorization = `Bearer ${signedIn.token}`;
  return (method, path, o = {}) =>
    sendRequest({ gatewayUrl: url }, method, path, { ...o, headers: { authorization, ...o.headers } });
}

/** Signs in as one of the demo's accounts, and goes on to a page. */
export async function signIn(page: Page, role: Role, next: string): Promise<void> {
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
  await page.getByLabel('E-mail').fill(emailOf(role));
  await page.getByLabel('Password').fill(demoPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(`**${next}`);
}

export type Offer = { title: string; price?: number; stock?: number; more?: object };

/** Puts a product of the test's own on sale; answers how to find it. */
export async function offer(
  shop: Pick<DemoShop, 'seller'>,
  { title, price = 2000, stock = 10, more = {} }: Offer,
): Promise<{ id: string; slug: string; sku: string }> {
  const sku = `TEST-${randomBytes(4).toString('hex').toUpperCase()}`;
  const variants = [{ sku, price: { amount: price, currency: 'EUR' }, stock }];
  const made = await shop.seller('POST', '/api/v1/products', {
    body: { title, description: 'For a test.', categories: ['kitchen'], variants, ...more },
  });
  if (made.status !== 201) throw new Error(`The product was answered ${made.status}: ${JSON.stringify(made.body)}`);
  return { id: made.body.id, slug: made.body.slug, sku };
}

/** What somebody does who has nothing in the cart yet, and wants this. */
export async function putIntoCart(page: Page, slug: string): Promise<void> {
  await page.goto(`/products/${slug}`);
  // The page shows the change before the shop has answered, and another document loaded meanwhile would end the request.
  const answered = page.waitForResponse(
    (response) => response.request().method() === 'PUT' && response.url().includes('/api/v1/carts/'),
  );
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByRole('dialog', { name: 'Your cart' }).getByRole('link', { name: 'To the checkout' }).waitFor();
  await answered;
}

/** Makes an account on the way to the checkout. */
export async function signUpForCheckout(page: Page, name = 'Ada Lovelace'): Promise<string> {
  const email = `ada-${randomBytes(5).toString('hex')}@example.com`;
  await page.goto('/sign-up?next=/checkout');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill('a long enough secret');
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.waitForURL(({ pathname }) => pathname === '/checkout');
  return email;
}

/** Fills in where it goes. */
export async function fillAddress(page: Page): Promise<void> {
  await page.getByLabel('Street and number').fill('Hafenstrasse 1');
  await page.getByLabel('Postal code').fill('20457');
  await page.getByLabel('Town or city').fill('Hamburg');
}

/** Places the order and waits for its page. */
export async function placeOrder(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Place the order' }).click();
  await page.waitForURL('**/orders/*');
}
