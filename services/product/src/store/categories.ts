import { type Db, sql, type Tx } from '@tradepost/postgres/db';

const largest = sql(
  'category.largest',
  'select slug, products from category where products > 0 order by products desc, slug limit $1',
);

/** The categories with the most active products. */
export async function largestCategories(db: Db, limit: number): Promise<{ slug: string; products: number }[]> {
  const { rows } = await db.query<{ slug: string; products: number }>(largest([limit]));
  return rows;
}

// Sellers make categories by naming them: however many begin so, the first of them are looked at alone.
const beginning = sql(
  'category.beginning',
  `select slug, products from (select slug, products from category
      where slug >= $1 and slug < $1 || '~' and products > 0 order by slug limit 100) as begun
    order by products desc, slug limit $2`,
);

/** The categories with the most active products of those whose slug begins so. */
export async function categoriesBeginning(
  db: Db,
  start: string,
  limit: number,
): Promise<{ slug: string; products: number }[]> {
  if (start === '') return [];
  const { rows } = await db.query<{ slug: string; products: number }>(beginning([start, limit]));
  return rows;
}

// A CHECK looks at the row that was proposed even where one is there already, so no number below 0 may be proposed.
const countCategories = sql(
  'category.count',
  `insert into category as c (slug, products)
    select key, greatest(value::int, 0) from jsonb_each_text($1::jsonb) order by key collate "C"
    on conflict (slug) do update set products = c.products + ($1::jsonb ->> c.slug)::int`,
);

/** Adds to the number of active products of each category; the last thing a transaction does, as many wait for it. */
export async function addToCategories(tx: Tx, changes: ReadonlyMap<string, number>): Promise<void> {
  const entries = [...changes].filter(([, change]) => change !== 0);
  if (entries.length === 0) return;
  await tx.query(countCategories([JSON.stringify(Object.fromEntries(entries))]));
}
