import type { Pool } from '@tradepost/postgres/pool';
import { expect } from 'vitest';
import { type Actor, type Answer, newSku, openShop, type Shop } from './shop.ts';

type Offer = {
  title: string;
  description?: string;
  categories?: string[];
  amount?: number;
  currency?: string;
  stock?: number;
  attributes?: Record<string, string>;
  sku?: string;
};

/** A shop with a few products that are unlike each other. */
export type SearchShop = {
  seller: Actor;
  as: Shop['as'];
  /** Puts a product on sale; resolves with its id. */
  offer(offer: Offer): Promise<string>;
  list(query: string): Promise<Answer>;
  titles(query: string): Promise<string[]>;
  /** The titles of all pages of a list. */
  allPages(query: string, limit: number): Promise<string[]>;
  pool: Pool;
  stop(): Promise<void>;
};

const offers: Offer[] = [
  { title: 'Running shoes', description: 'For the road', categories: ['sports', 'shoes'], amount: 8999 },
  {
    title: 'Trail shoe',
    description: 'Made for running uphill',
    categories: ['sports', 'shoes'],
    amount: 10999,
  },
  { title: 'Café table', description: 'A small round table', categories: ['furniture'], amount: 15000 },
  {
    title: 'Desk lamp',
    description: 'Stands on any table',
    categories: ['lighting'],
    amount: 4500,
    stock: 0,
  },
  {
    title: 'Floor lamp',
    categories: ['lighting'],
    amount: 9500,
    attributes: { colour: 'Vermilion' },
    sku: 'LAMP-FL-77',
  },
  { title: 'Синяя кружка', description: 'Объём 330 мл', categories: ['kitchen'], amount: 700 },
  { title: 'Dollar keyboard', categories: ['office'], amount: 5000, currency: 'USD' },
];

export async function openSearchShop(): Promise<SearchShop> {
  const shop = await openShop();
  const seller = shop.as('seller');
  const offer = (one: Offer) => putOnSale(seller, one);
  const list = (query: string) => shop.nobody.call('GET', `/api/v1/products?${query}`);
  const titles = async (query: string): Promise<string[]> =>
    (await list(query)).body.items.map((item: { title: string }) => item.title);

  async function allPages(query: string, limit: number): Promise<string[]> {
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const { status, body }: Answer = await list(`${query}&limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`);
      expect(status).toBe(200);
      expect(body.items.length).toBeGreaterThan(0);
      found.push(...body.items.map((item: { title: string }) => item.title));
      cursor = body.nextCursor;
    } while (cursor);
    return found;
  }

  for (const one of offers) await offer(one);
  return {
    seller,
    as: shop.as,
    offer,
    list,
    titles,
    allPages,
    pool: shop.service.pool,
    stop: () => shop.service.stop(),
  };
}

async function putOnSale(
  seller: Actor,
  { title, description = '', categories = [], amount = 1000, currency = 'EUR', stock = 5, ...rest }: Offer,
) {
  const { sku = newSku(), attributes = {} } = rest;
  const made = await seller.call('POST', '/api/v1/products', {
    ...{ title, description, categories },
    variants: [{ sku, price: { amount, currency }, stock, attributes }],
  });
  expect(made.status).toBe(201);
  return made.body.id as string;
}
