import type { EventData } from '@tradepost/contracts/events';
import type { Db, Tx } from '@tradepost/postgres/db';
import type { SellableVariant } from '../domain/pricing.ts';
import { isSuspended } from './seller-status.ts';

type ProductSnapshot = EventData<'product.changed.v1'>;

export async function variantsBySku(db: Db, skus: readonly string[]): Promise<Map<string, SellableVariant>> {
  const { rows } = await db.query<{
    sku: string;
    product_id: string;
    seller_id: string;
    title: string;
    amount: number;
    currency: string;
    for_sale: boolean;
    suspended: boolean;
    price_version: number;
    tax_class: string;
    weight_grams: number;
    digital: boolean;
    categories: string[];
  }>({
    name: 'sellable-variant.by-sku',
    text: `select v.sku, v.product_id, v.seller_id, v.title, v.amount, v.currency, v.for_sale, v.price_version, v.tax_class, v.weight_grams, v.digital, v.categories,
        ${isSuspended} as suspended
      from sellable_variant v left join seller_status s using (seller_id) where v.sku = any($1::text[])`,
    values: [skus],
  });
  return new Map(
    rows.map((row) => [
      row.sku,
      {
        sku: row.sku,
        productId: row.product_id,
        sellerId: row.seller_id,
        title: row.title,
        price: { amount: row.amount, currency: row.currency },
        forSale: row.for_sale && !row.suspended,
        sellerSuspended: row.suspended,
        priceVersion: row.price_version,
        taxClass: row.tax_class,
        weightGrams: row.weight_grams,
        digital: row.digital,
        categories: row.categories,
      },
    ]),
  );
}

/**
 * Takes over the variants of products, each unless a later version of its product is there already. A variant that is
 * missing from a snapshot stays known, as it was: products archive their variants, they do not remove them.
 */
export async function saveProducts(db: Db | Tx, products: readonly ProductSnapshot[]): Promise<void> {
  const latest = new Map<string, { product: ProductSnapshot; variant: ProductSnapshot['variants'][number] }>();
  for (const product of products) {
    for (const variant of product.variants) {
      const known = latest.get(variant.sku);
      if (!known || known.product.version < product.version) latest.set(variant.sku, { product, variant });
    }
  }
  // In the order of the SKUs, so that two batches never wait for each other in a ring.
  const rows = [...latest.values()].sort((a, b) => (a.variant.sku < b.variant.sku ? -1 : 1));
  if (rows.length === 0) return;
  await db.query({
    name: 'sellable-variant.save',
    text: `insert into sellable_variant as v
        (sku, product_id, seller_id, title, amount, currency, for_sale, price_version, product_version)
      select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::text[], $7::boolean[],
        $8::int[], $9::int[])
      on conflict (sku) do update set product_id = excluded.product_id, seller_id = excluded.seller_id,
        title = excluded.title, amount = excluded.amount, currency = excluded.currency, for_sale = excluded.for_sale,
        price_version = excluded.price_version, product_version = excluded.product_version
      where v.product_version < excluded.product_version`,
    values: [
      rows.map(({ variant }) => variant.sku),
      rows.map(({ product }) => product.productId),
      rows.map(({ product }) => product.sellerId),
      rows.map(({ product, variant }) => titleOf(product.title, variant.title)),
      rows.map(({ variant }) => variant.price.amount),
      rows.map(({ variant }) => variant.price.currency),
      rows.map(({ product, variant }) => product.status === 'active' && variant.status === 'active'),
      rows.map(({ variant }) => variant.priceVersion),
      rows.map(({ product }) => product.version),
    ],
  });
}

const titleOf = (product: string, variant: string): string =>
  variant === '' || variant === product ? product : `${product}, ${variant}`;

export type BackfillState = { after: string | null; completed: boolean };

/** How far the first fill of the copy has come. */
export async function readBackfillState(db: Db): Promise<BackfillState> {
  const { rows } = await db.query<BackfillState>({
    name: 'catalogue-fill.read',
    text: 'select after, completed from catalogue_fill',
  });
  return rows[0] ?? { after: null, completed: false };
}

export async function saveBackfillState(db: Db, state: BackfillState): Promise<void> {
  await db.query({
    name: 'catalogue-fill.save',
    text: 'update catalogue_fill set after = $1, completed = $2',
    values: [state.after, state.completed],
  });
}
