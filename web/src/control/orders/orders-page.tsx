import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'wouter';
import { LoadMore } from '../../api/load-more.tsx';
import { OrderSearch } from '../../api/order-search.tsx';
import { type OrderStatus, statusWords } from '../../api/orders.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { SelectField } from '../../design/field.tsx';
import { moneyText, Time } from '../../design/format.tsx';
import { NoMatches } from '../../design/no-matches.tsx';
import { PageHeading } from '../../design/page.tsx';
import { EmptyState } from '../../design/page-states.tsx';
import { Table } from '../../design/table.tsx';
import { allOrdersQuery } from '../operations.ts';
import { StatusBadge } from '../status-badge.tsx';
import styles from './orders.module.css';

// as: Object.keys knows no more than that they are strings.
const statuses = Object.keys(statusWords) as OrderStatus[];

/** The orders of all customers, and a search by number or id. */
export function OrdersPage() {
  const [params, setParams] = useSearchParams();
  const status = statuses.find((one) => one === params.get('status'));
  return (
    <>
      <PageHeading title="Orders" lead="The orders of all customers. Open one to see its trace through the services." />
      <div className={styles.filters}>
        <SelectField
          label="Status"
          value={status ?? ''}
          onChange={({ currentTarget }) => setParams(currentTarget.value ? { status: currentTarget.value } : {})}
        >
          <option value="">Any</option>
          {statuses.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </SelectField>
        <OrderSearch view="all" base="/control/orders" />
      </div>
      <OrderList status={status} />
    </>
  );
}

function OrderList({ status }: { status: OrderStatus | undefined }) {
  const orders = useInfiniteQuery({ ...allOrdersQuery(status), refetchInterval: 10_000 });
  const items = orders.data?.pages.flatMap((page) => page.items);
  if (!items) {
    return (
      <QueryBoundary query={orders} what="The orders" height="20rem">
        {() => null}
      </QueryBoundary>
    );
  }
  if (items.length === 0 && status) return <NoMatches title={`No orders with status ${status}`} />;
  if (items.length === 0) return <EmptyState title="No orders yet" />;
  return (
    <div className={styles.list}>
      <Table
        caption="Orders, the newest first"
        rows={items}
        keyOf={({ id }) => id}
        columns={[
          { heading: 'Placed', cell: ({ createdAt }) => <Time at={createdAt} /> },
          {
            heading: 'Order',
            cell: ({ id, number }) => <Link href={`/control/orders/${id}`}>{number}</Link>,
          },
          { heading: 'Status', cell: (order) => <StatusBadge status={order.status} /> },
          { heading: 'Lines', number: true, cell: ({ lines }) => lines.length },
          { heading: 'Total', number: true, cell: ({ total }) => moneyText(total) },
        ]}
      />
      <LoadMore query={orders} />
    </div>
  );
}
