import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { orderTitle } from '../../api/orders.ts';
import { explain } from '../../api/problem.ts';
import { moneyText, Time } from '../../design/format.tsx';
import { Loading, Skeleton } from '../../design/page-states.tsx';
import { allOrdersQuery, pollMs } from '../operations.ts';
import { StatusBadge } from '../status-badge.tsx';
import styles from './overview.module.css';

const SHOWN = 8;

/** The latest orders, each with a link to its trace. */
export function LatestOrders({ minutes }: { minutes: number }) {
  const orders = useInfiniteQuery({ ...allOrdersQuery(undefined, SHOWN), refetchInterval: pollMs(minutes) });
  const items = orders.data?.pages[0]?.items;
  return (
    <section aria-labelledby="latest-orders">
      <h3 className={styles.cardTitle} id="latest-orders">
        Latest orders
      </h3>
      {!items && !orders.error && (
        <Loading label="Orders">
          <Skeleton height="14rem" />
        </Loading>
      )}
      {!items && orders.error && <p role="alert">{explain(orders.error)}</p>}
      {items?.length === 0 && <p className={styles.quiet}>No orders yet.</p>}
      <ol className={styles.latest}>
        {items?.map((order) => (
          <li key={order.id} className={styles.latestOrder}>
            <Link href={`/control/orders/${order.id}`}>{orderTitle(order)}</Link>
            <StatusBadge status={order.status} />
            <span className={styles.quiet}>
              {order.lines[0]?.title}, {moneyText(order.total)} · <Time at={order.createdAt} show="second" />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
