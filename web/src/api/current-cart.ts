import { useSyncExternalStore } from 'react';
import { createStore, createStoredStore } from '../design/store.ts';
import { toast } from '../design/toast.tsx';
import type { Cart } from './cart-change.ts';
import { api, unwrap } from './client.ts';
import type { OrderRef } from './orders.ts';
import { explain, hasCode } from './problem.ts';
import { currentAccount } from './session.ts';

/** Reads a stored text; what is none is left out. */
export const isText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
/** The cart of this browser. That of a guest needs no account; that of an account is found again on each of its devices. */
const cartId = createStoredStore<string | null>('tradepost.cart', null, isText);
/** The account that the cart is of; null for the cart of a guest. */
const cartOwner = createStoredStore<string | null>('tradepost.cart-owner', null, isText);
const becameOrder = createStore<OrderRef | null>(null);

type OrderedCart = { orderId: string; cartId: string };
/** The cart of the last order, since it opens again when an order is given up that was never paid. Only the browser of a guest knows which. */
const lastOrdered = createStoredStore<OrderedCart | null>('tradepost.ordered-cart', null, readOrderedCart);

function readOrderedCart(value: unknown): OrderedCart | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { orderId, cartId: cart } = value as Partial<Record<keyof OrderedCart, unknown>>;
  return typeof orderId === 'string' && typeof cart === 'string' ? { orderId, cartId: cart } : undefined;
}

/** The order that the last cart of this page has become, in this tab or another. The token of a guest's order is known where it was placed. */
export const useLastOrder = (): OrderRef | null => useSyncExternalStore(becameOrder.subscribe, becameOrder.get);

/** The id of the cart of this browser, as soon as there is one. */
export const currentCartId = (): string | null => cartId.get();

/** Detaches this browser from its cart, which has become an order or belongs to another account. */
export function detachCart(order: OrderRef | null): void {
  // A fetch that finds the cart ordered does not know the token that the answer of the checkout had.
  if (order && (order.token !== undefined || order.id !== becameOrder.get()?.id)) becameOrder.set(order);
  const cart = cartId.get();
  if (order && cart !== null) lastOrdered.set({ orderId: order.id, cartId: cart });
  keepCart(null);
}

/** Takes the cart of an order again that has come to nothing; unless the browser has another one by now. */
export function reattachCart(orderId: string): void {
  const before = lastOrdered.get();
  if (before?.orderId === orderId && cartId.get() === null) keepCart(before.cartId);
}

function keepCart(id: string | null): void {
  cartOwner.set(id === null ? null : ownerNow());
  cartId.set(id);
}

const ownerNow = (): string | null => currentAccount()?.id ?? null;

/** Whether the cart of this browser is that of whoever is signed in now, or of the guest where nobody is. */
export const isOwn = (): boolean => cartId.get() !== null && cartOwner.get() === ownerNow();

/** The cart that is to be changed, made if there is none. */
export async function ensureCart(): Promise<string> {
  if (isOwn()) return cartId.get() ?? '';
  return exclusively(async () => (await takeOver())?.id ?? (await makeCart()));
}

/**
 * The cart of whoever is here now. At sign-out the browser forgets the cart, which the account keeps. At sign-in it finds the
 * account's cart, and what the guest has put in is moved there.
 */
export const takeOverCart = (): Promise<Cart | null> => exclusively(takeOver);

async function takeOver(): Promise<Cart | null> {
  const before = cartId.reload();
  const owner = cartOwner.reload();
  if (ownerNow() === null) {
    if (before !== null && owner === null) return readCart(before);
    keepCart(null);
    return null;
  }
  const { items } = await unwrap(api.GET('/api/v1/carts'));
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
  const target = own ?? (await unwrap(api.POST('/api/v1/carts')));
  const merged = api.POST('/api/v1/carts/{id}/merge', { params: { path: { id: target.id } }, body: { from } });
  return unwrap(merged).catch((error) => {
    // More lines than a cart holds: better said than to show no cart at all.
    if (hasCode(error, 'unprocessable')) toast(explain(error));
    // Otherwise another tab has moved it meanwhile.
    else if (!isGone(error)) throw error;
    return target;
  });
}

/** Whether there is no such cart any more: too old, ordered, or moved into another one. */
export const isGone = (error: unknown): boolean =>
  ['not_found', 'cart_checked_out', 'cart_merged'].some((code) => hasCode(error, code));

export const readCart = (id: string, signal?: AbortSignal): Promise<Cart> =>
  unwrap(api.GET('/api/v1/carts/{id}', { params: { path: { id } }, ...(signal && { signal }) }));

/** One tab at a time, so that two that begin together make one cart. Browsers have locks on secure origins only. */
const exclusively = <T>(act: () => Promise<T>): Promise<T> =>
  'locks' in navigator ? navigator.locks.request('tradepost.cart', act) : act();

async function makeCart(): Promise<string> {
  const { id } = await unwrap(api.POST('/api/v1/carts'));
  keepCart(id);
  return id;
}
