import type { EventData } from '@tradepost/contracts/events';
import { columnArrays } from '@tradepost/postgres/column-arrays';
import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import type { SellableVariant } from '../domain/pricing.ts';
import { isSuspended } from './seller-status.ts';

type ProductSnapshot = EventData<'product.changed.v1'>;

export type VariantRow = {
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
};

const variants = `select v.sku, v.product_id, v.seller_id, v.title, v.amount, v.currency, v.for_sale, v.price_version,
    v.tax_class, v.weight_grams, v.digital, v.categories, ${isSuspended} as suspended
  from sellable_variant v left join seller_status s using (seller_id)`;

const bySku = sql('sellable-variant.by-sku', `${variants} where v.sku = any($1::text[])`, { genericPlan: true });

export async function variantsBySku(db: Db, skus: readonly string[]): Promise<Map<string, SellableVariant>> {
  const { rows } = await db.query<VariantRow>(bySku([skus]));
  return toVariants(rows);
}

/** Reads the variants of these SKUs and of the lines of these carts. */
export const variantsOfCarts = sql(
  'sellable-variant.of-carts',
  `${variants} where v.sku = any($1::text[] || array(select l.sku from cart_line l where l.cart_id = any($2::uuid[])))`,
  { genericPlan: true },
);

export const toVariants = (rows: readonly VariantRow[]): Map<string, SellableVariant> =>
  new Map(
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

/** A variant with its product. */
type CopiedVariant = { product: ProductSnapshot; variant: ProductSnapshot['variants'][number] };

/** Whether a snapshot says how its product is taxed and shipped: one of a version of `product` before does not. */
export const hasDetails = ({ taxClass, digital, categories }: ProductSnapshot): boolean =>
  taxClass !== undefined || digital !== undefined || categories !== undefined;

const copiedRows = columnArrays<CopiedVariant>({
  sku: ['text', ({ variant }) => variant.sku],
  product_id: ['uuid', ({ product }) => product.productId],
  seller_id: ['uuid', ({ product }) => product.sellerId],
  title: ['text', ({ product, variant }) => titleOf(product.title, variant.title)],
  amount: ['bigint', ({ variant }) => variant.price.amount],
  currency: ['text', ({ variant }) => variant.price.currency],
  for_sale: ['boolean', ({ product, variant }) => product.status === 'active' && variant.status === 'active'],
  price_version: ['int', ({ variant }) => variant.priceVersion],
  product_version: ['int', ({ product }) => product.version],
  tax_class: ['text', ({ product }) => product.taxClass ?? 'standard'],
  weight_grams: ['int', ({ variant }) => variant.weightGrams ?? 0],
  digital: ['boolean', ({ product }) => product.digital ?? false],
  // Rows of different lengths make no array of arrays.
  categories: ['jsonb', ({ product }) => JSON.stringify(product.categories ?? [])],
  details_version: ['int', ({ product }) => (hasDetails(product) ? product.version : 0)],
});

const save = sql(
  'sellable-variant.save',
  `insert into sellable_variant as v
      (sku, product_id, seller_id, title, amount, currency, for_sale, price_version, product_version, tax_class, weight_grams,
        digital, categories, details_version)
    select sku, product_id, seller_id, title, amount, currency, for_sale, price_version, product_version, tax_class, weight_grams,
        digital, array(select jsonb_array_elements_text(categories)), details_version
      from ${copiedRows.unnest('t')}
    on conflict (sku) do update set product_id = excluded.product_id, seller_id = excluded.seller_id,
      title = excluded.title, amount = excluded.amount, currency = excluded.currency, for_sale = excluded.for_sale,
      price_version = excluded.price_version, product_version = excluded.product_version,
      tax_class = case when excluded.details_version > 0 then excluded.tax_class else v.tax_class end,
      weight_grams = case when excluded.details_version > 0 then excluded.weight_grams else v.weight_grams end,
      digital = case when excluded.details_version > 0 then excluded.digital else v.digital end,
      categories = case when excluded.details_version > 0 then excluded.categories else v.categories end,
      details_version = greatest(v.details_version, excluded.details_version)
    where v.product_version < excluded.product_version
      or (v.product_version = excluded.product_version and v.details_version < excluded.details_version)`,
);

/**
 * Takes over the variants of products, each unless a later version of its product is there already. A variant that is
 * missing from a snapshot stays known, as it was: products archive their variants, they do not remove them. A snapshot without
 * details leaves those that are there; `skusWithoutDetails` tells of such variants.
 */
export async function saveProducts(db: Db | Tx, products: readonly ProductSnapshot[]): Promise<void> {
  const latest = new Map<string, CopiedVariant>();
  for (const product of products) {
    for (const variant of product.variants) {
      const known = latest.get(variant.sku);
      if (!known || known.product.version < product.version) latest.set(variant.sku, { product, variant });
    }
  }
  // In the order of the SKUs, so that two batches never wait for each other in a ring.
  const rows = [...latest.values()].sort((a, b) => (a.variant.sku < b.variant.sku ? -1 : 1));
  if (rows.length > 0) await db.query(save(copiedRows.values(rows)));
}

const withoutDetails = sql(
  'sellable-variant.without-details',
  'select sku from sellable_variant where details_version < product_version and sku > $1 order by sku limit $2',
);

/** The next SKUs after `after` whose details are not of the version of their product; in order. */
export async function skusWithoutDetails(db: Db, after: string, limit: number): Promise<string[]> {
  const { rows } = await db.query<{ sku: string }>(withoutDetails([after, limit]));
  return rows.map(({ sku }) => sku);
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
