import { type Actor, type Answer, mug, type Shop } from './shop.ts';

export const NDJSON = { 'content-type': 'application/x-ndjson' };
export const CSV = { 'content-type': 'text/csv; charset=utf-8' };

/** Uploads a file as this actor. */
export const upload = (
  actor: Actor,
  file: string | Uint8Array,
  headers: Record<string, string> = NDJSON,
): Promise<Answer> => actor.call('POST', '/api/v1/products/imports', file, headers);

/** A line of NDJSON. */
export const ndjsonRow = (sku: string, over: Record<string, unknown> = {}, variant = {}) =>
  JSON.stringify(mug(sku, over, variant));

/** The products of a seller, in the order of their creation. */
export async function ofSeller(shop: Shop, sellerId: string) {
  const { rows } = await shop.service.pool.query<{ title: string; version: number; skus: string }>({
    text: `select title, version, (select string_agg(sku, ',' order by position) from variant where product_id = p.id) as skus
      from product p where seller_id = $1 order by id`,
    values: [sellerId],
  });
  return rows;
}

/** The product that a search for the SKU finds. */
export async function productOf(shop: Shop, sku: string) {
  const { body } = await shop.nobody.call('GET', `/api/v1/products?q=${sku}`);
  const { body: product } = await shop.nobody.call('GET', `/api/v1/products/${body.items[0].id}`);
  return product;
}
