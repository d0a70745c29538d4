import type { AccountMail } from '@tradepost/contracts/account-mail';
import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { EventData, EventType, GuestContact, OrderSummary } from '@tradepost/contracts/events';
import type { Role } from '@tradepost/contracts/roles';
import { encodeEvent } from '@tradepost/messaging/encoded-event';
import { newEvent } from '@tradepost/postgres/outbox';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { eventEncryption } from '@tradepost/runtime/event-encryption';
import { startService, type TestService } from '@tradepost/testing/service';
import { until } from '@tradepost/testing/until';
import type { Logger } from 'pino';
import { notificationService } from '../src/service.ts';

export const MAIL_KEY = 'q7Vd2mX9rB4tLz0wKc6nHy3sJf8gPa5e';
const encrypt = eventEncryption(MAIL_KEY);

/** The settings of every test: retries within milliseconds. On a slow machine a mail takes seconds, and would be sent again by a shorter timeout. */
export const settings = {
  ...{ MAIL_KEY, PUBLIC_URL: 'https://shop.example', MAIL_FROM: 'Shop <orders@shop.example>', SHOP_NAME: 'Test shop' },
  ...{ MAIL_RETRY_FIRST_MS: 10, SMTP_TIMEOUT_MS: 60_000, MAIL_PAYMENT_DELAY_MS: 0 },
};

export type MailRow = {
  id: string;
  cause: string;
  kind: string;
  status: string;
  recipient: string | null;
  data: unknown;
  attempts: number;
  last_problem: string | null;
};

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the API answered and says what it expects of it.
export type Answer = { status: number; headers: Headers; body: any };

/** `notification` by itself, with the test in the place of `order` and `auth`. */
export type Shop = {
  service: TestService;
  /** Publishes events, and resolves once each has been handled or parked. */
  publish(...events: CloudEvent[]): Promise<void>;
  /** All mails, in the order in which they were written. */
  mails(): Promise<MailRow[]>;
  /** Resolves once there is a mail with this cause and status. */
  untilMail(cause: string, status: string): Promise<MailRow>;
  call(
    method: string,
    path: string,
    o?: { role?: Role; headers?: Record<string, string>; body?: unknown },
  ): Promise<Answer>;
  stop(): Promise<void>;
};

