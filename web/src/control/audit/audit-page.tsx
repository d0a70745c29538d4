import { useInfiniteQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useSearchParams } from 'wouter';
import { AskedFor } from '../../api/asked.tsx';
import { Button } from '../../design/button.tsx';
import { TextField } from '../../design/field.tsx';
import { useFollowedForm } from '../../design/followed-form.ts';
import { Time } from '../../design/format.tsx';
import { Badge } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { EmptyState } from '../../design/states.tsx';
import { Table } from '../../design/table.tsx';
import { type AuditEntry, type AuditFilter, auditQuery } from '../operations.ts';
import styles from './audit.module.css';

const fields = ['path', 'accountId', 'from', 'to'] as const;

/** Who changed what. What is looked for is in the address, so that it can be passed on. */
export function AuditPage() {
  const [params, setParams] = useSearchParams();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const written = new FormData(event.currentTarget);
    const given = fields.map((name) => [name, String(written.get(name) ?? '').trim()]).filter(([, value]) => value);
    setParams(new URLSearchParams(given));
  };
  const clear = () => setParams({});
  const form = useFollowedForm(Object.fromEntries(fields.map((name) => [name, params.get(name) ?? ''])));
  return (
    <>
      <PageHeading
        title="Audit trail"
        lead="Every request that meant to change something: who, what, and how it ended. No bodies, no credentials."
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
        <TextField label="To" name="to" type="datetime-local" />
        <div className={styles.actions}>
          <Button type="submit" kind="primary">
            Filter
          </Button>
          {params.size > 0 && (
            <Button kind="quiet" onClick={clear}>
              Show all
            </Button>
          )}
        </div>
      </form>
      <AuditList filter={filterOf(params)} />
    </>
  );
}

/** Times are given on the reader's clock and asked for in UTC. */
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
      <AskedFor query={trail} what="The audit trail" height="24rem">
        {() => null}
      </AskedFor>
    );
  }
  if (items.length === 0) return <EmptyState title="Nothing was changed that this would show" />;
  return (
    <div className={styles.list}>
      <Table caption="Changes, the latest first" rows={items} keyOf={({ id }) => id} columns={columns} />
      {trail.hasNextPage ? (
        <Button busy={trail.isFetchingNextPage} onClick={() => void trail.fetchNextPage()}>
          Earlier ones
        </Button>
      ) : (
        <p className={styles.soft}>That is where it begins.</p>
      )}
    </div>
  );
}

const columns = [
  { heading: 'When', cell: ({ at }: AuditEntry) => <Time at={at} /> },
  {
    heading: 'What',
    cell: ({ method, path }: AuditEntry) => (
      <code className={styles.what}>
        {method} {path}
      </code>
    ),
  },
  {
    heading: 'Ended',
    cell: ({ status }: AuditEntry) => (
      <Badge tone={status < 400 ? 'good' : status < 500 ? 'warn' : 'bad'}>{status}</Badge>
    ),
  },
  { heading: 'Who', cell: (entry: AuditEntry) => <Who entry={entry} /> },
  { heading: 'From where', cell: ({ address }: AuditEntry) => address ?? '–' },
];

function Who({ entry: { role, accountId, userAgent } }: { entry: AuditEntry }) {
  return (
    <>
      {role ?? 'nobody known'}
      {accountId && (
        <>
          {' '}
          <code className={styles.soft}>{accountId}</code>
        </>
      )}
      {userAgent && <span className={styles.agent}>{userAgent}</span>}
    </>
  );
}
