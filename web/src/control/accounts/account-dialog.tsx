import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { explain } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { SelectField, TextField } from '../../design/field.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import { type Account, type Change, changeAccount, type Role, roles } from './account.ts';
import styles from './accounts.module.css';

/** Changes another's role, and suspends or restores the account. */
export function AccountDialog({ account, onDone }: { account: Account | undefined; onDone: () => void }) {
  return (
    <Dialog title={account?.name ?? ''} open={account !== undefined} onOpenChange={(open) => !open && onDone()}>
      {account && <AccountForms account={account} onDone={onDone} />}
    </Dialog>
  );
}

function AccountForms({ account, onDone }: { account: Account; onDone: () => void }) {
  const client = useQueryClient();
  const changing = useMutation({
    mutationFn: (change: Change) => changeAccount(account.id, change),
    onSuccess: async (after) => {
      toast(after.banned ? `${after.name} is suspended` : `${after.name} is ${after.role}`);
      onDone();
      await client.invalidateQueries({ queryKey: ['control', 'accounts'] });
    },
    meta: { part: 'accounts' },
  });
  const submit = (make: (form: FormData) => Change) => (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    changing.mutate(make(new FormData(event.currentTarget)));
  };
  return (
    <div className={styles.dialog}>
      <p className={styles.soft}>
        {account.email} · <code>{account.id}</code>
      </p>
      {changing.error && <Notice tone="bad">{explain(changing.error)}</Notice>}
      {/* as: the options are the roles. */}
      <form
        className={styles.row}
        onSubmit={submit((form) => ({ kind: 'role', role: String(form.get('role')) as Role }))}
      >
        <SelectField label="Role" name="role" defaultValue={account.role}>
          {roles.map((role) => (
            <option key={role}>{role}</option>
          ))}
        </SelectField>
        <Button type="submit" busy={changing.isPending}>
          Give this role
        </Button>
      </form>
      {account.banned ? (
        <form className={styles.row} onSubmit={submit(() => ({ kind: 'restore' }))}>
          <p>Suspended: {account.banReason}</p>
          <Button type="submit" busy={changing.isPending}>
            Restore
          </Button>
        </form>
      ) : (
        <form
          className={styles.row}
          onSubmit={submit((form) => ({ kind: 'suspend', reason: String(form.get('reason')) }))}
        >
          <TextField label="Why it is suspended" name="reason" required maxLength={200} />
          <Button type="submit" kind="danger" busy={changing.isPending}>
            Suspend
          </Button>
        </form>
      )}
    </div>
  );
}
