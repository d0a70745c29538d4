import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import type { Media, Product, Status, Variant } from '../domain/product.ts';

/** As stored: an active product whose seller may not sell is `suspended`. */
export type StoredStatus = Status | 'suspended';

type ProductRow = {
  id: string;
  slug: string;
  title: string;
  description: string;
  seller_id: string;
  status: StoredStatus;
  categories: string[];
  media: Media[];
  tax_class: string;
  digital: boolean;
  currency: string;
  version: number;
  created_at: Date;
  updated_at: Date;
  variants: VariantRow[];
};

/** [sku, title, amount, price version, status, position, attributes, grams] */
type VariantRow = [string, string, number, number, Status, number, Record<string, string>, number | null];

const columns = `p.id, p.slug, p.title, p.description, p.seller_id, p.status, p.categories, p.media, p.currency, p.version,
  p.created_at, p.updated_at, p.tax_class, p.digital,
  (select json_agg(json_build_array(v.sku, v.title, v.amount, v.price_version, v.status, v.position, v.attributes,
     v.weight_grams) order by v.position) from variant v where v.product_id = p.id) as variants`;

const byIds = sql('product.by-ids', `select ${columns} from product p where p.id = any($1::uuid[])`);

const lock = sql('product.lock', 'select id from product where id = any($1::uuid[]) order by id for no key update');

/**
 * The products with these ids, locked until the transaction ends, by id. What they are is read by a second statement: the
 * first may have waited for a change, and would mix the row after it with the variants before it.
 */
export async function lockProducts(tx: Tx, ids: readonly string[]): Promise<Map<string, Product>> {
  if (ids.length === 0) return new Map();
  await tx.query(lock([ids]));
  return productsById(tx, ids);
}

export async function productsById(db: Db, ids: readonly string[]): Promise<Map<string, Product>> {
  const { rows } = await db.query<ProductRow>(byIds([ids]));
  return new Map(rows.map((row) => [row.id, toProduct(row)]));
}

/** Which product each of the SKUs belongs to; those that nobody has are left out. */
export async function productIdsBySku(db: Db, skus: readonly string[]): Promise<Map<string, string>> {
  // Without a name, so that it is planned anew each time: an import fills a table that was empty when it began.
  const text = 'select sku, product_id from variant where sku = any($1::text[])';
  const { rows } = await db.query<{ sku: string; product_id: string }>({ text, values: [skus] });
  return new Map(rows.map((row) => [row.sku, row.product_id]));
}

const takenSlugs = sql('product.taken-slugs', 'select slug from product where slug = any($1::text[])');

/** Which of the slugs are in use. */
export async function slugsInUse(db: Db, slugs: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ slug: string }>(takenSlugs([slugs]));
  return new Set(rows.map((row) => row.slug));
}

/** The status as the seller has set it. */
export const sellersStatus = (stored: StoredStatus): Status => (stored === 'archived' ? 'archived' : 'active');

function toProduct(row: ProductRow): Product {
  return {
    id: row.id,
    slug: row.slug,
    title: row.title,
    description: row.description,
    status: sellersStatus(row.status),
    sellerId: row.seller_id,
    isSuspended: row.status === 'suspended',
    categories: row.categories,
    media: row.media,
    taxClass: row.tax_class,
    digital: row.digital,
    currency: row.currency,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    variants: row.variants.map(toVariant),
  };
}

function toVariant([sku, title, amount, priceVersion, status, position, attributes, weightGrams]: VariantRow): Variant {
  return { sku, title, amount, priceVersion, status, position, attributes, weightGrams };
}
