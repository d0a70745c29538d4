import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type ResponseOf, unwrap } from '../../api/client.ts';
import { LoadMore } from '../../api/load-more.tsx';
import { useMay } from '../../api/permissions.ts';
import { explain } from '../../api/problem.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { Button } from '../../design/button.tsx';
import { Time } from '../../design/format.tsx';
import { Badge, Notice } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { EmptyState } from '../../design/page-states.tsx';
import { type Column, Table } from '../../design/table.tsx';
import { toast } from '../../design/toast.tsx';
import { EraseGuestForm } from './erase-guest-form.tsx';
import styles from './erasures.module.css';

type Erasure = ResponseOf<'getErasure'>;
type Part = Erasure['services'][number];

const keptWords: Record<Part['kept'][number], string> = {
  open_orders: 'open orders',
  books: 'books of orders',
  last_mail: 'the last mail',
  audit_entries: 'audit entries without address',
  products: 'products',
};

/** Accounts and guests that were erased, and what each service has done and keeps. */
export function ErasuresPage() {
  const canErase = useMay()('accounts:write');
  return (
    <>
      <PageHeading
        title="Erasures"
        lead="Accounts and guests that were erased. Each service removes its part within seconds; what is kept, and why, is in the privacy guide."
      />
      <ErasureList />
      {canErase && <EraseGuestForm />}
    </>
  );
}

const useErasures = () =>
  useInfiniteQuery({
    queryKey: ['control', 'erasures'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/auth/admin/erasures', {
          params: { query: { limit: 24, ...(pageParam !== undefined && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime: 0,
    retry: false,
    refetchInterval: 10_000,
    meta: { part: 'accounts' },
  });

function ErasureList() {
  const client = useQueryClient();
  const canRepeat = useMay()('accounts:write');
  const erasures = useErasures();
  const repeating = useMutation({
    mutationFn: (id: string) =>
      unwrap(api.POST('/api/v1/auth/admin/erasures/{id}/repeat', { params: { path: { id } } })),
    onSuccess: async () => {
      toast('The erasure is announced again');
      await client.invalidateQueries({ queryKey: ['control', 'erasures'] });
    },
    meta: { part: 'accounts' },
  });
  const items = erasures.data?.pages.flatMap((page) => page.items);
  if (!items) {
    return (
      <QueryBoundary query={erasures} what="The erasures" height="16rem">
        {() => null}
      </QueryBoundary>
    );
  }
  if (items.length === 0) return <EmptyState title="Nobody was erased" />;
  return (
    <div className={styles.list}>
      {repeating.error && <Notice tone="bad">{explain(repeating.error)}</Notice>}
      <Table
        caption="Erasures, newest first"
        rows={items}
        keyOf={({ id }) => id}
        columns={columnsFor(canRepeat ? repeating.mutate : undefined)}
      />
      <LoadMore query={erasures} />
    </div>
  );
}

const columnsFor = (onRepeat: ((id: string) => void) | undefined): Column<Erasure>[] => [
  { heading: 'Erased', cell: ({ requestedAt }) => <Time at={requestedAt} /> },
  {
    heading: 'Account',
    cell: ({ accountId, guest }) => (
      <>
        {guest && <Badge>guest</Badge>} <code>{accountId}</code>
      </>
    ),
  },
  {
    heading: 'By',
    cell: ({ accountId, requestedBy }) =>
      accountId === requestedBy ? 'its owner' : <code>…{requestedBy.slice(-6)}</code>,
  },
  {
    heading: 'Services',
    cell: ({ services }) => (
      <ul className={styles.services}>
        {services.map((part) => (
          <li key={part.service}>
            <ServiceState part={part} />
          </li>
        ))}
      </ul>
    ),
  },
  {
    heading: 'Actions',
    cell: ({ id, accountId, services }) =>
      services.every(({ confirmedAt }) => confirmedAt !== null) ? (
        'none needed'
      ) : onRepeat === undefined ? (
        'a service has not confirmed'
      ) : (
        <Button kind="quiet" aria-label={`Repeat the erasure of ${accountId}`} onClick={() => onRepeat(id)}>
          Repeat
        </Button>
      ),
  },
];

function ServiceState({ part: { service, confirmedAt, kept, completeAfter } }: { part: Part }) {
  if (confirmedAt === null) {
    return (
      <>
        {service} <Badge tone="warn">waiting</Badge>
      </>
    );
  }
  return (
    <>
      {service} <Badge tone="good">confirmed</Badge>
      {kept.length > 0 && (
        <span className={styles.soft}>
          {' '}
          keeps {kept.map((one) => keptWords[one]).join(', ')}
          {completeAfter !== null && (
            <>
              {' '}
              until <Time at={completeAfter} show="day" />
            </>
          )}
        </span>
      )}
    </>
  );
}