export async function openShop(overrides: Record<string, string | number | boolean> = {}, log?: Logger): Promise<Shop> {
  const service = await startService(notificationService, { ...settings, ...overrides }, log ? { log } : {});
  const mails = async () => {
    const { rows } = await service.pool.query<MailRow>({
      text: 'select id, cause, kind, status, recipient, data, attempts, last_problem from mail order by id',
    });
    return rows;
  };
  return {
    service,
    async publish(...events) {
      const outcomes = await Promise.all(service.transport.publish(events.map(encodeEvent)));
      if (!outcomes.every(Boolean)) throw new Error('an event was not taken');
    },
    mails,
    untilMail: (cause, status) =>
      until(async () => (await mails()).find((mail) => mail.cause === cause && mail.status === status), {
        what: `the mail ${cause} to be ${status}`,
      }),
    async call(method, path, { role, headers = {}, body } = {}) {
      const response = await fetch(service.url + path, {
        method,
        headers: {
          ...(role && service.issuer.headers({ role, accountId: OPERATOR })),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    },
    stop: () => service.stop(),
  };
}

const OPERATOR = uuidv7();

export const euros = (amount: number) => ({ amount, currency: 'EUR' });

let made = 0;
/** An address that no other test uses. */
export const newAddress = (): string => `reader${++made}@example.com`;

export function event<T extends EventType>(type: T, subject: string, data: EventData<T>): CloudEvent<T> {
  return newEvent({ source: 'test', type, subject, data });
}

export const accountCreated = (accountId: string, email: string, name = 'Ada Lovelace', locale?: string) =>
  event('account.created.v1', accountId, { accountId, email, name, role: 'customer', ...(locale && { locale }) });

export const contactChanged = (accountId: string, email: string, version: number, locale?: string) =>
  event('account.contact-changed.v1', accountId, {
    ...{ accountId, email, name: 'Ada Lovelace', version, emailVerified: true },
    ...(locale && { locale }),
  });

/** An order of two mugs of one seller. */
export type TestOrder = { orderId: string; customerId: string; sellerId: string; summary: OrderSummary };

export function newOrder(over: Partial<OrderSummary> = {}): TestOrder {
  const sellerId = uuidv7();
  return {
    ...{ orderId: uuidv7(), customerId: uuidv7(), sellerId },
    summary: {
      ...{ number: 'T-100234', placedAt: '2026-11-23T10:15:00.000Z' },
      lines: [{ sku: 'MUG', title: 'Blue mug', sellerId, quantity: 2, unitPrice: euros(1999), total: euros(3998) }],
      ...{ subtotal: euros(3998), discount: euros(0), shipping: euros(490), taxExemption: euros(0), tax: euros(717) },
      ...{ taxIncluded: true, total: euros(4488), ...over },
    },
  };
}

export const encryptedGuest = (contact: GuestContact): Promise<string> => encrypt(JSON.stringify(contact));

const lines = [{ sku: 'MUG', quantity: 2 }];

export const confirmed = ({ orderId, customerId, summary }: TestOrder) =>
  event('order.confirmed.v1', orderId, { orderId, customerId, total: summary.total, lines, summary });

export const cancelled = ({ orderId, customerId, summary }: TestOrder) =>
  event('order.cancelled.v1', orderId, { orderId, customerId, reason: 'cancelled_by_customer', lines, summary });

export const rejected = ({ orderId, customerId, summary }: TestOrder) =>
  event('order.rejected.v1', orderId, { orderId, customerId, reason: 'MUG: insufficient_stock', summary });

export const delivered = ({ orderId, customerId, summary }: TestOrder) =>
  event('order.delivered.v1', orderId, { orderId, customerId, summary });

export const fulfilled = ({ orderId, customerId, summary }: TestOrder, fulfilmentId: string) =>
  event('order.fulfilled.v1', orderId, {
    ...{ orderId, customerId, fulfilmentId, complete: false, lines: [{ sku: 'MUG', quantity: 1 }], summary },
    ...{ carrier: 'DHL', trackingNumber: '00340434161094021501' },
  });

export const refunded = ({ orderId, customerId, summary }: TestOrder, refundId: string) =>
  event('order.refunded.v1', orderId, {
    ...{ orderId, customerId, refundId, amount: euros(1999), complete: false, restock: [], summary },
  });

export const returned = ({ orderId, customerId, summary }: TestOrder, returnId: string) =>
  event('order.returned.v1', orderId, {
    ...{ orderId, customerId, returnId, lines: [{ sku: 'MUG', quantity: 1 }], restock: true, summary },
    refund: { refundId: uuidv7(), amount: euros(1999) },
  });

export const lowStock = (sku: string, sellerId: string, available: number) =>
  event('stock.low.v1', sku, {
    ...{ sku, productId: uuidv7(), title: 'Blue mug', variantTitle: '330 ml', sellerId, available, limit: 5 },
  });

export const paymentNeeded = (
  { orderId, customerId, summary }: TestOrder,
  reason: EventData<'order.payment-needed.v1'>['reason'],
) =>
  event('order.payment-needed.v1', orderId, {
    ...{ orderId, customerId, reason, payBy: '2026-12-03T10:15:00.000Z', summary },
    ...(reason === 'transfer' && { instructions: 'IBAN DE02 1203 0000 0000 2020 51' }),
  });

export async function mailRequested(
  mail: AccountMail,
  o: {
    to: string;
    mailId?: string;
    token?: string;
    expiresAt?: string;
    path?: string;
    name?: string;
    userAgent?: string;
    locale?: string;
  },
) {
  const { mailId = uuidv7(), token, ...rest } = o;
  return event('account.mail-requested.v1', mailId, {
    ...{ mailId, accountId: uuidv7(), mail, ...rest },
    ...(token !== undefined && { token: await encrypt(token) }),
  });
}
