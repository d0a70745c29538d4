import { randomUUID } from 'node:crypto';
import { sendRequest } from '@tradepost/testing/shopper';
import { until } from '@tradepost/testing/until';
import { openInProcess, type Shop } from '../e2e/shop.ts';
import { type People, signEverybodyUp, withKey } from './people.ts';

/** Whose lines an order has. All are bought by `customer`. */
export type OrderKind = 'mixed' | 'alices' | 'bobs';

export const prices = { alice: 1_000_003, bob: 7_000_011, sven: 3_000_017 } as const;
export type Seller = keyof typeof prices;

export type Goods = { productId: string; slug: string; sku: string; title: string };

/** Everything that the routes are asked about. */
export type AccessFixtures = {
  shop: Shop;
  people: People;
  goods: Record<Seller, Goods>;
  /** Archived, of Alice. */
  archived: Goods;
  /** Of the customer, and each with something that every seller of it has done to their lines. */
  orders: Record<OrderKind, string>;
  /** The numbers of their invoices. */
  invoices: Record<OrderKind, string>;
  cart: string;
  /** Made without an account, and empty. */
  guestCart: string;
  address: string;
  /** Places an order anew and waits until it is paid. */
  buy(kind: OrderKind): Promise<string>;
  /** Sends all that is left of an order, by the sellers of its lines. */
  sendAll(kind: OrderKind, id: string): Promise<void>;
};

export const shippingAddress = {
  ...{ name: 'Receiver Secretname', line1: '4711 Secret Row', city: 'London', postalCode: 'N1', country: 'GB' },
};

/** What the customer tells at checkout: the notes are for who packs the order, the rest is not. */
const details = {
  billingAddress: { ...shippingAddress, name: 'Payer Secretname', line1: '0815 Billing Row' },
  ...{ company: 'Secret Company', vatId: 'DE136695976', note: 'Note-to-packer', giftNote: 'Gift-note' },
};

export async function createAccessFixtures(): Promise<AccessFixtures> {
  const shop = await openInProcess();
  const people = await signEverybodyUp(shop);
  const [alice, bob, sven, archived] = await Promise.all([
    ...(['alice', 'bob', 'sven'] as const).map((seller) => offer(shop, people, seller, `Goods-of-${seller}`)),
    offer(shop, people, 'alice', 'Archived-of-alice'),
  ]);
  if (!alice || !bob || !sven || !archived) throw new Error('Something was not offered');
  await people.alice.call('DELETE', `/api/v1/products/${archived.productId}`, { headers: { 'if-match': '*' } });
  const goods = { alice, bob, sven };
  await people.admin.call('PUT', '/api/v1/admin/order/shop-settings', {
    ...{ body: { legalName: 'Tradepost GmbH', addressLines: ['Quay 1'] }, headers: { 'if-match': '*' } },
  });
  const sellersOf = { mixed: ['alice', 'bob'], alices: ['alice'], bobs: ['bob'] } as const;
  const buy = async (kind: OrderKind) => {
    const lines = sellersOf[kind].map((seller) => ({ sku: goods[seller].sku, quantity: 2 }));
    const body = { lines, shippingAddress, ...details, payment: { provider: 'sandbox', token: 'ok' } };
    const placed = await people.customer.call('POST', '/api/v1/orders', withKey(randomUUID(), { body }));
    const path = `/api/v1/orders/${placed.body.id}`;
    await until(async () => (await people.customer.call('GET', path)).body.status === 'confirmed', { what: path });
    return placed.body.id;
  };
  const sendAll = async (kind: OrderKind, id: string) => {
    for (const seller of sellersOf[kind]) {
      await people[seller].call('POST', `/api/v1/orders/${id}/fulfilments`, withKey(randomUUID(), { body: {} }));
    }
  };
  const fixtures = { shop, people, goods, archived, buy, sendAll, ...(await belongings(shop, people, alice)) };
  const orders = { mixed: await buy('mixed'), alices: await buy('alices'), bobs: await buy('bobs') };
  for (const [kind, id] of Object.entries(orders)) {
    // as: the keys of `orders` are kinds.
    for (const seller of sellersOf[kind as OrderKind]) await handle(fixtures, seller, id);
  }
  await people.admin.call(
    'POST',
    `/api/v1/orders/${orders.mixed}/refunds`,
    withKey(randomUUID(), { body: { amount: 4322, reason: 'Goodwill-of-operator' } }),
  );
  await people.admin.call('PUT', `/api/v1/auth/admin/accounts/${people.banned.id}/ban`, {
    body: { reason: 'Ban-reason' },
  });
  const invoices = {
    mixed: await invoiceOf(people, orders.mixed),
    alices: await invoiceOf(people, orders.alices),
    bobs: await invoiceOf(people, orders.bobs),
  };
  return { ...fixtures, orders, invoices };
}

