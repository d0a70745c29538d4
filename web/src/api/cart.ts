import {
  type QueryClient,
  queryOptions,
  useIsMutating,
  useMutation,
  useMutationState,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { Money } from '../design/format.tsx';
import { createStore, createStoredStore } from '../design/store.ts';
import { toast } from '../design/toast.tsx';
import { type Answered, answer, api } from './client.ts';
import { explain, hasCode } from './problem.ts';

export type Cart = Answered<'getCart'>;
export type CartLine = Cart['lines'][number];

/** What a page knows of a line that it changes, so that the line can be shown at once. */
type LineFacts = { sku: string; title?: string; unitPrice?: Money; productId?: string };

/** A change of one line: sets its quantity (0 removes the line), or adds units to those that the cart holds. */
export type CartChange = LineFacts & ({ quantity: number } | { add: number });

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

/** The id of the cart of this browser, as soon as there is one. */
export const currentCartId = (): string | null => cartId.get();

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

/**
 * The cart as the reader has made it: the cart that the shop last answered, with the changes that are still under way
 * applied to it. A fetch replaces the answered cart only, so it cannot hide a change that it did not see.
 */
export function useCart() {
  const query = useQuery(cartQuery);
  const changes = useMutationState({
    filters: { mutationKey, status: 'pending' },
    // as: only `useChangeLine` starts mutations with this key.
    select: (mutation) => mutation as { state: { variables: CartChange } },
  });
  const cart = changes.reduce<Cart | null>(
    (before, { state }) => withChange(before, state.variables),
    query.data ?? null,
  );
  const lines = cart?.lines ?? [];
  return { ...query, cart, lines, count: lines.reduce((sum, line) => sum + line.quantity, 0) };
}

const mutationKey = ['cart'];

/** Changes of the cart and its checkout run one after another, in the order in which the reader made them. */
export const cartScope = { id: 'cart' };

/** Whether a change of the cart is under way. */
export const useCartIsChanging = (): boolean => useIsMutating({ mutationKey }) > 0;

/** Changes one line of the cart. The change is shown at once; if the shop refuses it, it is taken back with a message. */
export function useChangeLine() {
  const client = useQueryClient();
  return useMutation({
    mutationKey,
    scope: cartScope,
    meta: { part: 'orders' },
    mutationFn: async (change: CartChange) => {
      const { sku } = change;
      const quantity = await resolveQuantity(client, change);
      const id = await ensureCart();
      return putLine(id, sku, quantity).catch(async (error) => {
        const isGone = hasCode(error, 'not_found') || hasCode(error, 'cart_checked_out');
        if (!isGone || quantity === 0) throw error;
        return putLine(await makeCart(), sku, quantity);
      });
    },
    onSuccess: async (cart) => {
      changedAt.set(new Date().toISOString());
      await showCart(client, cart);
    },
    onError: (error) => {
      toast(explain(error));
      void client.invalidateQueries(cartQuery);
    },
  });
}

/** Shows a cart that the shop has just answered. A fetch that began before that answer would bring an older one. */
export async function showCart(client: QueryClient, cart: Cart | null): Promise<void> {
  await client.cancelQueries(cartQuery);
  client.setQueryData(cartQuery.queryKey, cart);
}

/** An answered cart is taken as current for this long when units are added to one of its lines. */
const CURRENT_MS = 5_000;

/** The quantities that additions have come to, once each of them has begun. */
const resolvedQuantities = new WeakMap<CartChange, number>();

/** The API sets quantities, so an addition has to know the present one: it is fetched where the page does not know it. */
async function resolveQuantity(client: QueryClient, change: CartChange): Promise<number> {
  if ('quantity' in change) return change.quantity;
  const cart = await client.fetchQuery({ ...cartQuery, staleTime: CURRENT_MS });
  const quantity = quantityAfter(
    cart?.lines.find(({ sku }) => sku === change.sku),
    change,
  );
  resolvedQuantities.set(change, quantity);
  return quantity;
}

function quantityAfter(present: CartLine | undefined, change: CartChange): number {
  if ('quantity' in change) return change.quantity;
  return resolvedQuantities.get(change) ?? Math.min((present?.quantity ?? 0) + change.add, MOST_OF_ONE);
}

/** The cart of this browser, made if there is none. Two tabs that begin at the same time make one. */
async function ensureCart(): Promise<string> {
  const known = cartId.get();
  if (known !== null) return known;
  const make = async () => cartId.reload() ?? (await makeCart());
  // Browsers have locks on secure origins only.
  return 'locks' in navigator ? navigator.locks.request('tradepost.cart', make) : make();
}

async function makeCart(): Promise<string> {
  const { id } = await answer(api.POST('/api/v1/carts'));
  cartId.set(id);
  return id;
}

const putLine = (id: string, sku: string, quantity: number): Promise<Cart> =>
  answer(api.PUT('/api/v1/carts/{id}/lines/{sku}', { params: { path: { id, sku } }, body: { quantity } }));

/** The cart as it will be after a change, as far as one can tell before the shop has answered. */
export function withChange(cart: Cart | null, change: CartChange): Cart {
  const { sku, title, unitPrice, productId } = change;
  const before = cart ?? { id: '', lines: [], total: null, updatedAt: new Date().toISOString() };
  const present = before.lines.find((line) => line.sku === sku);
  const facts = {
    ...(title !== undefined && { title }),
    ...(unitPrice && { unitPrice }),
    ...(productId && { productId }),
  };
  const line: CartLine = { sku, forSale: true, ...facts, ...present, quantity: quantityAfter(present, change) };
  if (line.unitPrice) line.total = { ...line.unitPrice, amount: line.unitPrice.amount * line.quantity };
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
