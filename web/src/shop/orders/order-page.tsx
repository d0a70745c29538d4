import { useQuery } from '@tanstack/react-query';
import { useParams } from 'wouter';
import { type Order, orderQuery } from '../../api/orders.ts';
import { explain, hasCode } from '../../api/problem.ts';
import { useAccount } from '../../api/session.ts';
import { Button, LinkButton } from '../../design/button.tsx';
import { Time } from '../../design/format.tsx';
import { Page, PageHeading } from '../../design/page.tsx';
import { EmptyState, ErrorState, Loading, Skeleton } from '../../design/page-states.tsx';
import { OrderContents } from './order-contents.tsx';
import { OrderProgress } from './order-progress.tsx';
import styles from './orders.module.css';
import { ParcelsAndRefunds } from './parcels.tsx';
import { SignInFirst } from './sign-in-first.tsx';

export function OrderPage() {
  const { id = '' } = useParams<{ id: string }>();
  const account = useAccount();
  if (!account) return <SignInFirst title="Your order" next={`/orders/${id}`} />;
  return <OrderOf key={`${account.id} ${id}`} id={id} />;
}

function OrderOf({ id }: { id: string }) {
  const { data: order, error, isPending, refetch } = useQuery(orderQuery(id));
  if (order) return <OrderView order={order} />;
  return (
    <Page>
      <PageHeading title="Your order" />
      {isPending && (
        <Loading label="Loading the order">
          <Skeleton height="24rem" />
        </Loading>
      )}
      {hasCode(error, 'not_found') || hasCode(error, 'validation_failed') ? (
        <EmptyState
          title="There is no such order of yours"
          action={<LinkButton href="/orders">See your orders</LinkButton>}
        />
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

function OrderView({ order }: { order: Order }) {
  return (
    <Page>
      <PageHeading
        title={headline(order)}
        lead={
          <>
            Order <code className={styles.id}>{order.number}</code>, placed <Time at={order.createdAt} />
          </>
        }
      />
      <div className={styles.layout}>
        <OrderProgress order={order} />
        <div className={styles.facts}>
          <OrderContents order={order} />
          <ParcelsAndRefunds order={order} />
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

function headline(order: Order): string {
  if (order.status === 'rejected') return 'This did not work out';
  if (order.status === 'cancelled')
    return order.reason === 'payment_declined' ? 'The payment was declined' : 'Cancelled';
  if (order.status === 'refunded') return 'Refunded';
  if (order.status === 'pending' || order.status === 'reserved') return 'Thank you. On it …';
  return order.status === 'confirmed'
    ? 'Thank you. It is yours'
    : `Your order is ${order.status === 'delivered' ? 'there' : 'on its way'}`;
}
