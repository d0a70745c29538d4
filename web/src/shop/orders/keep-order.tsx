import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { claimOrder, type Order, orderPath, orderQuery, purchasesQuery } from '../../api/orders.ts';
import { explain, hasCode } from '../../api/problem.ts';
import { useAccount } from '../../api/session.ts';
import { Button, LinkButton } from '../../design/button.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import styles from './orders.module.css';

/** In the address of the page to which somebody comes back from signing in: the order is to be claimed at once. */
const KEEP = 'keep';

type GuestOrder = { order: Order; token: string };

/** Offers to make a guest's order one of an account. Nothing is offered to the account that has it already. */
export function KeepOrder({ order, token }: GuestOrder) {
  const account = useAccount();
  if (account && account.id === order.customerId) return null;
  return (
    <section className={`${styles.contents} ${styles.keep}`} aria-label="Keep this order">
      <h2 className={styles.heading}>Keep this order</h2>
      {account ? <Claim order={order} token={token} /> : <SignUpFirst order={order} token={token} />}
    </section>
  );
}

function SignUpFirst({ order, token }: GuestOrder) {
  const next = `${orderPath({ id: order.id, token })}&${KEEP}=yes`;
  const params = new URLSearchParams({ next, ...(order.email !== undefined && { email: order.email }) });
  return (
    <>
      <p>Whoever has the address of this page can see and cancel the order. Bookmark it, and show it to nobody else.</p>
      <div className={styles.accountLinks}>
        <LinkButton href={`/sign-up?${params}`}>Keep this order in an account</LinkButton>
        <LinkButton kind="quiet" href={`/sign-in?${params}`}>
          Sign in to keep it
        </LinkButton>
      </div>
    </>
  );
}

function Claim({ order, token }: GuestOrder) {
  const [params] = useSearchParams();
  const { mutate, isIdle, isPending, error } = useClaim();
  const isAsked = params.has(KEEP);
  const { id } = order;
  useEffect(() => {
    if (isAsked && isIdle) mutate({ id, token });
  }, [isAsked, isIdle, id, token, mutate]);
  return (
    <>
      {error && (
        <Notice tone="bad" title="The order could not be kept in your account">
          {reasonOf(error, order)}
        </Notice>
      )}
      <p>Then it is in the list of your orders, and you need no link to see it.</p>
      <div>
        <Button busy={isPending} onClick={() => mutate({ id, token })}>
          Keep this order in your account
        </Button>
      </div>
    </>
  );
}

function useClaim() {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: claimOrder,
    meta: { part: 'orders' },
    onSuccess: (order) => {
      client.setQueryData(orderQuery(order).queryKey, order);
      // The list does not have it yet.
      client.removeQueries({ queryKey: purchasesQuery.queryKey });
      toast('The order is in your account now');
      navigate('/orders', { replace: true });
    },
  });
}

function reasonOf(error: unknown, { email }: Order): string {
  if (hasCode(error, 'forbidden')) {
    return `The order was placed with another e-mail address (${email}). Sign in with the account of that address.`;
  }
  if (hasCode(error, 'conflict')) return 'It is in another account already.';
  return explain(error);
}
