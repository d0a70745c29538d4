import { type Static, type TSchema, Type } from 'typebox';
import { Money } from './money.ts';
import { Role } from './roles.ts';
import { Id, Quantity, Sku, Time } from './shapes.ts';

const OrderLine = Type.Object({ sku: Sku, quantity: Quantity });

/** Why `product` refused one line of an order. */
export const RejectionReason = Type.Union([
  Type.Literal('unknown_sku'),
  Type.Literal('not_for_sale'),
  Type.Literal('price_changed'),
  Type.Literal('insufficient_stock'),
]);
export type RejectionReason = Static<typeof RejectionReason>;

/**
 * The data of every event, by type. A published type may only get optional fields; every other change is a new `.vN` beside the old
 * one. A consumer ignores fields that it does not know and does without optional ones, since instances of two versions run during a
 * rolling update (ADR 4).
 * The envelope is CloudEvents 1.0 in JSON (see `cloud-event.ts`); `subject` is the id of the thing the event is about.
 */
export const eventData = {
  /** The whole product after a change; a consumer keeps the one with the highest `version` and ignores the rest. */
  'product.changed.v1': Type.Object({
    productId: Id,
    slug: Type.String(),
    title: Type.String(),
    sellerId: Id,
    status: Type.Union([Type.Literal('active'), Type.Literal('archived')]),
    version: Type.Integer({ minimum: 1 }),
    /** These three are there together, or all missing: in events of a version of `product` that does not know them. */
    taxClass: Type.Optional(Type.String()),
    /** Nothing is sent. */
    digital: Type.Optional(Type.Boolean()),
    /** Slugs. */
    categories: Type.Optional(Type.Array(Type.String())),
    variants: Type.Array(
      Type.Object({
        sku: Sku,
        title: Type.String(),
        price: Money,
        status: Type.Union([Type.Literal('active'), Type.Literal('archived')]),
        /** Rises by one with each change of this variant's price. */
        priceVersion: Type.Integer({ minimum: 1 }),
        /** Missing: unknown, which counts as 0. */
        weightGrams: Type.Optional(Type.Integer({ minimum: 0 })),
      }),
    ),
  }),
  /** Every line of the order is held for it. */
  'stock.reserved.v1': Type.Object({ orderId: Id, expiresAt: Time, lines: Type.Array(OrderLine) }),
  /** Nothing is held for the order. */
  'stock.rejected.v1': Type.Object({
    orderId: Id,
    lines: Type.Array(
      Type.Object({
        sku: Sku,
        reason: RejectionReason,
        requested: Quantity,
        available: Type.Integer({ minimum: 0 }),
      }),
    ),
  }),
  /**
   * A reservation is past its time. `order` alone knows whether it was paid, so it answers with
   * `order.confirmed.v1` or `order.cancelled.v1` (again, if it said so before); until then the stock stays held.
   */
  'stock.reservation-expired.v1': Type.Object({ orderId: Id, expiredAt: Time }),
  /** What an order held has gone back on sale. */
  'stock.released.v1': Type.Object({ orderId: Id, lines: Type.Array(OrderLine) }),
  /** What an order held has been sold. */
  'stock.sold.v1': Type.Object({ orderId: Id, lines: Type.Array(OrderLine) }),

  'order.placed.v1': Type.Object({
    orderId: Id,
    customerId: Id,
    placedAt: Time,
    total: Money,
    lines: Type.Array(
      Type.Object({ sku: Sku, quantity: Quantity, unitPrice: Money, priceVersion: Type.Integer({ minimum: 1 }) }),
      { minItems: 1 },
    ),
  }),
  /** Sold: it is paid, or its money is authorised, or it is paid after it was sent. The reservation becomes a sale. */
  'order.confirmed.v1': Type.Object({ orderId: Id, customerId: Id, total: Money, lines: Type.Array(OrderLine) }),
  /** Not to be delivered: a reservation is released; stock that was sold already goes back on sale. */
  'order.cancelled.v1': Type.Object({ orderId: Id, reason: Type.String(), lines: Type.Array(OrderLine) }),
  'order.rejected.v1': Type.Object({ orderId: Id, customerId: Id, reason: Type.String() }),
  'order.fulfilled.v1': Type.Object({
    orderId: Id,
    customerId: Id,
    fulfilmentId: Id,
    /** True when nothing of the order is left to be sent. */
    complete: Type.Boolean(),
    lines: Type.Array(OrderLine),
    carrier: Type.Optional(Type.String()),
    trackingNumber: Type.Optional(Type.String()),
  }),
  'order.delivered.v1': Type.Object({ orderId: Id, customerId: Id }),
  /** `restock` are the lines whose goods go back on sale. */
  'order.refunded.v1': Type.Object({
    orderId: Id,
    customerId: Id,
    refundId: Id,
    amount: Money,
    complete: Type.Boolean(),
    restock: Type.Array(OrderLine),
  }),

  'account.created.v1': Type.Object({ accountId: Id, email: Type.String(), name: Type.String(), role: Role }),
  /** Role, name, ban or e-mail changed: whoever caches what it may do forgets it. */
  'account.changed.v1': Type.Object({ accountId: Id, role: Role }),
  /**
   * What an account may do has changed: its role, or whether it is banned (until `bannedUntil`, or for good). A consumer keeps the
   * one with the highest `version` of an account and ignores the rest.
   */
  'account.status-changed.v1': Type.Object({
    accountId: Id,
    role: Role,
    banned: Type.Boolean(),
    bannedUntil: Type.Optional(Time),
    version: Type.Integer({ minimum: 1 }),
  }),
  /** A session (or an API key) is no longer good: whoever caches its token forgets it. */
  'session.revoked.v1': Type.Object({ sessionId: Type.String(), accountId: Id }),
} as const satisfies Record<string, TSchema>;

/** The name of an event, as in CloudEvents `type` and as the routing key. */
export type EventType = keyof typeof eventData;

/** The data of an event of type `T`. */
export type EventData<T extends EventType> = Static<(typeof eventData)[T]>;
