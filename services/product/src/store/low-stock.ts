import { type Db, sql } from '@tradepost/postgres/db';

export type SellerStock = {
  sku: string;
  productId: string;
  title: string;
  variantTitle: string;
  onHand: number;
  reserved: number;
  available: number;
};

const named = sql(
  'stock.named',
  `select v.sku, p.id as "productId", p.title, v.title as "variantTitle", p.seller_id as "sellerId"
    from variant v join product p on p.id = v.product_id
    where v.sku = any($1::text[]) and v.status = 'active' and p.status = 'active'`,
);

/** Those of these SKUs that are on sale, with what their sellers call them. */
export async function namesOfSkus(
  db: Db,
  skus: readonly string[],
): Promise<{ sku: string; productId: string; title: string; variantTitle: string; sellerId: string }[]> {
  const { rows } = await db.query<Awaited<ReturnType<typeof namesOfSkus>>[number]>(named([skus]));
  return rows;
}

const lowStock = sql(
  'stock.low-of-seller',
  `select s.sku, p.id as "productId", p.title, v.title as "variantTitle", s.on_hand as "onHand", s.reserved,
      s.on_hand - s.reserved as available
    from product p join stock s on s.product_id = p.id join variant v on v.sku = s.sku
    where p.seller_id = $1 and p.status = 'active' and v.status = 'active' and s.on_hand - s.reserved <= $2
      and ($3::int is null or (s.on_hand - s.reserved, s.sku) > ($3, $4::text))
    order by s.on_hand - s.reserved, s.sku limit $5`,
);

/** What a seller has for sale and no more than `atMost` of, the scarcest first, after a place in that order. */
export async function lowStockOf(
  db: Db,
  sellerId: string,
  o: { atMost: number; after: { available: number; sku: string } | null; limit: number },
): Promise<SellerStock[]> {
  const { rows } = await db.query<SellerStock>(
    lowStock([sellerId, o.atMost, o.after?.available ?? null, o.after?.sku ?? null, o.limit]),
  );
  return rows;
}
