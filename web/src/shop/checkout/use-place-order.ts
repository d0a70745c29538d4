import { useIsMutating, useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import { cartQuery, cartScope, showCart } from '../../api/cart.ts';
import type { Cart } from '../../api/cart-change.ts';
import { api, unwrap } from '../../api/client.ts';
import { currentCartId, detachCart } from '../../api/current-cart.ts';
import { type OrderRef, orderQuery, type PlacedOrder, purchasesQuery } from '../../api/orders.ts';
import { ApiProblem, hasCode, isTransient } from '../../api/problem.ts';
import type { Quote } from '../../api/quotes.ts';
import type { Money } from '../../design/format.tsx';
import { createStoredStore } from '../../design/store.ts';
import type { Address } from '../addresses/address.ts';
import { openBankPageOnce } from '../payments/bank-page.ts';
import type { Payment } from '../payments/payment-means.ts';
import { forgetCheckoutChoices } from './checkout-choices.ts';
import type { OrderDetails } from './use-order-details.ts';

/** An order that was submitted and whose result is not known yet. */
type SubmittedOrder = {
  cartId: string;
  /** Of a guest; an account sends none. */
  email?: string | undefined;
  shippingAddress: Address;
  payment: Payment;
  expectedTotal: Money;
  shippingMethod?: string | undefined;
  couponCodes?: string[] | undefined;
  /** Absent in what an older version of this page has kept. */
  details?: OrderDetails;
};

/**
 * Kept in the browser until there is an answer, so that a reload sends the very same again. That is safe: a cart becomes one
 * order at the most, and the same request gives the same order.
 */
const sent = createStoredStore<SubmittedOrder | null>('tradepost.placing', null, (stored) =>
  // as: it is only ever sent to the API, which judges every field.
  typeof stored === 'object' && stored && 'cartId' in stored && 'payment' in stored
    ? (stored as SubmittedOrder)
    : undefined,
);

function place(order: SubmittedOrder): Promise<PlacedOrder> {
  const { cartId: id, email, shippingAddress, payment, expectedTotal, shippingMethod, couponCodes, details } = order;
  return unwrap(
    api.POST('/api/v1/carts/{id}/checkout', {
      // The key tells the gateway that the request may be repeated; that it has one effect is the cart's own doing.
      params: { path: { id } },
      headers: { 'idempotency-key': id },
      body: {
        ...{ shippingAddress, payment, expectedTotal },
        ...(email !== undefined && { email }),
        ...(shippingMethod !== undefined && { shippingMethod }),
        ...(couponCodes && { couponCodes }),
        ...details,
      },
    }),
  );
}

type Outcomes = { onPlaced: (order: PlacedOrder) => void; onRefused: (error: unknown) => void };

const mutationKey = ['place-order'];

/** Places the order of a cart exactly once, also after a reload or a second click. */
export function usePlaceOrder(cart: Cart | null, outcomes: Outcomes) {
  const placing = usePlacement(outcomes);
  const { mutate, isIdle } = placing;
  const id = cart?.id;
  useEffect(() => {
    const before = sent.get();
    if (before && before.cartId === id && isIdle) mutate(before);
  }, [id, isIdle, mutate]);
  return placing;
}

function usePlacement({ onPlaced, onRefused }: Outcomes) {
  const client = useQueryClient();
  return useMutation({
    mutationKey,
    // After the changes of the cart that are still under way, so that the order has them.
    scope: cartScope,
    meta: { part: 'orders' },
    mutationFn: (wanted: SubmittedOrder) => {
      // A first line that is still on its way to the shop has made the cart meanwhile.
      const order = { ...wanted, cartId: wanted.cartId || (currentCartId() ?? '') };
      sent.set(order);
      return place(order);
    },
    // An answer is never waited for in vain: what passes is tried again, and it stays the one order.
    retry: (failures, error) => failures < 4 && isTransient(error),
    onSuccess: async (placed) => {
      const { token, ...order } = placed;
      sent.set(null);
      forgetCheckoutChoices();
      openBankPageOnce(order.id);
      client.setQueryData(orderQuery(order).queryKey, order);
      detachCart({ id: order.id, token });
      await showCart(client, null);
      // The list does not have it yet, nor the address that comes next time.
      client.removeQueries({ queryKey: purchasesQuery.queryKey });
      onPlaced(placed);
    },
    onError: (error) => {
      // Refused, so there is nothing to find out; the cart may hold something else by now.
      if (error instanceof ApiProblem && !isTransient(error)) sent.set(null);
      onRefused(error);
      void client.invalidateQueries(cartQuery);
    },
  });
}

export type OrderPlacement = ReturnType<typeof usePlaceOrder>;

/** Calls back with the order that was sent before the page was loaded anew, where the cart has turned out to be it. */
export function useOrderOfCart(order: OrderRef | null, onFound: (order: OrderRef) => void): void {
  const isPlacing = useIsMutating({ mutationKey }) > 0;
  const { mutate } = usePlacement({ onPlaced: onFound, onRefused: () => {} });
  const look = useEffectEvent((found: OrderRef) => {
    const before = sent.get();
    if (before === null) return;
    if (before.email === undefined) {
      sent.set(null);
      onFound(found);
      // Only the answer of the checkout has the token that opens a guest's order, and the same request is answered it again.
    } else if (!isPlacing) mutate(before);
  });
  useEffect(() => {
    if (order) look(order);
  }, [order]);
}

/** The quote with which the shop refused an order at another total. */
export function quoteOfProblem(error: unknown): Quote | undefined {
  if (!hasCode(error, 'price_changed')) return undefined;
  const { quote } = error.document;
  // as: the document of this code has the quote, as the API describes.
  return typeof quote === 'object' && quote !== null && 'total' in quote ? (quote as Quote) : undefined;
}
