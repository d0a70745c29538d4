import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { explain, hasCode } from '../api/problem.ts';
import { changePassword } from '../api/session.ts';
import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { toast } from '../design/toast.tsx';
import styles from './account.module.css';
import { CurrentPasswordField, NewPasswordField } from './password-fields.tsx';

function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: changePassword,
    meta: { part: 'accounts' },
    onSuccess: () => {
      toast('Your password is changed, and you are signed out everywhere else');
      void client.invalidateQueries({ queryKey: ['sessions'] });
    },
  });
}

export function ChangePassword() {
  const changing = useChangePassword();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const passwords = {
      currentPassword: String(fields.get('currentPassword')),
      newPassword: String(fields.get('newPassword')),
    };
    changing.mutate(passwords, { onSuccess: () => form.reset() });
  };
  const { error } = changing;
  const isWrong = hasCode(error, 'invalid_credentials');
  const isWeak = hasCode(error, 'weak_password');
  return (
    <section className={styles.section}>
      <h2>Password</h2>
      <form className={styles.form} onSubmit={submit}>
        {error && !isWrong && !isWeak && <Notice tone="bad">{explain(error)}</Notice>}
        <CurrentPasswordField label="Present password" error={error} />
        <NewPasswordField hint="It ends your sessions on all other devices" error={error} />
        <div>
          <Button type="submit" busy={changing.isPending}>
            Change the password
          </Button>
        </div>
      </form>
    </section>
  );
}
