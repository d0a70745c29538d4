import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { LoadMore } from '../../api/load-more.tsx';
import { OrderSearch } from '../../api/order-search.tsx';
import { type Order, purchasesQuery, statusWords } from '../../api/orders.ts';
import { explain } from '../../api/problem.ts';
import { useAccount } from '../../api/session.ts';
import { LinkButton } from '../../design/button.tsx';
import { moneyText, Time } from '../../design/format.tsx';
import { Badge, Notice } from '../../design/notice.tsx';
import { Page, PageHeading } from '../../design/page.tsx';
import { EmptyState, ErrorState, Loading, Skeleton } from '../../design/page-states.tsx';
import { extrasText } from '../totals/total-rows.ts';
import styles from './orders.module.css';
import { SignInFirst } from './sign-in-first.tsx';

export function OrdersPage() {
  const account = useAccount();
  if (!account) return <SignInFirst title="Your orders" next="/orders" />;
  return (
    <Page>
      <PageHeading title="Your orders" />
      <Orders key={account.id} />
    </Page>
  );
}

function Orders() {
  const query = useInfiniteQuery({ ...purchasesQuery, staleTime: 0 });
  const { data, error, isPending, refetch } = query;
  const orders = data?.pages.flatMap((page) => page.items) ?? [];
  if (isPending) {
    return (
      <Loading label="Loading your orders">
        <Skeleton height="5rem" />
      </Loading>
    );
  }
  if (error && !data) {
    return (
      <ErrorState title="Your orders cannot be shown at the moment" onRetry={refetch}>
        {explain(error)} They go on being worked on meanwhile.
      </ErrorState>
    );
  }
  if (orders.length === 0) {
    return (
      <EmptyState title="No orders yet" action={<LinkButton href="/search">Look around</LinkButton>}>
        When you order something, you can watch it from here.
      </EmptyState>
    );
  }
  return (
    <>
      {error && !query.isFetchNextPageError && (
        <Notice tone="warn">This is how they were when we last could ask. {explain(error)}</Notice>
      )}
      <OrderSearch view="purchases" base="/orders" />
      <ul className={styles.orders}>
        {orders.map((order) => (
          <li key={order.id}>
            <OrderRow order={order} />
          </li>
        ))}
      </ul>
      <LoadMore query={query} text="Show earlier ones" />
    </>
  );
}

function OrderRow({ order }: { order: Order }) {
  const { text, tone } = statusWords[order.status];
  const [first, ...others] = order.lines;
  const extras = extrasText(order);
  return (
    <Link href={`/orders/${order.id}`} className={styles.row}>
      <span>
        <span className={styles.lineTitle}>
          <bdi>{first?.title}</bdi>
          {others.length > 0 && ` and ${others.length} more`}
        </span>
        <span className={styles.soft}>
          {order.number}, <Time at={order.createdAt} />
        </span>
        {extras && <span className={styles.soft}>With {extras}</span>}
      </span>
      <Badge tone={tone}>{text}</Badge>
      <span className={styles.amount}>{moneyText(order.total)}</span>
    </Link>
  );
}
