import { type Static, Type } from 'typebox';

/**
 * Where an order stands. It is unsettled in `pending`, `reserved`, `awaiting_payment` (its customer has to do something) and
 * `authorized` (the money is promised; the goods are sold).
 */
export const OrderStatus = Type.Union([
  Type.Literal('pending'),
  Type.Literal('reserved'),
  Type.Literal('awaiting_payment'),
  Type.Literal('authorized'),
  Type.Literal('confirmed'),
  Type.Literal('fulfilled'),
  Type.Literal('delivered'),
  Type.Literal('rejected'),
  Type.Literal('cancelled'),
  Type.Literal('refunded'),
]);
export type OrderStatus = Static<typeof OrderStatus>;

/** All of them, in the order in which an order may come to them. */
export const orderStatuses: readonly OrderStatus[] = OrderStatus.anyOf.map((status) => status.const);
