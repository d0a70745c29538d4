import type { Answer, Shop } from './shop.ts';

/** How many rows there are of everything that a request might have written. */
export async function countRows(shop: Shop): Promise<unknown> {
  // What was written before has been published by then.
  await shop.settled();
  const tables = [
    'product',
    'variant',
    'stock',
    'stock_adjustment',
    'category',
    'idempotency_key',
    'outbox',
    'search_word',
  ];
  const { rows } = await shop.service.pool.query({
    text: `select ${tables.map((table) => `(select count(*) from ${table}) as ${table}`).join(', ')}`,
  });
  return rows[0];
}

/** The fields that an answer finds fault with. */
export const fieldsOf = ({ body }: Answer): string[] =>
  body.errors?.map((error: { field: string }) => error.field) ?? [];
