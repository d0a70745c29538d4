import type { EventData } from '@tradepost/contracts/events';
import { type Db, sql } from '@tradepost/postgres/db';
import { type StoredStatus, sellersStatus } from './products.ts';

type Snapshot = EventData<'product.changed.v1'>;

/** [sku, title, amount, status, price version, grams] */
type VariantRow = [string, string, number, 'active' | 'archived', number, number | null];

type Row = {
  id: string;
  slug: string;
  title: string;
  seller_id: string;
  status: StoredStatus;
  version: number;
  currency: string;
  tax_class: string;
  digital: boolean;
  categories: string[];
  variants: VariantRow[];
};

const columns = `select p.id, p.slug, p.title, p.seller_id, p.status, p.version, p.currency, p.tax_class,
    p.digital, p.categories,
    (select json_agg(json_build_array(v.sku, v.title, v.amount, v.status, v.price_version, v.weight_grams)
     order by v.position) from variant v where v.product_id = p.id) as variants
  from product p`;
const page = sql(
  'sellable-variant.page',
  `${columns} where p.id > coalesce($1, '00000000-0000-0000-0000-000000000000'::uuid) order by p.id limit $2`,
);
const bySku = sql(
  'sellable-variant.by-sku',
  `${columns} where p.id in (select product_id from variant where sku = any($1::text[])) order by p.id`,
);

/** Products after the one with id `after`, archived ones included, as `product.changed.v1` tells them; by id. */
export async function snapshotsAfter(db: Db, after: string | null, limit: number): Promise<Snapshot[]> {
  const { rows } = await db.query<Row>(page([after, limit]));
  return rows.map(toSnapshot);
}

/** The products that have any of these SKUs. */
export async function snapshotsOf(db: Db, skus: readonly string[]): Promise<Snapshot[]> {
  const { rows } = await db.query<Row>(bySku([skus]));
  return rows.map(toSnapshot);
}

function toSnapshot(row: Row): Snapshot {
  const { currency } = row;
  return {
    productId: row.id,
    slug: row.slug,
    title: row.title,
    sellerId: row.seller_id,
    // `order` knows by itself which sellers may not sell.
    status: sellersStatus(row.status),
    version: row.version,
    taxClass: row.tax_class,
    digital: row.digital,
    categories: row.categories,
    variants: row.variants.map(([sku, title, amount, status, priceVersion, weightGrams]) => ({
      sku,
      title,
      price: { amount, currency },
      status,
      priceVersion,
      ...(weightGrams !== null && { weightGrams }),
    })),
  };
}
