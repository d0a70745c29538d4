import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { api, unwrap } from '../../api/client.ts';
import { explain } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { CheckField, TextField } from '../../design/field.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import styles from './erasures.module.css';

/** Erases what the shop has of somebody who bought without an account. */
export function EraseGuestForm() {
  const client = useQueryClient();
  const erasing = useMutation({
    mutationFn: (email: string) => unwrap(api.POST('/api/v1/auth/admin/guest-erasures', { body: { email } })),
    onSuccess: async () => {
      toast('The data of the guest is being erased');
      await client.invalidateQueries({ queryKey: ['control', 'erasures'] });
    },
    meta: { part: 'accounts' },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const email = String(new FormData(form).get('email') ?? '').trim();
    if (!erasing.isPending) erasing.mutate(email, { onSuccess: () => form.reset() });
  };
  return (
    <form className={styles.guest} onSubmit={submit}>
      <h2>Erase a guest</h2>
      {erasing.error && <Notice tone="bad">{explain(erasing.error)}</Notice>}
      <TextField
        label="E-mail address of the guest"
        hint="For an address without an account. Orders lose it, as those of an erased account do; mails to it are removed"
        name="email"
        type="email"
        autoComplete="off"
        maxLength={254}
        required
      />
      <CheckField label="The guest asks for it, and it cannot be undone" name="confirmed" required />
      <div>
        <Button type="submit" kind="danger" busy={erasing.isPending}>
          Erase the guest
        </Button>
      </div>
    </form>
  );
}
