import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { explain } from '../api/problem.ts';
import { type Account, renameAccount } from '../api/session.ts';
import { Button } from '../design/button.tsx';
import { TextField } from '../design/field.tsx';
import { toast } from '../design/toast.tsx';
import styles from './account.module.css';

export function ChangeName({ account }: { account: Account }) {
  const [written, setName] = useState<string>();
  const name = written ?? account.name;
  const renaming = useMutation({
    mutationFn: renameAccount,
    meta: { part: 'accounts' },
    onSuccess: () => toast('Your name is changed'),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!renaming.isPending) renaming.mutate(name.trim());
  };
  return (
    <section className={styles.section}>
      <h2>Name</h2>
      <form className={styles.form} onSubmit={submit}>
        <TextField
          label="What we call you"
          autoComplete="name"
          required
          pattern=".*\S.*"
          title="A name that is more than blanks"
          maxLength={100}
          value={name}
          onChange={({ target }) => setName(target.value)}
          error={renaming.error ? explain(renaming.error) : undefined}
        />
        <div>
          <Button type="submit" busy={renaming.isPending}>
            Change the name
          </Button>
        </div>
      </form>
    </section>
  );
}
