import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { EventRole } from '@tradepost/contracts/roles';
import { newEvent } from '@tradepost/postgres/outbox';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { expect } from 'vitest';
import { type Actor, mug, newSku, openShop, type Shop } from './shop.ts';

type SellerStatus = { version: number; role?: EventRole; banned?: boolean; bannedUntil?: string };

/** What `auth` publishes about the account of a seller. */
export const statusOf = (
  seller: Actor,
  { version, role = 'seller', banned = false, bannedUntil }: SellerStatus,
): CloudEvent =>
  newEvent({
    ...{ source: 'auth', type: 'account.status-changed.v1', subject: seller.id },
    data: { accountId: seller.id, role, banned, version, ...(bannedUntil && { bannedUntil }) },
  });

/** A product with a category and a word of its own. */
type Goods = {
  id: string;
  slug: string;
  sellerId: string;
  sku: string;
  version: number;
  word: string;
  category: string;
};

export type SellerShop = Shop & {
  admin: Actor;
  ban(seller: Actor, version?: number): Promise<void>;
  unban(seller: Actor, version?: number): Promise<void>;
  offer(seller: Actor): Promise<Goods>;
  /** The ids of the products of a list. */
  listed(query: string): Promise<string[]>;
  /** Whether a shopper comes upon a product on its two pages and in all lists and searches. */
  isEverywhere(goods: Goods): Promise<boolean>;
  isNowhere(goods: Goods): Promise<boolean>;
  /** Resolves when no change of a seller is left to be done to their products. */
  isApplied(): Promise<void>;
};

/** A shop with a long time to live, so that a cache that is not emptied is seen. */
export async function openSellerShop(): Promise<SellerShop> {
  const shop = await openShop({ PRODUCT_CACHE_MS: 60_000 });
  const listed = async (query: string): Promise<string[]> =>
    (await shop.nobody.call('GET', `/api/v1/products?${query}`)).body.items.map((item: { id: string }) => item.id);
  const places = async ({ id, slug, sellerId, word, category }: Goods) => {
    const pages = await Promise.all(
      [id, slug].map(async (name) => (await shop.nobody.call('GET', `/api/v1/products/${name}`)).status === 200),
    );
    const lists = await Promise.all(
      ['limit=100', `sellerId=${sellerId}`, `q=${word}`, `category=${category}`, `q=${word}&sort=price`].map(listed),
    );
    return [...pages, ...lists.map((ids) => ids.includes(id))];
  };
  return {
    ...shop,
    admin: shop.as('admin'),
    ban: (seller, version = 1) => shop.publish(statusOf(seller, { version, banned: true })),
    unban: (seller, version = 2) => shop.publish(statusOf(seller, { version })),
    offer: (seller) => offer(seller),
    listed,
    isEverywhere: async (goods) => (await places(goods)).every(Boolean),
    isNowhere: async (goods) => !(await places(goods)).some(Boolean),
    async isApplied() {
      await until(async () => {
        const { rows } = await shop.service.pool.query({ text: 'select from seller_status_change limit 1' });
        return rows.length === 0;
      });
    },
  };
}

async function offer(seller: Actor): Promise<Goods> {
  const sku = newSku();
  const word = `w${uuidv7().replaceAll('-', '')}`;
  const body = mug(sku, { title: `Mug ${word}`, categories: [word.slice(0, 30)] });
  const { status, body: made } = await seller.call('POST', '/api/v1/products', body);
  expect(status).toBe(201);
  return { ...made, sku, word, category: word.slice(0, 30) };
}
