import { type Db, sql } from '@tradepost/postgres/db';

/** Units of each variant of a product `p` that can be bought, by position: `{3,0}`. The cheapest way to have them. */
export const availableUnits = `array(select s.on_hand - s.reserved from stock s
  where s.product_id = p.id order by s.position)::text`;

/** A product of a list, in the stored form of `domain/summary.ts`. */
export type ListItem = { summary: string; available: string };

const byIds = sql(
  'product.listed-by-ids',
  `select p.id, p.summary, ${availableUnits} from product p where p.id = any($1::uuid[])`,
);

/** The products with these ids, in their order; one that has gone meanwhile is left out. */
export async function listedByIds(db: Db, ids: readonly string[]): Promise<ListItem[]> {
  if (ids.length === 0) return [];
  const { rows } = await db.query<[string, string, string]>({ ...byIds([ids]), rowMode: 'array' });
  const found = new Map(rows.map(([id, summary, available]) => [id, { summary, available }]));
  return ids.flatMap((id) => found.get(id) ?? []);
}
