import { useCallback, useEffect } from 'react';
import { useLocation } from 'wouter';
import { type Order, type OrderRef, orderPath } from '../../api/orders.ts';
import { bankPageOf } from './return-path.ts';

/** The order that was just placed, or paid anew, in this page. */
let startedFor: string | undefined;

/** Lets the page of an order go on to the bank by itself, should the bank ask for it: once, so that going back stays possible. */
export function openBankPageOnce(orderId: string): void {
  startedFor = orderId;
}

/** Takes that back; answers whether it was so. */
export function forgetBankPage(orderId: string): boolean {
  const isStarted = startedFor === orderId;
  if (isStarted) startedFor = undefined;
  return isStarted;
}

/** The page where a payment is confirmed, if it has one that can be opened. */
const redirectOf = ({ payment: { action } }: Order): string | undefined =>
  action?.type === 'redirect' ? action.redirectUrl : undefined;

/** Goes on to the page where the payment is confirmed: by itself right after it was started, else when it is called. */
export function useBankPage(order: Order, token: OrderRef['token']): () => void {
  const [, navigate] = useLocation();
  const { id } = order;
  const redirectUrl = redirectOf(order);
  const open = useCallback(() => {
    if (redirectUrl === undefined) return;
    const url = bankPageOf(redirectUrl, orderPath({ id, token }), location.origin);
    if (url?.origin === location.origin) navigate(url.pathname + url.search);
    else if (url) location.assign(url);
  }, [redirectUrl, id, token, navigate]);
  useEffect(() => {
    if (redirectUrl !== undefined && forgetBankPage(id)) open();
  }, [redirectUrl, id, open]);
  return open;
}
