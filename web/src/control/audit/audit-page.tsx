import { useInfiniteQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useSearchParams } from 'wouter';
import { LoadMore } from '../../api/load-more.tsx';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { Button } from '../../design/button.tsx';
import { TextField } from '../../design/field.tsx';
import { useFormSync } from '../../design/form-sync.ts';
import { Time } from '../../design/format.tsx';
import { NoMatches } from '../../design/no-matches.tsx';
import { Badge } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { type AuditEntry, type AuditFilter, auditQuery } from '../operations.ts';
import styles from './audit.module.css';

const fields = ['path', 'accountId', 'from', 'to'] as const;

/** The requests that change data. The filter is in the page's URL, so that it can be shared. */
export function AuditPage() {
  const [params, setParams] = useSearchParams();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const written = new FormData(event.currentTarget);
    const given = fields.map((name) => [name, String(written.get(name) ?? '').trim()]).filter(([, value]) => value);
    setParams(new URLSearchParams(given));
  };
  const clear = () => setParams({});
  const form = useFormSync(Object.fromEntries(fields.map((name) => [name, params.get(name) ?? ''])));
  return (
    <>
      <PageHeading
        title="Audit trail"
        lead="Every request that can change data: who sent it, and the status of the response. Bodies and credentials are not recorded."
      />
      <form className={styles.filters} onSubmit={submit} ref={form}>
        <TextField label="Path begins with" name="path" placeholder="/api/v1/orders" maxLength={512} />
        <TextField
          label="Account id"
          name="accountId"
          pattern="\s*[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\s*"
          title="32 digits and letters in five groups"
        />
        <TextField label="From" name="from" type="datetime-local" />
        <TextField label="To" name="to" type="datetime-local" error={rangeProblem(params)} />
        <div className={styles.actions}>
          <Button type="submit" kind="primary">
            Filter
          </Button>
          {params.size > 0 && (
            <Button kind="quiet" onClick={clear}>
              Clear filters
            </Button>
          )}
        </div>
      </form>
      <AuditList filter={filterOf(params)} />
    </>
  );
}

/** The page says why a time range is empty. */
const rangeProblem = (params: URLSearchParams): string | undefined => {
  const [from, to] = [params.get('from'), params.get('to')];
  return from && to && to < from ? 'This is before the beginning' : undefined;
};

/** Times are entered in the reader's time zone and sent in UTC. */
function filterOf(params: URLSearchParams): AuditFilter {
  const [path, accountId] = [params.get('path'), params.get('accountId')];
  const time = (name: 'from' | 'to') => {
    const at = new Date(params.get(name) ?? '');
    return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
  };
  const [from, to] = [time('from'), time('to')];
  return { ...(path && { path }), ...(accountId && { accountId }), ...(from && { from }), ...(to && { to }) };
}

function AuditList({ filter }: { filter: AuditFilter }) {
  const trail = useInfiniteQuery(auditQuery(filter));
  const items = trail.data?.pages.flatMap((page) => page.items);
  if (!items) {
    return (
      <QueryBoundary query={trail} what="The audit trail" height="24rem">
        {() => null}
      </QueryBoundary>
    );
  }
  if (items.length === 0) return <NoMatches title="No matching entries" />;
  return (
    <div className={styles.list}>
      <Table caption="Audit entries, newest first" rows={items} keyOf={({ id }) => id} columns={columns} />
      <LoadMore query={trail} />
      {!trail.hasNextPage && <p className={styles.soft}>No older entries.</p>}
    </div>
  );
}

const columns = [
  { heading: 'Time', cell: ({ at }: AuditEntry) => <Time at={at} /> },
  {
    heading: 'Request',
    cell: ({ method, path }: AuditEntry) => (
      <code className={styles.what}>
        {method} {path}
      </code>
    ),
  },
  {
    heading: 'Status',
    cell: ({ status }: AuditEntry) => (
      <Badge tone={status < 400 ? 'good' : status < 500 ? 'warn' : 'bad'}>{status}</Badge>
    ),
  },
  { heading: 'Account', cell: (entry: AuditEntry) => <AccountOf entry={entry} /> },
  { heading: 'IP address', cell: ({ address }: AuditEntry) => address ?? '–' },
];

function AccountOf({ entry: { role, accountId, operatorId, userAgent } }: { entry: AuditEntry }) {
  return (
    <>
      {role ?? 'not signed in'}
      {accountId && (
        <>
          {' '}
          <code className={styles.soft}>{accountId}</code>
        </>
      )}
      {operatorId && (
        <span className={styles.agent}>
          acted by the operator <code className={styles.soft}>{operatorId}</code>
        </span>
      )}
      {userAgent && <span className={styles.agent}>{userAgent}</span>}
    </>
  );
}
