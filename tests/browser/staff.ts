import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { createPool, type Pool } from '@tradepost/postgres/pool';
import { readPostmaster } from '@tradepost/postgres/postmaster';
import { poolLimitsForSlowMachines } from '@tradepost/testing/time-limits';
import { until } from '@tradepost/testing/until';
import { pino } from 'pino';
import type { Page } from 'playwright-core';
import type { Api, DemoShop } from './shop.ts';

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
export async function databaseOf({ data }: Pick<DemoShop, 'data'>, service: string): Promise<Pool> {
  const folder = join(data, 'postgres');
  const secret = (await readFile(join(folder, 'password'), 'utf8')).trim();
  const running = await until(() => readPostmaster(join(folder, 'data')));
  const url = `postgres://postgres:${secret}@127.0.0.1:${running.port}/${service}`;
  return createPool({ url, name: 'test', log: pino({ level: 'silent' }), ...poolLimitsForSlowMachines });
}

/** Lets a service publish an event that it would never have written. */
export async function publish(pool: Pool, event: CloudEvent): Promise<void> {
  await pool.query({ text: 'insert into outbox (event) values ($1)', values: [JSON.stringify(event)] });
}

/** What nobody should ever run; it would tell on itself. */
export const hostile = `"'><img src=x onerror="globalThis.pwned=1"><script>globalThis.pwned=1</script>{{7*7}}`;

/** Whether all that was written on the page is text, and nothing of it has run. */
export async function isInert(page: Page): Promise<boolean> {
  const hasRun = await page.evaluate(() => 'pwned' in globalThis);
  return !hasRun && (await page.locator('img[src="x"], main script').count()) === 0;
}
