import { columnArrays } from '@tradepost/postgres/column-arrays';
import { type Statement, sql } from '@tradepost/postgres/db';
import type { WantedLine } from '../domain/pricing.ts';

export type CartChange = { cartId: string; line: WantedLine; at: Date };

const changeRows = columnArrays<CartChange>({
  cart_id: ['uuid', ({ cartId }) => cartId],
  sku: ['text', ({ line }) => line.sku],
  quantity: ['int', ({ line }) => line.quantity],
  at: ['timestamptz', ({ at }) => at],
});

// Carts are locked in ascending order of their ids, so that two batches cannot deadlock. Whoever waited for a checkout or a merge
// sees that the cart is closed, since PostgreSQL checks the conditions again on the row that it waited for.
const setLinesOfOpen = sql(
  'cart-line.set',
  `with t as (select * from ${changeRows.unnest('t')}),
    locked as (
      select id from cart where id in (select cart_id from t) and order_id is null and merged_into is null
      order by id for update),
    touched as (
      update cart c set updated_at = t.at, version = c.version + 1
        from t join locked on id = t.cart_id where c.id = locked.id),
    gone as (
      delete from cart_line l using t join locked on id = t.cart_id
      where l.cart_id = t.cart_id and l.sku = t.sku and t.quantity = 0),
    kept as (
      insert into cart_line (cart_id, sku, quantity, added_at)
        select t.cart_id, t.sku, t.quantity, t.at from t join locked on id = t.cart_id where t.quantity > 0
        on conflict (cart_id, sku) do update set quantity = excluded.quantity)
    select id from locked`,
  { genericPlan: true },
);

/**
 * Sets quantities of lines; 0 removes one. Its rows are the ids of the carts that were open; a change of another is not made: that cart has
 * become an order or was merged into another. Throws RangeError for two changes of one line.
 */
export function setLines(changes: readonly CartChange[]): Statement {
  const lines = new Set(changes.map(({ cartId, line }) => `${cartId} ${line.sku}`));
  if (lines.size < changes.length) throw new RangeError('One statement cannot change a line twice');
  return setLinesOfOpen(changeRows.values(changes));
}
