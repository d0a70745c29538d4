import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { GuestContact, OrderSummary } from '@tradepost/contracts/events';
import { isLocale, type Locale } from '@tradepost/contracts/locales';
import type { AboutOrder, MailContent, NewMail } from './mail.ts';

/** The events of orders that mails are written from. */
export type OrderEvent = CloudEvent<
  | 'order.confirmed.v1'
  | 'order.payment-needed.v1'
  | 'order.cancelled.v1'
  | 'order.rejected.v1'
  | 'order.fulfilled.v1'
  | 'order.delivered.v1'
  | 'order.refunded.v1'
  | 'order.returned.v1'
>;
export type LowStock = CloudEvent<'stock.low.v1'>;
export type MailRequest = CloudEvent<'account.mail-requested.v1'>;

/** `now` is when the event is handled, `paymentDelayMs` how long a customer gets to pay before a mail asks for it. */
export type WritingContext = { now: Date; paymentDelayMs: number };

/**
 * The mails about an order that an event calls for. `guest` is the decrypted contact of its summary. An event without a summary is of a
 * version of `order` that does not know of mails: there is nothing to write.
 */
export function mailsOfOrderEvent(event: OrderEvent, guest: GuestContact | undefined, o: WritingContext): NewMail[] {
  const { summary } = event.data;
  if (!summary) return [];
  const { orderId } = event.data;
  const customerId = event.data.customerId;
  const to = guest && { email: guest.email.trim().toLowerCase(), name: guest.name };
  // Nobody to write to: an order of an account that the event does not name.
  const toCustomer =
    to !== undefined || customerId !== undefined ? customerMails(event, aboutOrder(orderId, summary), o) : [];
  return [
    ...toCustomer.map((mail) => ({
      ...mail,
      orderId,
      accountId: to ? undefined : customerId,
      to,
      locale: known(summary.locale),
      expiresAt: undefined,
    })),
    ...(event.type === 'order.confirmed.v1' ? sellerMails(orderId, summary, o) : []),
  ];
}

/** A later version of another service may know more languages. */
const known = (locale: string | undefined): Locale | undefined => (isLocale(locale) ? locale : undefined);

function aboutOrder(orderId: string, { guest, locale: _, ...order }: OrderSummary): AboutOrder {
  return { orderId, order, ...(guest !== undefined && { encryptedGuest: guest }) };
}

type CustomerMail = Pick<NewMail, 'cause' | 'content' | 'dueAt'>;

function customerMails(event: OrderEvent, about: AboutOrder, { now, paymentDelayMs }: WritingContext): CustomerMail[] {
  const mail = (cause: string, content: MailContent, dueAt = now): CustomerMail[] => [
    { cause: `order:${about.orderId}:${cause}`, content, dueAt },
  ];
  switch (event.type) {
    case 'order.confirmed.v1':
      return mail('confirmed', { kind: 'order_confirmed', ...about });
    case 'order.payment-needed.v1': {
      const { reason, instructions, payBy } = event.data;
      const content: MailContent = {
        ...{ kind: 'payment_needed', ...about, reason, payBy },
        ...(instructions !== undefined && { instructions }),
      };
      // Most customers pay at once by another means, or answer their bank: those are not written to.
      const dueAt = reason === 'transfer' ? now : new Date(now.getTime() + paymentDelayMs);
      return mail(`payment-needed:${reason}`, content, dueAt);
    }
    case 'order.cancelled.v1':
      return mail('cancelled', { kind: 'order_cancelled', ...about });
    case 'order.rejected.v1':
      return mail('rejected', { kind: 'order_rejected', ...about });
    case 'order.fulfilled.v1': {
      const { fulfilmentId, complete, lines: parcel, carrier, trackingNumber } = event.data;
      const tracking = {
        ...(carrier !== undefined && { carrier }),
        ...(trackingNumber !== undefined && { trackingNumber }),
      };
      return mail(`parcel:${fulfilmentId}`, { kind: 'order_sent', ...about, complete, parcel, ...tracking });
    }
    case 'order.delivered.v1':
      return mail('delivered', { kind: 'order_delivered', ...about });
    case 'order.refunded.v1': {
      const { refundId, amount, complete } = event.data;
      return mail(`refund:${refundId}`, { kind: 'order_refunded', ...about, amount, complete });
    }
    case 'order.returned.v1': {
      const { returnId, lines: returned, refund } = event.data;
      return mail(`return:${returnId}`, {
        kind: 'return_received',
        ...about,
        returned,
        isRefunded: refund !== undefined,
      });
    }
  }
}

/** Each seller gets the own lines, and nothing about the customer. */
function sellerMails(orderId: string, { number, placedAt, lines }: OrderSummary, { now }: WritingContext): NewMail[] {
  return [...Map.groupBy(lines, ({ sellerId }) => sellerId)].map(([sellerId, own]) => ({
    cause: `order:${orderId}:new-order:${sellerId}`,
    content: { kind: 'new_order', orderId, number, placedAt, lines: own },
    ...{ orderId, accountId: sellerId, to: undefined, locale: undefined, dueAt: now, expiresAt: undefined },
  }));
}

/** The mail about stock that is low: one a day for a SKU, since what is reserved comes back and goes again. */
export function mailOfLowStock({ data, time }: LowStock, { now }: WritingContext): NewMail {
  const { sku, productId, title, variantTitle, available, sellerId } = data;
  return {
    cause: `low-stock:${sku}:${time.slice(0, 10)}`,
    content: { kind: 'low_stock', sku, productId, title, variantTitle, available },
    ...{ orderId: undefined, accountId: sellerId, to: undefined, locale: undefined, dueAt: now, expiresAt: undefined },
  };
}

/** The mail about an account that an event asks for. */
export function mailOfRequest({ data, time }: MailRequest, { now }: WritingContext): NewMail {
  const {
    mailId,
    accountId,
    mail: kind,
    to: email,
    name = '',
    token,
    expiresAt,
    path,
    userAgent,
    newEmail,
    provider,
  } = data;
  const to = { email: email.trim().toLowerCase(), name };
  return {
    cause: `account-mail:${mailId}`,
    content: {
      ...{ kind, at: time },
      ...(path !== undefined && { path }),
      ...(token !== undefined && { encryptedToken: token }),
      ...(expiresAt !== undefined && { expiresAt }),
      ...(userAgent !== undefined && { userAgent }),
      ...(provider !== undefined && { provider }),
      ...(newEmail !== undefined && { newEmail }),
    },
    ...{ orderId: undefined, accountId, to, locale: known(data.locale), dueAt: now },
    expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
  };
}
