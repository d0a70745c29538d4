import { useInfiniteQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { AskedFor } from '../../api/asked.tsx';
import { type OrderStatus, statusWords } from '../../api/orders.ts';
import { Button } from '../../design/button.tsx';
import { SelectField, TextField } from '../../design/field.tsx';
import { moneyText, Time } from '../../design/format.tsx';
import { PageHeading } from '../../design/page.tsx';
import { EmptyState } from '../../design/states.tsx';
import { Table } from '../../design/table.tsx';
import { allOrdersQuery } from '../operations.ts';
import { StatusBadge } from '../status-badge.tsx';
import styles from './orders.module.css';

// as: Object.keys knows no more than that they are strings.
const statuses = Object.keys(statusWords) as OrderStatus[];

/** Everybody's orders, and the way to one whose id is known. */
export function OrdersPage() {
  const [params, setParams] = useSearchParams();
  const status = statuses.find((one) => one === params.get('status'));
  return (
    <>
      <PageHeading title="Orders" lead="Each leads to its way through the services." />
      <div className={styles.filters}>
        <SelectField
          label="State"
          value={status ?? ''}
          onChange={({ currentTarget }) => setParams(currentTarget.value ? { status: currentTarget.value } : {})}
        >
          <option value="">Any</option>
          {statuses.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </SelectField>
        <ById />
      </div>
      <OrderList status={status} />
    </>
  );
}

function ById() {
  const [, navigate] = useLocation();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const id = String(new FormData(event.currentTarget).get('id')).trim().toLowerCase();
    navigate(`/control/orders/${encodeURIComponent(id)}`);
  };
  return (
    <form className={styles.byId} onSubmit={submit}>
      <TextField
        label="Order id"
        name="id"
        required
        pattern="\s*[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\s*"
        title="As in a link or a log: 32 digits and letters in five groups"
      />
      <Button type="submit">Go to it</Button>
    </form>
  );
}

function OrderList({ status }: { status: OrderStatus | undefined }) {
  const orders = useInfiniteQuery({ ...allOrdersQuery(status), refetchInterval: 10_000 });
  const items = orders.data?.pages.flatMap((page) => page.items);
  if (!items) {
    return (
      <AskedFor query={orders} what="The orders" height="20rem">
        {() => null}
      </AskedFor>
    );
  }
  if (items.length === 0)
    return <EmptyState title={status ? `No order is ${status}` : 'No order has been placed yet'} />;
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
            cell: ({ id }) => (
              <Link href={`/control/orders/${id}`}>
                <code>{id}</code>
              </Link>
            ),
          },
          { heading: 'State', cell: (order) => <StatusBadge status={order.status} /> },
          { heading: 'Lines', number: true, cell: ({ lines }) => lines.length },
          { heading: 'Total', number: true, cell: ({ total }) => moneyText(total) },
        ]}
      />
      {orders.hasNextPage && (
        <Button busy={orders.isFetchingNextPage} onClick={() => void orders.fetchNextPage()}>
          Older orders
        </Button>
      )}
    </div>
  );
}
