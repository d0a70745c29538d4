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
import { currentAccount } from './session.ts';

export type Cart = Answered<'getCart'>;
export type CartLine = Cart['lines'][number];

/** What a page knows of a line that it changes, so that the line can be shown at once. */
type LineFacts = { sku: string; title?: string; unitPrice?: Money; productId?: string };

/** A change of one line: sets its quantity (0 removes the line), adds units, or sees to it that there are so many. */
export type CartChange = LineFacts & ({ quantity: number } | { add: number } | { atLeast: number });

export const MOST_OF_ONE = 999;

const isText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
/** The cart of this browser. That of a guest needs no account; that of an account is found again on each of its devices. */
const cartId = createStoredStore<string | null>('tradepost.cart', null, isText);
/** The account that the cart is of; null for the cart of a guest. */
const cartOwner = createStoredStore<string | null>('tradepost.cart-owner', null, isText);
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

/** Detaches this browser from its cart, which has become an order or belongs to another account. */
export function detachCart(order: string | null): void {
  if (order) becameOrder.set(order);
  keepCart(null);
}

function keepCart(id: string | null): void {
  cartOwner.set(id === null ? null : ownerNow());
  cartId.set(id);
}

const ownerNow = (): string | null => currentAccount()?.id ?? null;

/** Whether the cart of this browser is that of whoever is signed in now, or of the guest where nobody is. */
const isOwn = (): boolean => cartId.get() !== null && cartOwner.get() === ownerNow();

export const cartQuery = queryOptions({
  queryKey: ['cart'],
  queryFn: async ({ signal }): Promise<Cart | null> => {
    if (!isOwn()) return exclusively(takeOver);
    const id = cartId.get() ?? '';
    try {
      const cart = await answer(api.GET('/api/v1/carts/{id}', { params: { path: { id } }, signal }));
      if (!cart.orderId) return cart;
      detachCart(cart.orderId);
    } catch (error) {
      // Too old, or moved into another one.
      if (!isGone(error)) throw error;
      detachCart(null);
      return exclusively(takeOver);
    }
    return null;
  },
  staleTime: 0,
  // What the guest has put in is shown until it has been moved into the account's cart.
  meta: { part: 'orders', isKeptAtSignIn: true },
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
        if (!isGone(error) || quantity === 0) throw error;
        detachCart(null);
        return putLine(await ensureCart(), sku, quantity);
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
  const before = present?.quantity ?? 0;
  const after = 'add' in change ? before + change.add : Math.max(before, change.atLeast);
  return resolvedQuantities.get(change) ?? Math.min(after, MOST_OF_ONE);
}

/** The cart that is to be changed, made if there is none. */
async function ensureCart(): Promise<string> {
  if (isOwn()) return cartId.get() ?? '';
  return exclusively(async () => (await takeOver())?.id ?? (await makeCart()));
}

/**
 * The cart of whoever is here now. At sign-out the browser forgets the cart, which the account keeps. At sign-in it finds the
 * account's cart, and what the guest has put in is moved there.
 */
async function takeOver(): Promise<Cart | null> {
  const before = cartId.reload();
  const owner = cartOwner.reload();
  if (ownerNow() === null) {
    if (before !== null && owner === null) return readCart(before);
    keepCart(null);
    return null;
  }
  const { items } = await answer(api.GET('/api/v1/carts'));
  const own = items.find(({ id }) => id === before) ?? items.find(({ lines }) => lines.length > 0) ?? items[0];
  const guests = before !== null && owner === null && before !== own?.id ? before : null;
  const cart = guests === null ? (own ?? null) : await mergeInto(own, guests);
  keepCart(cart?.id ?? null);
  return cart;
}

async function mergeInto(own: Cart | undefined, from: string): Promise<Cart | null> {
  const guests = await readCart(from).catch((error) => {
    if (isGone(error)) return null;
    throw error;
  });
  if (!guests || guests.orderId || guests.lines.length === 0) return own ?? null;
  const target = own ?? (await answer(api.POST('/api/v1/carts')));
  const merged = api.POST('/api/v1/carts/{id}/merge', { params: { path: { id: target.id } }, body: { from } });
  return answer(merged).catch((error) => {
    // More lines than a cart holds: better said than to show no cart at all.
    if (hasCode(error, 'unprocessable')) toast(explain(error));
    // Otherwise another tab has moved it meanwhile.
    else if (!isGone(error)) throw error;
    return target;
  });
}

const isGone = (error: unknown): boolean =>
  ['not_found', 'cart_checked_out', 'cart_merged'].some((code) => hasCode(error, code));

const readCart = (id: string): Promise<Cart> => answer(api.GET('/api/v1/carts/{id}', { params: { path: { id } } }));

/** One tab at a time, so that two that begin together make one cart. Browsers have locks on secure origins only. */
const exclusively = <T>(act: () => Promise<T>): Promise<T> =>
  'locks' in navigator ? navigator.locks.request('tradepost.cart', act) : act();

async function makeCart(): Promise<string> {
  const { id } = await answer(api.POST('/api/v1/carts'));
  keepCart(id);
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
