import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { api, unwrap } from '../../api/client.ts';
import { explain } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { CheckField } from '../../design/field.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import type { Account } from './account.ts';
import styles from './accounts.module.css';

/** Removes the second factors of somebody who has lost them. Whoever can have it done can sign in by the password alone. */
export function FactorsForm({ account, onDone }: { account: Account; onDone: () => void }) {
  const removing = useMutation({
    mutationFn: () =>
      unwrap(api.DELETE('/api/v1/auth/admin/accounts/{id}/second-factors', { params: { path: { id: account.id } } })),
    onSuccess: () => {
      toast(`${account.name} has no second factors any more`);
      onDone();
    },
    meta: { part: 'accounts' },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    removing.mutate();
  };
  return (
    <form className={styles.row} onSubmit={submit}>
      {removing.error && <Notice tone="bad">{explain(removing.error)}</Notice>}
      <CheckField
        label="I know that the owner of the account asks for it: authenticator app, recovery codes and passkeys go"
        required
      />
      <Button type="submit" kind="danger" busy={removing.isPending}>
        Remove second factors of {account.name}
      </Button>
    </form>
  );
}
