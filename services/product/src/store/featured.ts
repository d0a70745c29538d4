import { type Db, sql } from '@tradepost/postgres/db';

const mark = sql(
  'product.feature',
  `update product set featured = $2 where id = $1 and status = 'active' returning id`,
);

/** Puts a product that is for sale into the window, or takes it out; false where there is no such product. */
export async function setFeatured(db: Db, id: string, featured: boolean): Promise<boolean> {
  const { rows } = await db.query(mark([id, featured]));
  return rows.length > 0;
}
