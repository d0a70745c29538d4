import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useLocation, useParams, useSearchParams } from 'wouter';
import { type Order, type OrderRef, orderPath, orderQuery } from '../../api/orders.ts';
import { explain, hasCode } from '../../api/problem.ts';
import { useAccount } from '../../api/session.ts';
import { Button, LinkButton } from '../../design/button.tsx';
import { Time } from '../../design/format.tsx';
import { Page, PageHeading } from '../../design/page.tsx';
import { EmptyState, ErrorState, Loading, Skeleton } from '../../design/page-states.tsx';
import { OrderInvoices } from '../invoices/order-invoices.tsx';
import { PaymentStep } from '../payments/payment-step.tsx';
import { KeepOrder } from './keep-order.tsx';
import { OrderContents } from './order-contents.tsx';
import { headlineOf } from './order-headline.ts';
import { OrderProgress } from './order-progress.tsx';
import styles from './orders.module.css';
import { ParcelsAndRefunds } from './parcels.tsx';
import { SignInFirst } from './sign-in-first.tsx';

export function OrderPage() {
  const { id = '' } = useParams<{ id: string }>();
  const [params] = useSearchParams();
  const token = params.get('token') ?? undefined;
  const account = useAccount();
  useShortAddress({ id, token });
  if (!account && token === undefined) return <SignInFirst title="Your order" next={`/orders/${id}`} />;
  return <OrderOf key={`${account?.id} ${id}`} id={id} token={token} />;
}

function OrderOf({ id, token }: OrderRef) {
  const { data: order, error, isPending, refetch } = useQuery(orderQuery({ id, token }));
  if (order) return <OrderView order={order} token={token} />;
  return (
    <Page>
      <PageHeading title="Your order" />
      {isPending && (
        <Loading label="Loading the order">
          <Skeleton height="24rem" />
        </Loading>
      )}
      {hasCode(error, 'not_found') || hasCode(error, 'validation_failed') ? (
        <NoSuchOrder isLink={token !== undefined} />
      ) : (
        error && (
          <ErrorState title="The order cannot be shown at the moment" onRetry={refetch}>
            {explain(error)} Orders go on being worked on meanwhile.
          </ErrorState>
        )
      )}
    </Page>
  );
}

function NoSuchOrder({ isLink }: { isLink: boolean }) {
  if (!isLink) {
    return (
      <EmptyState
        title="There is no such order of yours"
        action={<LinkButton href="/orders">See your orders</LinkButton>}
      />
    );
  }
  return (
    <EmptyState title="This link opens no order" action={<LinkButton href="/search">Look around</LinkButton>}>
      Part of the link may be missing. Open it as you kept it.
    </EmptyState>
  );
}

function OrderView({ order, token }: { order: Order; token: OrderRef['token'] }) {
  return (
    <Page>
      <PageHeading
        title={headlineOf(order)}
        lead={
          <>
            Order <code className={styles.id}>{order.number}</code>, placed <Time at={order.createdAt} />
          </>
        }
      />
      <PaymentStep order={order} token={token} />
      <div className={styles.layout}>
        <OrderProgress order={order} token={token} />
        <div className={styles.facts}>
          <OrderContents order={order} />
          <ParcelsAndRefunds order={order} token={token} />
          <OrderInvoices order={order} token={token} />
          {token !== undefined && <KeepOrder order={order} token={token} />}
          <p className={styles.print}>
            <Button kind="quiet" onClick={() => print()}>
              Print this order
            </Button>
          </p>
        </div>
      </div>
    </Page>
  );
}

/** A payment provider adds to the address that it comes back to, a secret of the payment too: it is not for bookmarks. */
function useShortAddress({ id, token }: OrderRef): void {
  const [params] = useSearchParams();
  const [, navigate] = useLocation();
  const isLong = params.has('payment_intent');
  useEffect(() => {
    if (isLong) navigate(orderPath({ id, token }), { replace: true });
  }, [isLong, id, token, navigate]);
}
