import { type Db, sql } from '@tradepost/postgres/db';

/** The slugs of the navigation in their order, with a version that rises by one with each change. */
export type CategoryNavigation = { slugs: string[]; version: number };

const read = sql('category-navigation.read', 'select slugs, version from category_navigation');

export async function readNavigation(db: Db): Promise<CategoryNavigation> {
  const { rows } = await db.query<CategoryNavigation>(read([]));
  return rows[0] ?? { slugs: [], version: 1 };
}

// One statement compares the version and writes, so that of two operators who change the same version one is refused.
const replace = sql(
  'category-navigation.replace',
  `update category_navigation set slugs = $1, version = version + 1
    where $2::int[] is null or version = any($2) returning slugs, version`,
);

/** Replaces the navigation, unless it has another version than those given (null: any). Undefined where it has. */
export async function replaceNavigation(
  db: Db,
  slugs: readonly string[],
  versions: readonly number[] | null,
): Promise<CategoryNavigation | undefined> {
  const { rows } = await db.query<CategoryNavigation>(replace([slugs, versions]));
  return rows[0];
}

const shown = sql(
  'category-navigation.shown',
  `select c.slug, c.products from category_navigation n, unnest(n.slugs) with ordinality as shown(slug, position)
    join category c using (slug) where c.products > 0 order by position limit $1`,
);

/** The categories of the navigation that have active products, in the order of the navigation. */
export async function navigationCategories(db: Db, limit: number): Promise<{ slug: string; products: number }[]> {
  const { rows } = await db.query<{ slug: string; products: number }>(shown([limit]));
  return rows;
}
