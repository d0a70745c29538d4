import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type Order, type OrderRef, orderQuery } from '../../api/orders.ts';
import { useFillCart } from '../orders/use-fill-cart.ts';
import { forgetBankPage, openBankPageOnce } from './bank-page.ts';
import type { Payment } from './payment-means.ts';
import { cancelUnpaidOrder, checkPayment, payOrder } from './payment-requests.ts';

const meta = { part: 'orders' } as const;

function useShowOrder() {
  const client = useQueryClient();
  return {
    show: (order: Order) => client.setQueryData(orderQuery(order).queryKey, order),
    reload: (id: string) => void client.invalidateQueries({ queryKey: orderQuery({ id }).queryKey }),
  };
}

/** What is next is at the beginning of the page, and the button that was pressed may have been far below. */
function showTop(): void {
  document.querySelector('main')?.focus({ preventScroll: true });
  scrollTo({ top: 0, behavior: 'instant' });
}

/** Pays an order by another means. */
export function usePayOrder({ id, token }: OrderRef) {
  const { show, reload } = useShowOrder();
  return useMutation({
    mutationFn: (payment: Payment) => payOrder({ id, token }, payment),
    onMutate: () => openBankPageOnce(id),
    onSuccess: (order) => {
      show(order);
      showTop();
    },
    onError: () => {
      forgetBankPage(id);
      // It may have been cancelled, or paid, meanwhile.
      reload(id);
    },
    meta,
  });
}

/** Cancels an order that is not paid, and opens the cart that it was made of. */
export function useBackToCart(order: Order, token: OrderRef['token']) {
  const { show, reload } = useShowOrder();
  const fillCart = useFillCart(order);
  return useMutation({
    mutationFn: () => cancelUnpaidOrder({ id: order.id, token }),
    onSuccess: (cancelled) => {
      // The provider may not have promised yet that nothing is taken: then the page of the order offers it later.
      if (cancelled.status === 'cancelled') fillCart();
      show(cancelled);
    },
    onError: () => reload(order.id),
    meta,
  });
}

/** Whether the customer has to do something on another page, or in a form of the provider. */
const isAskedElsewhere = ({ payment: { action } }: Order): boolean =>
  action !== undefined && action.type !== 'bank_transfer';

/**
 * Has the provider asked how the payment stands when somebody comes to the page of an order whose payment waits for them: they may
 * come from the page of their bank.
 */
export function useCheckOnReturn(order: Order, token: OrderRef['token']) {
  const { id } = order;
  const { show } = useShowOrder();
  const { mutate, isPending, isIdle } = useMutation({
    mutationFn: () => checkPayment({ id, token }),
    onSuccess: show,
    meta,
  });
  const [wasAsked] = useState(() => isAskedElsewhere(order));
  useEffect(() => {
    if (wasAsked && isIdle) mutate();
  }, [wasAsked, isIdle, mutate]);
  useEffect(() => {
    // Going back from the bank may show the page as it was left, without loading it.
    const onShow = ({ persisted }: PageTransitionEvent) => persisted && mutate();
    addEventListener('pageshow', onShow);
    return () => removeEventListener('pageshow', onShow);
  }, [mutate]);
  return { isChecking: isPending, check: () => mutate() };
}
