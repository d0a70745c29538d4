import { type Static, type TSchema, Type } from 'typebox';
import { AccountMail } from './account-mail.ts';
import { ErasingService, KeptData } from './erasure.ts';
import { Money } from './money.ts';
import { RejectionReason } from './rejection-reason.ts';
import { EventRole } from './roles.ts';
import { Id, Quantity, Sku, Time } from './shapes.ts';

const OrderLine = Type.Object({ sku: Sku, quantity: Quantity });

/**
 * Who gets the mails about the order of a guest: a JSON of `GuestContact`, encrypted for `notification` alone
 * (`packages/runtime/src/event-encryption.ts`), since other services get the event too. Missing for the order of an account, whose
 * address `notification` knows from `account.*`.
 */
const EncryptedContact = Type.String({ maxLength: 4096 });

/** What `EncryptedContact` holds. `token` opens the order's page without an account. */
export const GuestContact = Type.Object({ email: Type.String(), name: Type.String(), token: Type.String() });
export type GuestContact = Static<typeof GuestContact>;

/** The language of a reader (`locales.ts`), where it is known. A text: a consumer does without a language that it does not know. */
const locale = Type.Optional(Type.String({ maxLength: 35 }));

/** What `contact` of an erasure holds, encrypted likewise: to whom the last mail goes, and whose address is to be removed. */
export const ErasedContact = Type.Object({ email: Type.String(), name: Type.String(), locale });
export type ErasedContact = Static<typeof ErasedContact>;

/** What a mail tells of an order, as the order is after the event. */
export const OrderSummary = Type.Object({
  /** What people call it: `T-100234`. */
  number: Type.String(),
  placedAt: Time,
  guest: Type.Optional(EncryptedContact),
  locale,
  lines: Type.Array(
    Type.Object({ sku: Sku, title: Type.String(), sellerId: Id, quantity: Quantity, unitPrice: Money, total: Money }),
  ),
  /** subtotal − discount + shipping − taxExemption, and tax where prices do not include it, is the total. */
  subtotal: Money,
  discount: Money,
  shipping: Money,
  taxExemption: Money,
  tax: Money,
  taxIncluded: Type.Boolean(),
  total: Money,
});
export type OrderSummary = Static<typeof OrderSummary>;

