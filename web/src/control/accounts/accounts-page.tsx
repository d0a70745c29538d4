import { useInfiniteQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { api, unwrap } from '../../api/client.ts';
import { LoadMore } from '../../api/load-more.tsx';
import { useMay } from '../../api/permissions.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { useAccount } from '../../api/session.ts';
import { Button } from '../../design/button.tsx';
import { SelectField, TextField } from '../../design/field.tsx';
import { useFormSync } from '../../design/form-sync.ts';
import { Time } from '../../design/format.tsx';
import { NoMatches } from '../../design/no-matches.tsx';
import { Badge } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { type Column, Table } from '../../design/table.tsx';
import { type Account, type Role, roles } from './account.ts';
import { AccountDialog } from './account-dialog.tsx';
import styles from './accounts.module.css';

type Filter = { email?: string; role?: Role };

/** The accounts, their roles and their bans. */
export function AccountsPage() {
  const [params, setParams] = useSearchParams();
  const email = params.get('email') ?? '';
  const role = roles.find((one) => one === params.get('role'));
  const form = useFormSync({ email, role: role ?? '' });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const written = new FormData(event.currentTarget);
    const given = ['email', 'role'].map((name) => [name, String(written.get(name) ?? '').trim()]);
    setParams(new URLSearchParams(given.filter(([, value]) => value)));
  };
  return (
    <>
      <PageHeading
        title="Accounts"
        lead="Roles and bans. A change of role holds at once; a ban ends an account's sessions."
      />
      <form className={styles.filters} onSubmit={submit} ref={form}>
        <TextField label="E-mail" name="email" type="email" />
        <SelectField label="Role" name="role">
          <option value="">Any</option>
          {roles.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </SelectField>
        <Button type="submit" kind="primary">
          Search
        </Button>
      </form>
      <AccountList filter={{ ...(email && { email }), ...(role && { role }) }} />
    </>
  );
}

function AccountList({ filter }: { filter: Filter }) {
  const may = useMay();
  const canEdit = may('accounts:write') || may('staff:write');
  const own = useAccount();
  const [chosen, setChosen] = useState<Account>();
  const accounts = useInfiniteQuery({
    queryKey: ['control', 'accounts', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/auth/admin/accounts', {
          params: { query: { ...filter, limit: 24, ...(pageParam !== undefined && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime: 0,
    retry: false,
    meta: { part: 'accounts' },
  });
  const items = accounts.data?.pages.flatMap((page) => page.items);
  if (!items) {
    return (
      <QueryBoundary query={accounts} what="The accounts" height="16rem">
        {() => null}
      </QueryBoundary>
    );
  }
  if (items.length === 0) return <NoMatches title="No matching accounts" />;
  return (
    <div className={styles.list}>
      <Table
        caption="Accounts, newest first"
        rows={items}
        keyOf={({ id }) => id}
        columns={columnsFor(own?.id, canEdit ? setChosen : undefined)}
      />
      <LoadMore query={accounts} />
      <AccountDialog account={chosen} onDone={() => setChosen(undefined)} />
    </div>
  );
}

const columnsFor = (
  ownId: string | undefined,
  onChange: ((account: Account) => void) | undefined,
): Column<Account>[] => [
  { heading: 'Name', cell: ({ id, name }) => <Link href={`/control/accounts/${id}`}>{name}</Link> },
  { heading: 'E-mail', cell: ({ email }) => email },
  { heading: 'Role', cell: ({ role, staffRole }) => staffRole?.name ?? role },
  { heading: 'Status', cell: (account) => <AccountStatus account={account} /> },
  { heading: 'Created', cell: ({ createdAt }) => <Time at={createdAt} show="day" /> },
  ...(onChange ? [editColumn(ownId, onChange)] : []),
];

const editColumn = (ownId: string | undefined, onChange: (account: Account) => void): Column<Account> => ({
  heading: 'Actions',
  cell: (account) =>
    account.id === ownId ? (
      'your account'
    ) : (
      <Button kind="quiet" aria-label={`Edit ${account.name}`} onClick={() => onChange(account)}>
        Edit
      </Button>
    ),
});

function AccountStatus({ account }: { account: Account }) {
  if (!account.banned) return <Badge tone="good">active</Badge>;
  return (
    <>
      <Badge tone="bad">banned</Badge> <span className={styles.soft}>{account.banReason}</span>
    </>
  );
}
