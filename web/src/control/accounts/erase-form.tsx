import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { api, unwrap } from '../../api/client.ts';
import { explain } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { TextField } from '../../design/field.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import type { Account } from './account.ts';
import styles from './accounts.module.css';

/** Erases an account for its owner. The address is typed once more, since it cannot be undone. */
export function EraseForm({ account, onDone }: { account: Account; onDone: () => void }) {
  const client = useQueryClient();
  const erasing = useMutation({
    mutationFn: () =>
      unwrap(api.POST('/api/v1/auth/admin/accounts/{id}/erasure', { params: { path: { id: account.id } } })),
    onSuccess: async () => {
      toast(`The account of ${account.name} is erased`);
      onDone();
      await client.invalidateQueries({ queryKey: ['control'] });
    },
    meta: { part: 'accounts' },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    erasing.mutate();
  };
  return (
    <form className={styles.row} onSubmit={submit}>
      {erasing.error && <Notice tone="bad">{explain(erasing.error)}</Notice>}
      <TextField
        label="E-mail address of the account, to erase it"
        hint="Name, addresses, password and sessions are removed for good; of orders only what books need stays"
        name="confirmation"
        autoComplete="off"
        required
        pattern={account.email.replace(/[^\w@-]/g, '\\$&')}
      />
      <Button type="submit" kind="danger" busy={erasing.isPending}>
        Erase {account.name}
      </Button>
    </form>
  );
}
