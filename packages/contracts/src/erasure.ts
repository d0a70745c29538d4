import { type Static, Type } from 'typebox';

/** The services that hold data of accounts, beside `auth`: each confirms an erasure. */
export const erasingServices = ['product', 'order', 'notification', 'api-gateway'] as const;
/** One of them. */
export const ErasingService = Type.Union([
  Type.Literal('product'),
  Type.Literal('order'),
  Type.Literal('notification'),
  Type.Literal('api-gateway'),
]);
export type ErasingService = Static<typeof ErasingService>;

/** What a service keeps of an erased account. */
export const KeptData = Type.Union([
  /** Orders that are not paid, sent or refunded yet, as they are. */
  Type.Literal('open_orders'),
  /** Amounts, items and the invoice address of orders, as long as books must be kept. */
  Type.Literal('books'),
  /** The mail that confirms the erasure, until it is sent. */
  Type.Literal('last_mail'),
  /** Entries of the audit trail, without address and browser. */
  Type.Literal('audit_entries'),
  /** Products that the account sold: they are the shop's. */
  Type.Literal('products'),
]);
export type KeptData = Static<typeof KeptData>;
