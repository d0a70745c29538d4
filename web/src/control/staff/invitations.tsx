import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useMay } from '../../api/permissions.ts';
import { explain } from '../../api/problem.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { useAccount } from '../../api/session.ts';
import {
  type Invitation,
  type InvitedRole,
  invitationsQuery,
  invite,
  resendInvitation,
  type StaffRole,
  staffKey,
  staffRolesQuery,
  withdrawInvitation,
} from '../../api/staff.ts';
import { Button } from '../../design/button.tsx';
import { SelectField, TextField } from '../../design/field.tsx';
import { Time } from '../../design/format.tsx';
import { Panel } from '../../design/layout.tsx';
import { Badge, Notice } from '../../design/notice.tsx';
import { Table } from '../../design/table.tsx';
import { toast } from '../../design/toast.tsx';
import styles from './staff.module.css';

const meta = { part: 'accounts' } as const;

/** The invitations that were not accepted yet, and a form for another. */
export function Invitations() {
  const may = useMay();
  const roles = useQuery(staffRolesQuery);
  const invitations = useQuery(invitationsQuery);
  return (
    <Panel title="Invitations">
      <div className={styles.panel}>
        {may('staff:write') && roles.data && <InviteForm roles={roles.data.items} />}
        <QueryBoundary query={invitations} what="The invitations" height="6rem">
          {(items) =>
            items.length === 0 ? <p>No open invitations</p> : <List items={items} roles={roles.data?.items ?? []} />
          }
        </QueryBoundary>
      </div>
    </Panel>
  );
}

function InviteForm({ roles }: { roles: readonly StaffRole[] }) {
  const client = useQueryClient();
  const account = useAccount();
  const inviting = useMutation({
    mutationFn: invite,
    meta,
    onSuccess: ({ email }) => {
      toast(`An invitation is on its way to ${email}`);
      return client.invalidateQueries({ queryKey: staffKey });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const written = new FormData(form);
    const choice = String(written.get('role'));
    const role: InvitedRole = choice === 'seller' || choice === 'admin' ? choice : 'staff';
    inviting.mutate(
      { email: String(written.get('email')).trim(), role, ...(role === 'staff' && { staffRole: choice }) },
      { onSuccess: () => form.reset() },
    );
  };
  return (
    <form className={styles.invite} onSubmit={submit}>
      <TextField label="E-mail" name="email" type="email" required autoComplete="off" />
      <SelectField label="Role" name="role">
        {roles.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
        <option value="seller">Seller</option>
        {account?.role === 'admin' && <option value="admin">Admin</option>}
      </SelectField>
      <Button type="submit" kind="primary" busy={inviting.isPending}>
        Invite
      </Button>
      {inviting.error && <Notice tone="bad">{explain(inviting.error)}</Notice>}
    </form>
  );
}

function List({ items, roles }: { items: readonly Invitation[]; roles: readonly StaffRole[] }) {
  const may = useMay();
  const nameOf = ({ role, staffRole }: Invitation) => roles.find(({ id }) => id === staffRole)?.name ?? role;
  return (
    <Table
      caption="Open invitations"
      rows={items}
      keyOf={({ id }) => id}
      columns={[
        { heading: 'E-mail', cell: ({ email }) => email },
        { heading: 'Role', cell: nameOf },
        { heading: 'Invited by', cell: ({ invitedBy }) => invitedBy.name },
        {
          heading: 'Good until',
          cell: ({ expired, expiresAt }) => (expired ? <Badge tone="warn">expired</Badge> : <Time at={expiresAt} />),
        },
        ...(may('staff:write')
          ? [{ heading: 'Actions', cell: (one: Invitation) => <Actions invitation={one} /> }]
          : []),
      ]}
    />
  );
}

function Actions({ invitation: { id, email } }: { invitation: Invitation }) {
  const client = useQueryClient();
  const common = {
    meta,
    onError: (error: Error) => toast(explain(error)),
    onSettled: () => client.invalidateQueries({ queryKey: staffKey }),
  };
  const sending = useMutation({
    mutationFn: () => resendInvitation(id),
    onSuccess: () => toast(`Another mail is on its way to ${email}`),
    ...common,
  });
  const withdrawing = useMutation({ mutationFn: () => withdrawInvitation(id), ...common });
  return (
    <span className={styles.actions}>
      <Button
        kind="quiet"
        busy={sending.isPending}
        aria-label={`Send again to ${email}`}
        onClick={() => sending.mutate()}
      >
        Send again
      </Button>
      <Button
        kind="quiet"
        busy={withdrawing.isPending}
        aria-label={`Withdraw the invitation of ${email}`}
        onClick={() => withdrawing.mutate()}
      >
        Withdraw
      </Button>
    </span>
  );
}
