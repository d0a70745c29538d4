import { queryOptions, useIsMutating, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { Money } from '../design/format.tsx';
import { createStore, createStoredStore } from '../design/store.ts';
import { toast } from '../design/toast.tsx';
import { type Answered, answer, api } from './client.ts';
import { explain, hasCode } from './problem.ts';

export type Cart = Answered<'getCart'>;
export type CartLine = Cart['lines'][number];

/** What a page knows of what it puts into the cart, so that it can be shown there at once. */
export type Wanted = { sku: string; quantity: number; title?: string; unitPrice?: Money; productId?: string };

export const MOST_OF_ONE = 999;

const isText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
/** The cart of this browser; whoever knows its id may fill it, so it needs no account. */
const cartId = createStoredStore<string | null>('tradepost.cart', null, isText);
/** When a line last changed, in whichever tab: written so that the others hear of it. */
const changedAt = createStoredStore('tradepost.cart-changed', '', isText);
const becameOrder = createStore<string | null>(null);

/** The order that the last cart of this page has become, in this tab or another. */
export const useLastOrder = (): string | null => useSyncExternalStore(becameOrder.subscribe, becameOrder.get);

/** Calls back when another tab has changed the cart. */
export function onCartOfOtherTab(listener: () => void): () => void {
  const hear = ({ key }: StorageEvent) => {
    if (key === null || key.startsWith('tradepost.cart')) listener();
  };
  addEventListener('storage', hear);
  return () => removeEventListener('storage', hear);
}

/** There is no cart any more: it has become an order, or is another's. */
export function leaveCart(order: string | null): void {
  if (order) becameOrder.set(order);
  cartId.set(null);
}

export const cartQuery = queryOptions({
  queryKey: ['cart'],
  queryFn: async ({ signal }): Promise<Cart | null> => {
    const id = cartId.get();
    if (id === null) return null;
    try {
      const cart = await answer(api.GET('/api/v1/carts/{id}', { params: { path: { id } }, signal }));
      if (!cart.orderId) return cart;
      leaveCart(cart.orderId);
    } catch (error) {
      // Too old, or made by somebody who has signed out since.
      if (!hasCode(error, 'not_found')) throw error;
      leaveCart(null);
    }
    return null;
  },
  staleTime: 0,
  meta: { part: 'orders' },
});

export function useCart() {
  const query = useQuery(cartQuery);
  const lines = query.data?.lines ?? [];
  return { ...query, cart: query.data ?? null, lines, count: lines.reduce((sum, line) => sum + line.quantity, 0) };
}

const mutationKey = ['cart'];

/** Whether a change of the cart is under way. */
export const useCartIsChanging = (): boolean => useIsMutating({ mutationKey }) > 0;

/**
 * Sets how many of a SKU the cart holds; 0 takes it out. It is shown at once, and taken back, with a word, should the shop
 * refuse it or not answer. Changes go out one after another, in the order in which they were made.
 */
export function useSetLine() {
  const client = useQueryClient();
  return useMutation({
    mutationKey,
    scope: { id: 'cart' },
    meta: { part: 'orders' },
    mutationFn: async ({ sku, quantity }: Wanted) => {
      const id = cartId.get() ?? (await makeCart());
      return putLine(id, sku, quantity).catch(async (error) => {
        const isGone = hasCode(error, 'not_found') || hasCode(error, 'cart_checked_out');
        if (!isGone || quantity === 0) throw error;
        return putLine(await makeCart(), sku, quantity);
      });
    },
    onMutate: async (wanted) => {
      await client.cancelQueries(cartQuery);
      const before = client.getQueryData(cartQuery.queryKey);
      client.setQueryData(cartQuery.queryKey, withLine(before ?? null, wanted));
      return { before };
    },
    onSuccess: (cart) => {
      changedAt.set(new Date().toISOString());
      // While more changes wait, what is shown already has them.
      if (client.isMutating({ mutationKey }) === 1) client.setQueryData(cartQuery.queryKey, cart);
    },
    onError: (error, _wanted, result) => {
      client.setQueryData(cartQuery.queryKey, result?.before ?? null);
      toast(explain(error));
      void client.invalidateQueries(cartQuery);
    },
  });
}

async function makeCart(): Promise<string> {
  const { id } = await answer(api.POST('/api/v1/carts'));
  cartId.set(id);
  return id;
}

const putLine = (id: string, sku: string, quantity: number): Promise<Cart> =>
  answer(api.PUT('/api/v1/carts/{id}/lines/{sku}', { params: { path: { id, sku } }, body: { quantity } }));

/** The cart as it will be, as far as one can tell before the shop has answered. */
export function withLine(cart: Cart | null, wanted: Wanted): Cart {
  const { sku, quantity } = wanted;
  const before = cart ?? { id: '', lines: [], total: null, updatedAt: new Date().toISOString() };
  const present = before.lines.find((line) => line.sku === sku);
  const line: CartLine = { forSale: true, ...wanted, ...present, quantity };
  if (line.unitPrice) line.total = { ...line.unitPrice, amount: line.unitPrice.amount * quantity };
  const lines = present ? before.lines.map((one) => (one.sku === sku ? line : one)) : [...before.lines, line];
  const left = lines.filter((one) => one.quantity > 0);
  return { ...before, lines: left, total: totalOf(left) };
}

function totalOf(lines: readonly CartLine[]): Money | null {
  const totals = lines.flatMap(({ total }) => (total ? [total] : []));
  const currency = totals[0]?.currency;
  const isWhole = totals.length === lines.length && totals.every((one) => one.currency === currency);
  if (currency === undefined || !isWhole) return null;
  return { currency, amount: totals.reduce((sum, { amount }) => sum + amount, 0) };
}
