import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Deployment } from './deployment.ts';
import type { Infrastructure } from './infrastructure.ts';
import { switchRules } from './pricing-rules.ts';

/** Looks for what is on its way, in the databases themselves: a statement now and then, which hardly counts. */
export async function openDatabases({ postgres }: Infrastructure, deployment: Deployment) {
  const open = async (service: 'order' | 'product') => {
    const client = new pg.Client({ connectionString: postgres.url(deployment.database(service)) });
    await client.connect();
    return client;
  };
  const [order, product] = [await open('order'), await open('product')];
  const isBusy = async (client: pg.Client, what: string) => {
    const { rows } = await client.query(`select exists (select from outbox) or exists (${what}) as busy`);
    return rows[0]?.busy === true;
  };
  const numberOf = async (client: pg.Client, what: string) =>
    Number((await client.query(`select count(*) as number from ${what}`)).rows[0]?.number);
  return {
    /** With rules, orders have shipping, taxes and two promotions. */
    switchRules: (on: boolean) => switchRules((text) => order.query(text), on),
    async backlog() {
      const [ordered, reserved] = [await numberOf(order, 'outbox'), await numberOf(product, 'outbox')];
      return { outbox: ordered + reserved, unsettled: await numberOf(order, 'orders where due_at is not null') };
    },
    paid: () => numberOf(order, `orders where status = 'confirmed'`),
    async settled() {
      for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(20)) {
        const pending = await isBusy(order, `select from orders where due_at is not null`);
        if (!pending && !(await isBusy(product, `select from reservation where status = 'held'`))) return;
      }
      throw new Error('Orders or messages are on their way a minute after the last request');
    },
    async close() {
      await Promise.all([order.end(), product.end()]);
    },
  };
}
