import { type Static, Type } from 'typebox';

/** Why `product` refused one line of an order. */
export const RejectionReason = Type.Union([
  Type.Literal('unknown_sku'),
  Type.Literal('not_for_sale'),
  Type.Literal('price_changed'),
  Type.Literal('insufficient_stock'),
]);
export type RejectionReason = Static<typeof RejectionReason>;
