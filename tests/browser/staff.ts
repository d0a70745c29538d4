import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { createPool, type Pool } from '@tradepost/postgres/pool';
import { readPostmaster } from '@tradepost/postgres/postmaster';
import { type Answer, ask, type Message } from '@tradepost/testing/shopper';
import { until } from '@tradepost/testing/until';
import { pino } from 'pino';
import type { Page } from 'playwright-core';

type Role = 'customer' | 'seller' | 'admin';
type Shop = { url: string; data: string };

const password = 'tradepost-demo';
const emailOf = (role: Role) => `${role}@tradepost.example`;

/** Signs in as one of the demo's accounts, and goes on to a page. */
export async function signIn(page: Page, role: Role, next: string): Promise<void> {
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
  await page.getByLabel('E-mail').fill(emailOf(role));
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`**${next}`);
}

export type Api = (method: string, path: string, o?: Message) => Promise<Answer>;

/** Asks the API as one of the demo's accounts. */
export async function apiAs({ url }: Shop, role: Role): Promise<Api> {
  const body = { email: emailOf(role), password };
  const { body: signedIn } = await ask({ gatewayUrl: url }, 'POST', '/api/v1/auth/sign-in/email', { body });
  const authorization = `Bearer ${signedIn.token}`;
  return (method, path, o = {}) =>
    ask({ gatewayUrl: url }, method, path, { ...o, headers: { authorization, ...o.headers } });
}

export const address = {
  name: 'Robin Vermeer',
  line1: 'Hafenstrasse 1',
  city: 'Hamburg',
  postalCode: '20457',
  country: 'DE',
};

/** Buys, and waits until it is paid for. */
export async function buy(api: Api, lines: { sku: string; quantity: number }[], to: object = address): Promise<string> {
  const { body } = await api('POST', '/api/v1/orders', {
    body: { lines, shippingAddress: to, payment: { provider: 'sandbox', token: 'ok' } },
    headers: { 'idempotency-key': crypto.randomUUID(), prefer: 'wait=20' },
  });
  if (body.status !== 'confirmed') throw new Error(`The order is ${JSON.stringify(body)}`);
  return body.id;
}

/** The database of one of the shop's services, for what no API lets anybody do. */
export async function databaseOf({ data }: Shop, service: string): Promise<Pool> {
  const folder = join(data, 'postgres');
  const secret = (await readFile(join(folder, 'password'), 'utf8')).trim();
  const running = await until(() => readPostmaster(join(folder, 'data')));
  const url = `postgres://postgres:${secret}@127.0.0.1:${running.port}/${service}`;
  return createPool({ url, name: 'test', log: pino({ level: 'silent' }) });
}

/** Lets a service publish an event that it would never have written. */
export async function publish(pool: Pool, event: CloudEvent): Promise<void> {
  await pool.query({ text: 'insert into outbox (event) values ($1)', values: [JSON.stringify(event)] });
}

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const all = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Of all rules this is the one that light and dark may differ in. */
const contrast = { type: 'rule', values: ['color-contrast'] };
const looks = [
  { width: 360, height: 780, colorScheme: 'light', runOnly: contrast },
  { width: 360, height: 780, colorScheme: 'dark', runOnly: { type: 'tag', values: all } },
  { width: 1440, height: 900, colorScheme: 'dark', runOnly: contrast },
  { width: 1440, height: 900, colorScheme: 'light', runOnly: { type: 'tag', values: all } },
] as const;

type Checker = { run(o: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };

/** What axe finds wrong with the page as it is now, on a telephone and on a desk, in light and in dark. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found: string[] = [];
  for (const { width, height, colorScheme, runOnly } of looks) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    const broken = await page.evaluate(async (rules) => {
      // as: it has just been put there.
      const { axe: checker } = globalThis as unknown as { axe: Checker };
      const { violations: list } = await checker.run({ runOnly: rules });
      return list.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    }, runOnly);
    const isWider = await page.locator('html').evaluate((html, inner) => html.scrollWidth > inner, width);
    found.push(...broken.map((one) => `${width} ${colorScheme} ${one}`));
    if (isWider) found.push(`${width} ${colorScheme} is wider than the window`);
  }
  return found;
}

/** What nobody should ever run; it would tell on itself. */
export const hostile = `"'><img src=x onerror="globalThis.pwned=1"><script>globalThis.pwned=1</script>{{7*7}}`;

/** Whether all that was written on the page is text, and nothing of it has run. */
export async function isInert(page: Page): Promise<boolean> {
  const hasRun = await page.evaluate(() => 'pwned' in globalThis);
  return !hasRun && (await page.locator('img[src="x"], main script').count()) === 0;
}