/** In events of a version of `order` that does not know it, it is missing: no mail is sent then. */
const summary = Type.Optional(OrderSummary);

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
  /** An order has left `limit` units of a SKU, or fewer, where there were more before: its seller may want to order more. */
  'stock.low.v1': Type.Object({
    sku: Sku,
    productId: Id,
    title: Type.String(),
    variantTitle: Type.String(),
    sellerId: Id,
    available: Type.Integer({ minimum: 0 }),
    limit: Type.Integer({ minimum: 1 }),
  }),
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
  'order.confirmed.v1': Type.Object({
    orderId: Id,
    customerId: Id,
    total: Money,
    lines: Type.Array(OrderLine),
    summary,
  }),
  /** The customer has to do something to pay: the stock is held until `payBy`. */
  'order.payment-needed.v1': Type.Object({
    orderId: Id,
    customerId: Id,
    /** `transfer`: money is to be sent by bank. `declined`: another means is needed. `action`: the bank asks the customer. */
    reason: Type.Union([Type.Literal('transfer'), Type.Literal('declined'), Type.Literal('action')]),
    /** How to pay by transfer, in the shop's own words. */
    instructions: Type.Optional(Type.String()),
    payBy: Time,
    summary: OrderSummary,
  }),
  /** Not to be delivered: a reservation is released; stock that was sold already goes back on sale. */
  'order.cancelled.v1': Type.Object({
    orderId: Id,
    /** Missing where `order` does not know the order, or does not say it yet. */
    customerId: Type.Optional(Id),
    reason: Type.String(),
    lines: Type.Array(OrderLine),
    summary,
  }),
  'order.rejected.v1': Type.Object({ orderId: Id, customerId: Id, reason: Type.String(), summary }),
  'order.fulfilled.v1': Type.Object({
    orderId: Id,
    customerId: Id,
    fulfilmentId: Id,
    /** True when nothing of the order is left to be sent. */
    complete: Type.Boolean(),
    lines: Type.Array(OrderLine),
    carrier: Type.Optional(Type.String()),
    trackingNumber: Type.Optional(Type.String()),
    summary,
  }),
  'order.delivered.v1': Type.Object({ orderId: Id, customerId: Id, summary }),
  /** Goods came back: `lines` go back on sale where `restock` says so. `refund` is what was given back for them, if anything. */
  'order.returned.v1': Type.Object({
    orderId: Id,
    customerId: Id,
    returnId: Id,
    lines: Type.Array(OrderLine),
    restock: Type.Boolean(),
    refund: Type.Optional(Type.Object({ refundId: Id, amount: Money })),
    summary,
  }),
  /** `restock` are the lines whose goods go back on sale. */
  'order.refunded.v1': Type.Object({
    orderId: Id,
    customerId: Id,
    refundId: Id,
    amount: Money,
    complete: Type.Boolean(),
    restock: Type.Array(OrderLine),
    summary,
  }),

  /**
   * The personal data of a guest was removed from an order. `contact` is a JSON of `ErasedContact`, encrypted for `notification`: mails to
   * this address are removed too.
   */
  'order.guest-erased.v1': Type.Object({ orderId: Id, contact: EncryptedContact }),

  'account.created.v1': Type.Object({
    accountId: Id,
    email: Type.String(),
    name: Type.String(),
    role: EventRole,
    locale,
  }),
  /** Role, name, ban or e-mail changed: whoever caches what it may do forgets it. */
  'account.changed.v1': Type.Object({ accountId: Id, role: EventRole }),
  /**
   * Name, e-mail address, language, or whether the address is verified has changed. A consumer keeps the one with the highest `version` of an
   * account and ignores the rest; `account.created.v1` is version 0.
   */
  'account.contact-changed.v1': Type.Object({
    accountId: Id,
    email: Type.String(),
    name: Type.String(),
    emailVerified: Type.Boolean(),
    locale,
    version: Type.Integer({ minimum: 1 }),
  }),
  /** A mail about an account is due. `mailId` stays the same when the event is repeated. */
  'account.mail-requested.v1': Type.Object({
    mailId: Id,
    /** Missing for an invitation of somebody who has no account yet. */
    accountId: Type.Optional(Id),
    mail: AccountMail,
    to: Type.String(),
    name: Type.Optional(Type.String()),
    locale,
    /** The token of the link in the mail, encrypted for `notification` alone. */
    token: Type.Optional(Type.String({ maxLength: 4096 })),
    /** When the link in it ends: the mail is not sent afterwards. */
    expiresAt: Type.Optional(Time),
    /** Where the shop's page of the link is: a path, such as `/reset-password`. */
    path: Type.Optional(Type.String()),
    /** What a new sign-in came from: the browser's own name for itself. */
    userAgent: Type.Optional(Type.String()),
    /** For `provider_connected` and `provider_disconnected`: the name of the sign-in provider. */
    provider: Type.Optional(Type.String()),
    /** For `email_changed`: the new address. */
    newEmail: Type.Optional(Type.String()),
  }),
  /**
   * What an account may do has changed: its role, or whether it is banned (until `bannedUntil`, or for good). A consumer keeps the
   * one with the highest `version` of an account and ignores the rest.
   */
  'account.status-changed.v1': Type.Object({
    accountId: Id,
    role: EventRole,
    banned: Type.Boolean(),
    bannedUntil: Type.Optional(Time),
    version: Type.Integer({ minimum: 1 }),
  }),
  /**
   * An account was erased: whoever holds data of it removes or anonymises its part, keeps the id so that a later event brings nothing
   * back, and answers with `account.erasure-confirmed.v1`. It may be repeated under another event id, with the same `erasureId`.
   */
  'account.erased.v1': Type.Object({
    erasureId: Id,
    accountId: Id,
    /** A JSON of `ErasedContact`, encrypted for `notification`, and of a guest for `order` too. Missing once both have confirmed. */
    contact: Type.Optional(EncryptedContact),
    /** It was a guest: `accountId` is an id made of the e-mail address. */
    guest: Type.Optional(Type.Boolean()),
  }),
  /**
   * A service has removed its part of an erased account. It says so again when what it keeps has changed: the one with the highest
   * `version` of a service counts.
   */
  'account.erasure-confirmed.v1': Type.Object({
    erasureId: Id,
    accountId: Id,
    service: ErasingService,
    /** What it still holds, and why it may: words of `docs/guides/privacy.md`. Empty: nothing. */
    kept: Type.Array(KeptData),
    /** When the last of it will be removed; missing where nothing is kept, or the time is not known. */
    completeAfter: Type.Optional(Time),
    version: Type.Integer({ minimum: 1 }),
  }),
  /** A session (or an API key) is no longer good: whoever caches its token forgets it. */
  'session.revoked.v1': Type.Object({ sessionId: Type.String(), accountId: Id }),
} as const satisfies Record<string, TSchema>;

/** The name of an event, as in CloudEvents `type` and as the routing key. */
export type EventType = keyof typeof eventData;

/** The data of an event of type `T`. */
export type EventData<T extends EventType> = Static<(typeof eventData)[T]>;
