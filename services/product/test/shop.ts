import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { EventType } from '@tradepost/contracts/events';
import type { Role } from '@tradepost/contracts/roles';
import { encodeEvent } from '@tradepost/messaging/encoded-event';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { startService, type TestService } from '@tradepost/testing/service';
import { until } from '@tradepost/testing/until';
import { productService } from '../src/service.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the API answered and says what it expects of it.
export type Answer = { status: number; headers: Headers; body: any };

export type Actor = {
  id: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
};

/** `product` by itself, with this test in the place of `order`. */
export type Shop = {
  service: TestService;
  nobody: Actor;
  as(role: Role, accountId?: string): Actor;
  /** Publishes events as `order` would, and resolves once each has been handled or parked. */
  publish(...events: CloudEvent[]): Promise<void>;
  /** What was published with this type about this subject, once there is any. */
  told<T extends EventType>(type: T, subject: string): Promise<CloudEvent<T>>;
  stock(sku: string): Promise<{ onHand: number; reserved: number; available: number }>;
  /** Resolves once everything that the service has to say has been published. */
  settled(): Promise<void>;
  /** What the service has said about an order, once it is settled. */
  answers(orderId: string): Promise<CloudEvent[]>;
};

export async function openShop(overrides: Record<string, string | number> = {}): Promise<Shop> {
  const service = await startService(productService, overrides);
  const actor = (id: string, headers: Record<string, string>): Actor => ({
    id,
    call: (method, path, body, more = {}) => call(service.url + path, method, body, { ...headers, ...more }),
  });
  const settled = async (): Promise<void> => {
    await until(async () => {
      const { rows } = await service.pool.query({ text: 'select from outbox limit 1' });
      return rows.length === 0;
    });
  };
  return {
    service,
    nobody: actor('', {}),
    as: (role, accountId = uuidv7()) => actor(accountId, service.issuer.headers({ role, accountId })),
    async publish(...events) {
      const outcomes = await Promise.all(service.transport.publish(events.map(encodeEvent)));
      if (!outcomes.every(Boolean)) throw new Error('an event was not taken');
    },
    async told<T extends EventType>(type: T, subject: string) {
      const found = await until(
        () => service.events.find((event) => event.type === type && event.subject === subject),
        {
          what: `${type} about ${subject}`,
        },
      );
      return found as CloudEvent<T>;
    },
    settled,
    async answers(orderId) {
      await settled();
      return service.events.filter((event) => event.type.startsWith('stock.') && event.subject === orderId);
    },
    async stock(sku) {
      const { rows } = await service.pool.query<{ on_hand: number; reserved: number }>({
        text: 'select on_hand, reserved from stock where sku = $1',
        values: [sku],
      });
      const { on_hand: onHand = 0, reserved = 0 } = rows[0] ?? {};
      return { onHand, reserved, available: onHand - reserved };
    },
  };
}

async function call(url: string, method: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
  const isText = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(url, {
    method,
    headers: { ...(body !== undefined && !isText && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson =
    /json/.test(response.headers.get('content-type') ?? '') &&
    !/ndjson/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson && text !== '' ? JSON.parse(text) : text };
}

let made = 0;

/** A SKU that no other test uses. */
export const newSku = (): string => `SKU-${++made}-${uuidv7().slice(-6)}`;

type Variant = {
  sku: string;
  title?: string;
  price: { amount: number; currency: string };
  stock?: number;
  weightGrams?: number;
};

/** The body of a request for a product with one variant. */
export function mug(sku: string, over: Record<string, unknown> = {}, variant: Partial<Variant> = {}) {
  return {
    title: 'Blue mug',
    description: 'Holds 330 ml',
    categories: ['kitchen'],
    variants: [{ sku, price: { amount: 1999, currency: 'EUR' }, stock: 10, ...variant }],
    ...over,
  };
}
