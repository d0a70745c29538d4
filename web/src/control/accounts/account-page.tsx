import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import { api, unwrap } from '../../api/client.ts';
import { LoadMore } from '../../api/load-more.tsx';
import { useMay } from '../../api/permissions.ts';
import { explain } from '../../api/problem.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { useAccount } from '../../api/session.ts';
import { actAs } from '../../api/staff.ts';
import { Button } from '../../design/button.tsx';
import { moneyText, Time } from '../../design/format.tsx';
import { Panel, Stack } from '../../design/layout.tsx';
import { PageHeading } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { toast } from '../../design/toast.tsx';
import { StatusBadge } from '../status-badge.tsx';
import { type Account, accountQuery } from './account.ts';
import { AccountDialog } from './account-dialog.tsx';
import styles from './accounts.module.css';

/** One account, with its orders. */
export function AccountPage() {
  const { id = '' } = useParams();
  const account = useQuery(accountQuery(id));
  if (account.data) return <AccountView account={account.data} />;
  return (
    <>
      <PageHeading title="Account" lead={<code>{id}</code>} />
      <QueryBoundary query={account} what="The account" height="12rem">
        {() => null}
      </QueryBoundary>
    </>
  );
}

function AccountView({ account }: { account: Account }) {
  const may = useMay();
  const own = useAccount();
  const [isEdited, setEdited] = useState(false);
  const canEdit = own?.id !== account.id && (may('accounts:write') || may('staff:write'));
  return (
    <>
      <PageHeading
        title={account.name}
        lead={`${account.email} · ${account.staffRole?.name ?? account.role}${account.banned ? ' · banned' : ''}`}
        actions={
          <>
            {canEdit && <Button onClick={() => setEdited(true)}>Edit</Button>}
            {account.role === 'customer' && !account.banned && may('accounts:act-as') && <ActAs account={account} />}
          </>
        }
      />
      <Stack>
        {may('orders:read') && (
          <Panel title="Orders">
            <Orders customerId={account.id} />
          </Panel>
        )}
      </Stack>
      <AccountDialog account={isEdited ? account : undefined} onDone={() => setEdited(false)} />
    </>
  );
}

function ActAs({ account }: { account: Account }) {
  const acting = useMutation({
    mutationFn: () => actAs(account.id),
    meta: { part: 'accounts' },
    onError: (error) => toast(explain(error)),
  });
  return (
    <Button busy={acting.isPending} onClick={() => acting.mutate()}>
      Act as this customer
    </Button>
  );
}

function Orders({ customerId }: { customerId: string }) {
  const orders = useInfiniteQuery({
    queryKey: ['control', 'accounts', customerId, 'orders'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = {
        view: 'all' as const,
        customerId,
        limit: 24,
        ...(pageParam !== undefined && { cursor: pageParam }),
      };
      return unwrap(api.GET('/api/v1/orders', { params: { query }, signal }));
    },
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime: 0,
    meta: { part: 'orders' },
  });
  return (
    <QueryBoundary query={orders} what="The orders" height="10rem">
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        if (items.length === 0) return <p>No orders</p>;
        return (
          <div className={styles.list}>
            <Table
              caption="Orders of this account, the newest first"
              rows={items}
              keyOf={({ id }) => id}
              columns={[
                { heading: 'Placed', cell: ({ createdAt }) => <Time at={createdAt} /> },
                { heading: 'Order', cell: ({ id, number }) => <Link href={`/control/orders/${id}`}>{number}</Link> },
                { heading: 'Status', cell: ({ status }) => <StatusBadge status={status} /> },
                { heading: 'Total', number: true, cell: ({ total }) => moneyText(total) },
              ]}
            />
            <LoadMore query={orders} />
          </div>
        );
      }}
    </QueryBoundary>
  );
}
