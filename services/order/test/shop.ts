import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { EventData, EventType } from '@tradepost/contracts/events';
import type { Role } from '@tradepost/contracts/roles';
import { encodeEvent } from '@tradepost/messaging/encoded-event';
import { newEvent } from '@tradepost/postgres/outbox';
import type { Pool } from '@tradepost/postgres/pool';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { startService } from '@tradepost/testing/service';
import { scaledMs } from '@tradepost/testing/time-limits';
import { until } from '@tradepost/testing/until';
import { orderService } from '../src/service.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the API answered and says what it expects of it.
export type Answer = { status: number; headers: Headers; body: any };

/** `order` by itself: a catalogue to copy, and this test in the place of `product`. */
export type Shop = {
  pool: Pool;
  catalogue: Catalogue;
  /** What `order` has published for `product`, in order of arrival. */
  published: readonly CloudEvent[];
  /** Somebody new. */
  someone(role?: Role): Promise<Actor>;
  /** An account that may be there already. */
  as(accountId: string, role: Role, email?: string): Promise<Actor>;
  /** Publishes an event as `product` would. */
  publishEvent<T extends EventType>(type: T, subject: string, data: EventData<T>): Promise<CloudEvent>;
  /** Publishes an event that was published before, or one that was made by hand. */
  publish(event: CloudEvent): Promise<void>;
  url: string;
  managementUrl: string;
  stop(): Promise<void>;
};

export type Actor = {
  id: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Follows server-sent events. */
  stream(path: string, headers?: Record<string, string>): Promise<Response>;
};

type Catalogue = { products: EventData<'product.changed.v1'>[]; isAway: boolean; asked: number; url: string };

export const sellerId = uuidv7();

export function product(
  variants: { sku: string; amount: number; currency?: string; status?: 'active' | 'archived'; weightGrams?: number }[],
  over: Partial<EventData<'product.changed.v1'>> = {},
): EventData<'product.changed.v1'> {
  return {
    productId: uuidv7(),
    slug: 'mug',
    title: 'Mug',
    sellerId,
    status: 'active',
    version: 1,
    taxClass: 'standard',
    digital: false,
    categories: [],
    variants: variants.map(({ sku, amount, currency = 'EUR', status = 'active', weightGrams }) => ({
      sku,
      title: sku,
      price: { amount, currency },
      status,
      priceVersion: 1,
      ...(weightGrams !== undefined && { weightGrams }),
    })),
    ...over,
  };
}

export const order = (lines: unknown, over: Record<string, unknown> = {}) => ({
  lines,
  shippingAddress: { name: 'Ada', line1: 'Row 1', city: 'London', postalCode: 'N1', country: 'GB' },
  payment: { provider: 'sandbox', token: 'ok' },
  ...over,
});

// Long: the parts of one test setup
export async function openShop(settings: Record<string, string | number | boolean> = {}): Promise<Shop> {
  const catalogue: Catalogue = { products: [], isAway: false, asked: 0, url: '' };
  catalogue.products.push(
    product([
      { sku: 'MUG', amount: 1250 },
      { sku: 'MUG-OLD', amount: 900, status: 'archived' },
    ]),
    product([{ sku: 'TEA', amount: 399 }], { title: 'Tea', sellerId: uuidv7() }),
    product([{ sku: 'DOLLAR', amount: 100, currency: 'USD' }]),
  );
  const exporter = await serveCatalogue(catalogue);
  // as: a server that listens on a port has an address of this kind.
  const { port } = exporter.address() as AddressInfo;
  catalogue.url = `http://127.0.0.1:${port}`;
  const service = await startService(orderService, {
    PRODUCT_URL: catalogue.url,
    PAYMENT_TIMEOUT_MS: scaledMs(2000),
    ...settings,
  });
  const { transport } = service;
  const publish = async (event: CloudEvent) => {
    await until(async () => (await Promise.all(transport.publish([encodeEvent(event)])))[0], {
      what: 'the event to be handled',
    });
  };
  const as = async (id: string, role: Role, email?: string): Promise<Actor> => {
    const token = service.issuer.token({ accountId: id, role, ...(email !== undefined && { email }) });
    return {
      id,
      call: (method, path, body, headers) => call(service.url, token, method, path, body, headers),
      stream: (path, headers) =>
        fetch(service.url + path, {
          headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...headers },
        }),
    };
  };
  return {
    pool: service.pool,
    catalogue,
    get published() {
      return service.events.filter((event) => event.source === '/order');
    },
    url: service.url,
    managementUrl: service.managementUrl,
    publish,
    async publishEvent(type, subject, data) {
      // as: an event of a type that is still open is one of the union.
      const event = newEvent({ source: '/product', type, subject, data }) as CloudEvent;
      await publish(event);
      return event;
    },
    someone: (role = 'customer') => as(uuidv7(), role),
    as,
    async stop() {
      await service.stop();
      exporter.close();
    },
  };
}

async function call(
  url: string,
  token: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined };
}

async function serveCatalogue(catalogue: Catalogue): Promise<Server> {
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '/', 'http://catalogue').searchParams;
    catalogue.asked++;
    if (catalogue.isAway) {
      response.writeHead(503).end();
      return;
    }
    const skus = query.get('sku')?.split(',');
    const wanted = catalogue.products.filter((one) => !skus || one.variants.some(({ sku }) => skus.includes(sku)));
    response.end(wanted.map((one) => `${JSON.stringify(one)}\n`).join(''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
