import { ProblemError } from '@tradepost/contracts/problem-error';
import { sql, type Tx } from '@tradepost/postgres/db';
import { keywords, type Product, priceRange, titleKey, type Variant } from '../domain/product.ts';
import { renderSummary } from '../domain/summary.ts';

/** A product to be written, and what it was before; `before` is missing where it is new. */
export type Write = {
  before: Product | undefined;
  after: Product;
  /** Of a new product; `noteInStock` notes it of a product that is there already. */
  inStock: boolean;
};

const fields = `id uuid, slug text, title text, description text, seller_id uuid, status text, categories text[],
  media jsonb, version int, created_at timestamptz, updated_at timestamptz, currency text, min_amount bigint,
  max_amount bigint, in_stock boolean, title_key text, keywords text, summary text, tax_class text, digital boolean`;

const insertProducts = sql(
  'product.insert',
  `insert into product (id, slug, title, description, seller_id, status, categories, media, version, created_at,
      updated_at, currency, min_amount, max_amount, in_stock, title_key, keywords, summary, tax_class, digital)
    select id, slug, title, description, seller_id, status, categories, media, version, created_at, updated_at, currency,
      min_amount, max_amount, in_stock, title_key, keywords, summary, tax_class, digital
    from json_to_recordset($1::json) as r(${fields}) order by slug`,
);

const updateProducts = sql(
  'product.update',
  `update product p set title = r.title, description = r.description, status = r.status, categories = r.categories,
      media = r.media, version = r.version, updated_at = r.updated_at, min_amount = r.min_amount,
      max_amount = r.max_amount, title_key = r.title_key, keywords = r.keywords, summary = r.summary,
      tax_class = r.tax_class, digital = r.digital
    from json_to_recordset($1::json) as r(${fields}) where p.id = r.id`,
);

const variantFields = `sku text, product_id uuid, position int, title text, amount bigint, price_version int,
  status text, attributes jsonb, weight_grams int`;

const insertVariants = sql(
  'variant.insert',
  `insert into variant (sku, product_id, position, title, amount, price_version, status, attributes, weight_grams)
    select sku, product_id, position, title, amount, price_version, status, attributes, weight_grams
    from json_to_recordset($1::json) as r(${variantFields}) order by sku collate "C"
    on conflict (sku) do nothing returning sku`,
);

const updateVariants = sql(
  'variant.update',
  `update variant v set title = r.title, amount = r.amount, price_version = r.price_version, status = r.status,
      attributes = r.attributes, weight_grams = r.weight_grams
    from json_to_recordset($1::json) as r(${variantFields}) where v.sku = r.sku`,
);

/**
 * Writes products and their variants. Rows that may be waited for (slugs, SKUs) are written in their order, so that two
 * writers never wait for each other in a ring. Those that were there must be locked by the transaction.
 * Refuses with `sku_taken`, naming them, when another product has SKUs of a new variant.
 */
export async function writeProducts(tx: Tx, writes: readonly Write[]): Promise<void> {
  const added = writes.filter((write) => !write.before);
  const changed = writes.filter((write) => write.before);
  if (changed.length > 0) await tx.query(updateProducts([rowsOf(changed)]));
  if (added.length > 0) await tx.query(insertProducts([rowsOf(added)]));
  const variants = { added: [] as object[], changed: [] as object[] };
  const newSkus: string[] = [];
  for (const { before, after } of writes) {
    const known = new Map(before?.variants.map((variant) => [variant.sku, variant]));
    for (const variant of after.variants) {
      const was = known.get(variant.sku);
      if (!was) newSkus.push(variant.sku);
      if (was !== variant) variants[was ? 'changed' : 'added'].push(variantRow(after.id, variant));
    }
  }
  if (variants.changed.length > 0) await tx.query(updateVariants([JSON.stringify(variants.changed)]));
  if (variants.added.length === 0) return;
  const { rows } = await tx.query<{ sku: string }>(insertVariants([JSON.stringify(variants.added)]));
  const written = new Set(rows.map((row) => row.sku));
  const taken = newSkus.filter((sku) => !written.has(sku));
  if (taken.length > 0) throw skuTaken(taken);
}

/** The refusal of SKUs that another product has. */
export function skuTaken(skus: readonly string[]): ProblemError {
  return new ProblemError('sku_taken', `In use by another product: ${skus.join(', ')}`, { extra: { skus } });
}

const rowsOf = (writes: readonly Write[]): string => JSON.stringify(writes.map(productRow));

function productRow({ after: product, inStock }: Write): object {
  const { min, max } = priceRange(product);
  return {
    id: product.id,
    slug: product.slug,
    title: product.title,
    description: product.description,
    seller_id: product.sellerId,
    status: product.status === 'active' && product.isSuspended ? 'suspended' : product.status,
    categories: product.categories,
    media: product.media,
    version: product.version,
    created_at: product.createdAt,
    updated_at: product.updatedAt,
    currency: product.currency,
    min_amount: min,
    max_amount: max,
    in_stock: inStock,
    title_key: titleKey(product.title),
    keywords: keywords(product),
    summary: renderSummary(product),
    tax_class: product.taxClass,
    digital: product.digital,
  };
}

function variantRow(productId: string, variant: Variant): object {
  const { priceVersion, weightGrams, ...rest } = variant;
  return { ...rest, product_id: productId, price_version: priceVersion, weight_grams: weightGrams };
}
