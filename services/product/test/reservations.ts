import { expect } from 'vitest';
import { mug, newSku, type Shop } from './shop.ts';

/** Puts a new product on sale. */
export async function offer(
  shop: Shop,
  stock: number,
  over: Record<string, unknown> = {},
): Promise<{ id: string; sku: string; seller: string }> {
  const seller = shop.as('seller');
  const sku = newSku();
  const { body, status } = await seller.call('POST', '/api/v1/products', mug(sku, over, { stock }));
  expect(status).toBe(201);
  return { id: body.id, sku, seller: seller.id };
}

/** The dead letters of an event. */
export const deadLetters = async (shop: Shop, eventId: string) => {
  const { rows } = await shop.service.pool.query<{ error: string }>({
    text: 'select error from dead_letter where event_id = $1',
    values: [eventId],
  });
  return rows;
};
