import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useMay } from '../../api/permissions.ts';
import { explain } from '../../api/problem.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { deleteStaffRole, type StaffRole, saveStaffRole, staffKey, staffRolesQuery } from '../../api/staff.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { TextField } from '../../design/field.tsx';
import { Panel } from '../../design/layout.tsx';
import { Badge, Notice } from '../../design/notice.tsx';
import { PermissionChoice } from '../../design/permission-choice.tsx';
import { type Column, Table } from '../../design/table.tsx';
import { toast } from '../../design/toast.tsx';
import styles from './staff.module.css';

const meta = { part: 'accounts' } as const;
const newRole = (): StaffRole => ({
  ...{ id: crypto.randomUUID(), name: '', permissions: [], holders: 0, readyMade: false },
});

/** The ready-made roles, and the shop's own, which can be changed. */
export function StaffRoles() {
  const may = useMay();
  const roles = useQuery(staffRolesQuery);
  const [edited, setEdited] = useState<StaffRole>();
  const canWrite = may('staff:write');
  return (
    <Panel title="Roles">
      <div className={styles.panel}>
        <QueryBoundary query={roles} what="The roles" height="12rem">
          {({ items, permissions }) => (
            <>
              <Table
                caption="Staff roles"
                rows={items}
                keyOf={({ id }) => id}
                columns={columnsFor(canWrite ? setEdited : undefined)}
              />
              <RoleDialog role={edited} offered={permissions} onDone={() => setEdited(undefined)} />
            </>
          )}
        </QueryBoundary>
        {canWrite && <Button onClick={() => setEdited(newRole())}>New role</Button>}
      </div>
    </Panel>
  );
}

const columnsFor = (onEdit: ((role: StaffRole) => void) | undefined): Column<StaffRole>[] => [
  { heading: 'Role', cell: ({ name }) => name },
  { heading: 'Permissions', cell: ({ permissions }) => permissions.join(', ') },
  { heading: 'Held by', number: true, cell: ({ holders }) => holders },
  ...(onEdit
    ? [
        {
          heading: 'Actions',
          cell: (role: StaffRole) =>
            role.readyMade ? (
              <Badge>ready-made</Badge>
            ) : (
              <Button kind="quiet" aria-label={`Edit the role ${role.name}`} onClick={() => onEdit(role)}>
                Edit
              </Button>
            ),
        },
      ]
    : []),
];

type DialogProps = { role: StaffRole | undefined; offered: readonly string[]; onDone: () => void };

function RoleDialog({ role, offered, onDone }: DialogProps) {
  return (
    <Dialog title={role?.name || 'New role'} open={role !== undefined} onOpenChange={(open) => !open && onDone()}>
      {role && <RoleForm key={role.id} role={role} offered={offered} onDone={onDone} />}
    </Dialog>
  );
}

function RoleForm({ role, offered, onDone }: DialogProps & { role: StaffRole }) {
  const client = useQueryClient();
  const [permissions, setPermissions] = useState<readonly string[]>(role.permissions);
  const finish = async (text: string) => {
    toast(text);
    onDone();
    await client.invalidateQueries({ queryKey: staffKey });
  };
  const saving = useMutation({
    mutationFn: (name: string) => saveStaffRole(role.id, { name, permissions: [...permissions] }),
    meta,
    onSuccess: ({ name }) => finish(`The role ${name} is saved`),
  });
  const deleting = useMutation({
    mutationFn: () => deleteStaffRole(role.id),
    meta,
    onSuccess: () => finish(`The role ${role.name} is deleted`),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    saving.mutate(String(new FormData(event.currentTarget).get('name')).trim());
  };
  const error = saving.error ?? deleting.error;
  return (
    <form className={styles.panel} onSubmit={submit}>
      {error && <Notice tone="bad">{explain(error)}</Notice>}
      <TextField label="Name" name="name" defaultValue={role.name} required maxLength={60} autoComplete="off" />
      <PermissionChoice legend="Permissions" offered={offered} chosen={permissions} onChange={setPermissions} />
      <span className={styles.actions}>
        <Button
          type="submit"
          kind="primary"
          busy={saving.isPending}
          aria-disabled={permissions.length === 0 || undefined}
        >
          Save
        </Button>
        {role.name !== '' && (
          <Button kind="danger" busy={deleting.isPending} onClick={() => deleting.mutate()}>
            Delete
          </Button>
        )}
      </span>
    </form>
  );
}
