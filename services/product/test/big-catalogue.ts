import type { Db } from '@tradepost/postgres/db';

const looks = [
  ...['blue', 'red', 'green', 'heavy', 'light', 'small', 'large', 'vintage', 'modern', 'soft'],
  ...['solid', 'woven', 'carved', 'glazed', 'plain', 'striped', 'folded', 'polished', 'rough', 'warm'],
];
const kinds = [
  ...['mug', 'lamp', 'chair', 'table', 'bowl', 'knife', 'blanket'],
  ...['pillow', 'rug', 'vase', 'clock', 'mirror', 'basket'],
];

const idFunction = `create function id(n int) returns uuid language sql immutable as $$
  select (lpad(to_hex(1700000000000 + n::bigint * 1000), 12, '0') || '7' || left(md5(n::text), 3) || '8'
    || substr(md5(n::text), 4, 15))::uuid $$`;

const priceOf = (v: number) => `json_build_object('amount', amount + ${100 * (v - 1)}, 'currency', 'EUR')`;

/** A part of a summary, as `domain/summary.ts` writes it. */
const part = (
  v: number,
) => `chr(31) || 'a' || left(json_build_object('sku', 'SKU-' || n || '-${v}', 'title', 'Size ${v}',
  'price', ${priceOf(v)}, 'priceVersion', 1, 'status', 'active', 'attributes', '{}'::json)::text, -1)`;

const products = `
  insert into product (id, slug, title, description, seller_id, status, categories, media, version, created_at, updated_at,
    currency, min_amount, max_amount, in_stock, title_key, keywords, summary)
  select id, 'p-' || n, title, description, seller, 'active', categories, '[]', 1, now(), now(), 'EUR', amount, amount + 100,
    n % 10 <> 0, lower(title), array_to_string(categories, ' ') || ' sku-' || n || '-1',
    left(json_build_object('id', id, 'slug', 'p-' || n, 'title', title, 'status', 'active', 'sellerId', seller,
      'categories', categories, 'media', '[]'::json, 'minPrice', ${priceOf(1)}, 'maxPrice', ${priceOf(2)}, 'version', 1,
      'createdAt', '2026-01-01T00:00:00.000Z', 'updatedAt', '2026-01-01T00:00:00.000Z')::text, -1) || ${part(1)} || ${part(2)}
  from (select n, id(n) as id, id(n % 1000) as seller, 500 + (n::bigint * 7919) % 20000 as amount,
      initcap(looks[1 + n % 20]) || ' ' || kinds[1 + (n / 20) % 13] || ' ' || left(md5(n::text), 5) as title,
      'Made by hand in our workshop, ' || left(md5(n::text), 8) || ' of ' || n || ', with care and '
        || left(md5((n % 5000)::text), 6) as description,
      array['c-' || n % 50, 'home'] as categories
    from generate_series($1::int, $2::int) as n, (select $3::text[] as looks, $4::text[] as kinds) as words) as made`;

const variants = `
  insert into variant (sku, product_id, position, title, amount, price_version, status, attributes)
  select 'SKU-' || n || '-' || v, id(n), v, 'Size ' || v, 500 + (n::bigint * 7919) % 20000 + 100 * (v - 1), 1, 'active', '{}'
  from generate_series($1::int, $2::int) as n, generate_series(1, 2) as v`;

const stock = `
  insert into stock (sku, product_id, position, on_hand)
  select 'SKU-' || n || '-' || v, id(n), v, case when n % 10 = 0 then 0 else 1000000 end
  from generate_series($1::int, $2::int) as n, generate_series(1, 2) as v`;

/** Fills a database with made-up products, of which one in twenty is blue, and lets PostgreSQL analyse them. */
export async function fillCatalogue(db: Db, size: number): Promise<void> {
  await db.query({ text: idFunction });
  for (let from = 1; from <= size; from += 2_000) {
    const range = [from, Math.min(from + 1_999, size)];
    await db.query({ text: products, values: [...range, looks, kinds] });
    for (const text of [variants, stock]) await db.query({ text, values: range });
  }
  await db.query({ text: 'insert into search_word select unnest($1::text[])', values: [[...looks, ...kinds]] });
  for (const table of ['product', 'variant', 'stock', 'search_word']) {
    await db.query({ text: `vacuum (analyze) ${table}` });
  }
}

/** The words of the titles, and twenty thousand categories: what corrections and suggestions look into beside the products. */
export async function fillWords(db: Db): Promise<void> {
  const text = "insert into search_word select distinct unnest(string_to_array(lower(title), ' ')) from product";
  await db.query({ text: `${text} on conflict do nothing` });
  const categories = "select 'c-' || n, 1 + n % 7 from generate_series(1, 20000) as n";
  await db.query({ text: `insert into category (slug, products) ${categories} on conflict do nothing` });
  for (const table of ['search_word', 'category']) await db.query({ text: `vacuum (analyze) ${table}` });
}

const ginIndexes = `select indexname as name, indexdef as definition from pg_indexes
  where tablename = 'product' and schemaname = current_schema and indexdef like '% USING gin %'`;

/** Products alone, in a fourth of the time: their search indexes are made anew afterwards. */
export async function fillProducts(db: Db, size: number): Promise<void> {
  await db.query({ text: idFunction });
  const { rows } = await db.query<{ name: string; definition: string }>({ text: ginIndexes });
  for (const { name } of rows) await db.query({ text: `drop index ${name}` });
  for (let from = 1; from <= size; from += 2_000) {
    await db.query({ text: products, values: [from, Math.min(from + 1_999, size), looks, kinds] });
  }
  for (const { definition } of rows) await db.query({ text: definition });
  await db.query({ text: 'vacuum (analyze) product' });
}
