import { migrate } from '@tradepost/postgres/migrate';
import { createPool, type Pool } from '@tradepost/postgres/pool';
import { pino } from 'pino';
import { type ServiceName, serviceNames } from '../../images/built-services.ts';
import { fillCatalogue } from '../../services/product/test/big-catalogue.ts';
import { databaseName } from './deployment.ts';
import type { Infrastructure } from './infrastructure.ts';
import { fillOrders, fillReservations } from './past-orders.ts';

/** How much is in the databases before anything is measured. */
export type Size = { products: number; orders: number };

export const tagOf = ({ products, orders }: Size): string => `${products}_${orders}`;

const log = pino({ level: 'fatal' });

/**
 * Makes and migrates the databases of a size, and fills them in sets, as if services had: 1,000,000 products take
 * minutes. Those that a run before has filled are taken as they are.
 */
export async function seedDatabases(
  infrastructure: Infrastructure,
  size: Size,
  onStep: (what: string) => void,
): Promise<void> {
  const tag = tagOf(size);
  const marker = `filled_${tag}`;
  const isNew = await infrastructure.postgres.create(marker);
  try {
    for (const service of serviceNames) {
      const database = databaseName(service, tag);
      if (isNew) await infrastructure.postgres.drop(database);
      await infrastructure.postgres.create(database);
      const directory = new URL(`../../services/${service}/migrations/`, import.meta.url);
      await migrate({ url: infrastructure.postgres.url(database), directory, log });
    }
    if (!isNew) return;
    const open = (service: ServiceName) => openPool(infrastructure, databaseName(service, tag));
    const [product, order] = [open('product'), open('order')];
    try {
      onStep(`${size.products} products`);
      await fillCatalogue(product, size.products);
      await copyCatalogueProjection(order, size.products);
      if (size.orders > 0) {
        onStep(`${size.orders} orders`);
        await fillOrders(order, size);
        await fillReservations(product, size);
      }
    } finally {
      await Promise.all([product.end(), order.end()]);
    }
  } catch (error) {
    if (isNew) await infrastructure.postgres.drop(marker);
    throw error;
  }
}

/**
 * Reads the databases of a size into memory, as they are on a server that has been up for a while: otherwise the disk, and
 * what the kernel does about it, would be measured with large ones.
 */
export async function preloadDatabases(infrastructure: Infrastructure, size: Size): Promise<void> {
  for (const service of ['product', 'order'] as const) {
    const database = databaseName(service, tagOf(size));
    await infrastructure.postgres.run(database, 'create extension if not exists pg_prewarm');
    await infrastructure.postgres.run(
      database,
      `select pg_prewarm(oid) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'i')`,
    );
  }
}

function openPool(infrastructure: Infrastructure, database: string): Pool {
  return createPool({ url: infrastructure.postgres.url(database), name: 'bench', max: 2, statementTimeoutMs: 0, log });
}

/** What `order` would have copied from `product`. */
async function copyCatalogueProjection(order: Pool, products: number): Promise<void> {
  await order.query({
    text: `create function id(n int) returns uuid language sql immutable as $$
      select (lpad(to_hex(1700000000000 + n::bigint * 1000), 12, '0') || '7' || left(md5(n::text), 3) || '8'
        || substr(md5(n::text), 4, 15))::uuid $$`,
  });
  await order.query({
    text: `insert into sellable_variant (sku, product_id, seller_id, title, amount, currency, for_sale, price_version,
        product_version, details_version)
      select 'SKU-' || n || '-' || v, id(n), id(n % 1000), 'Size ' || v, 500 + (n::bigint * 7919) % 20000 + 100 * (v - 1),
        'EUR', true, 1, 1, 1
      from generate_series(1, $1::int) as n, generate_series(1, 2) as v`,
    values: [products],
  });
  await order.query({
    text: 'insert into catalogue_fill (completed) values (true) on conflict (only_one) do update set completed = true',
  });
}
