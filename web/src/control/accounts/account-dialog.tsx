import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useMay } from '../../api/permissions.ts';
import { explain } from '../../api/problem.ts';
import { staffRolesQuery } from '../../api/staff.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { SelectField, TextField } from '../../design/field.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import { type Account, type Change, changeAccount, plainRoles } from './account.ts';
import styles from './accounts.module.css';
import { EraseForm } from './erase-form.tsx';
import { FactorsForm } from './factors-form.tsx';

/** Changes the role of an account, and bans or unbans it. Each button names what it does to whom. */
export function AccountDialog({ account, onDone }: { account: Account | undefined; onDone: () => void }) {
  return (
    <Dialog title={account?.name ?? ''} open={account !== undefined} onOpenChange={(open) => !open && onDone()}>
      {account && <AccountForms account={account} onDone={onDone} />}
    </Dialog>
  );
}

const told = ({ name, role, staffRole }: Account, { kind }: Change): string =>
  ({
    role: `${name} has the role ${staffRole?.name ?? role}`,
    ban: `${name} is banned`,
    unban: `${name} is no longer banned`,
  })[kind];

function AccountForms({ account, onDone }: { account: Account; onDone: () => void }) {
  const client = useQueryClient();
  const may = useMay();
  const changing = useMutation({
    mutationFn: (change: Change) => changeAccount(account.id, change),
    onSuccess: async (after, change) => {
      toast(told(after, change));
      onDone();
      await client.invalidateQueries({ queryKey: ['control', 'accounts'] });
    },
    meta: { part: 'accounts' },
  });
  const forms = { account, busy: changing.isPending, onChange: changing.mutate };
  return (
    <div className={styles.dialog}>
      <p className={styles.soft}>
        {account.email} · <code>{account.id}</code>
      </p>
      {changing.error && <Notice tone="bad">{explain(changing.error)}</Notice>}
      {may('staff:write') && <RoleForm {...forms} />}
      {may('accounts:write') && (account.banned ? <UnbanForm {...forms} /> : <BanForm {...forms} />)}
      {may('accounts:write') && <FactorsForm account={account} onDone={onDone} />}
      {may('accounts:write') && <EraseForm account={account} onDone={onDone} />}
    </div>
  );
}

type FormProps = { account: Account; busy: boolean; onChange: (change: Change) => void };

function RoleForm({ account, busy, onChange }: FormProps) {
  const { data } = useQuery(staffRolesQuery);
  const before = account.staffRole?.id ?? account.role;
  const [chosen, setChosen] = useState<string>(before);
  const isSame = chosen === before;
  const role = plainRoles.find((one) => one === chosen) ?? 'staff';
  const staff = data?.items.find(({ id }) => id === chosen);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!isSame) onChange({ kind: 'role', role, ...(role === 'staff' && { staffRole: chosen }) });
  };
  return (
    <form className={styles.row} onSubmit={submit}>
      <SelectField label="Role" value={chosen} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
        {plainRoles.map((one) => (
          <option key={one}>{one}</option>
        ))}
        {data?.items.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </SelectField>
      <Button type="submit" busy={busy} aria-disabled={isSame || undefined}>
        {isSame ? 'Change role' : `Change role to ${staff?.name ?? role}`}
      </Button>
    </form>
  );
}

function BanForm({ account, busy, onChange }: FormProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onChange({ kind: 'ban', reason: String(new FormData(event.currentTarget).get('reason')).trim() });
  };
  return (
    <form className={styles.row} onSubmit={submit}>
      <TextField
        label="Reason for the ban"
        hint="A ban ends all sessions of the account at once, and it cannot sign in again until it is unbanned"
        name="reason"
        required
        maxLength={200}
      />
      <Button type="submit" kind="danger" busy={busy}>
        Ban {account.name}
      </Button>
    </form>
  );
}

function UnbanForm({ account, busy, onChange }: FormProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onChange({ kind: 'unban' });
  };
  return (
    <form className={styles.row} onSubmit={submit}>
      <p>Banned: {account.banReason}</p>
      <Button type="submit" busy={busy}>
        Unban {account.name}
      </Button>
    </form>
  );
}