/** The number of the invoice of an order, once it is issued. */
async function invoiceOf({ admin }: People, id: string): Promise<string> {
  const path = `/api/v1/orders/${id}/invoices`;
  const number = async (): Promise<string | undefined> => (await admin.call('GET', path)).body.items[0]?.number;
  await until(async () => (await number()) !== undefined, { what: path });
  return (await number()) ?? '';
}

async function offer(shop: Shop, people: People, seller: Seller, title: string): Promise<Goods> {
  const sku = `${title}-sku`;
  const variants = [{ sku, title: '', price: { amount: prices[seller], currency: 'EUR' }, stock: 900 }];
  const body = { title, description: 'Something', variants };
  const { body: made } = await people[seller].call('POST', '/api/v1/products', withKey(sku, { body }));
  const adjustment = { body: { delta: 5, reason: `Adjustment-by-${seller}` } };
  await people[seller].call('POST', `/api/v1/stock/${sku}/adjustments`, adjustment);
  await until(async () => {
    const text = 'select from sellable_variant where sku = $1';
    return (await shop.databases.order.pool.query({ text, values: [sku] })).rows.length === 1;
  });
  return { productId: made.id, slug: made.slug, sku, title };
}

async function belongings(
  shop: Shop,
  { customer }: People,
  goods: Goods,
): Promise<Pick<AccessFixtures, 'cart' | 'guestCart' | 'address'>> {
  const cart = await customer.call('POST', '/api/v1/carts');
  await customer.call('PUT', `/api/v1/carts/${cart.body.id}/lines/${goods.sku}`, { body: { quantity: 3 } });
  const address = randomUUID();
  const body = { address: { ...shippingAddress, line1: 'Saved Secret Street' }, isDefault: true };
  const saved = await customer.call('PUT', `/api/v1/addresses/${address}`, { body });
  if (saved.status >= 300) throw new Error(`The address was answered ${saved.status}: ${JSON.stringify(saved.body)}`);
  const guests = await sendRequest(shop.site, 'POST', '/api/v1/carts');
  return { cart: cart.body.id, guestCart: guests.body.id, address };
}

/** Sends one unit of a seller's line and refunds a little of another. */
async function handle(
  { people, goods }: Pick<AccessFixtures, 'people' | 'goods'>,
  seller: 'alice' | 'bob',
  id: string,
) {
  const lines = [{ sku: goods[seller].sku, quantity: 1 }];
  const parcel = { lines, carrier: `Carrier-of-${seller}`, trackingNumber: `Tracking-of-${seller}` };
  const path = `/api/v1/orders/${id}`;
  const sent = await people[seller].call('POST', `${path}/fulfilments`, withKey(randomUUID(), { body: parcel }));
  const refund = { lines, amount: seller === 'alice' ? 1771 : 4321, reason: `Refund-reason-of-${seller}` };
  const refunded = await people[seller].call('POST', `${path}/refunds`, withKey(randomUUID(), { body: refund }));
  const back = { lines, reason: `Return-reason-of-${seller}` };
  const returned = await people[seller].call('POST', `${path}/returns`, withKey(randomUUID(), { body: back }));
  if (sent.status !== 201 || refunded.status !== 201 || returned.status !== 201)
    throw new Error(`${seller} could not handle ${id}`);
}

/** The stream of an order's events, as far as it comes within the first messages, as text. */
export async function streamOf(fixtures: AccessFixtures, id: string, headers: Record<string, string>): Promise<string> {
  const response = await fetch(`${fixtures.shop.site.gatewayUrl}/api/v1/orders/${id}/events`, {
    headers: { accept: 'text/event-stream', ...headers },
  });
  if (response.status !== 200) return response.text();
  const { body } = await sendRequest(fixtures.shop.site, 'GET', `/api/v1/orders/${id}/events`, { headers });
  const wanted: number = body.items.length;
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.split('\ndata: ').length + (text.startsWith('data: ') ? 1 : 0) > wanted && text.endsWith('\n\n')) break;
  }
  return text;
}
