import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Link, useSearchParams } from 'wouter';
import { requestPasswordReset } from '../api/mail-links.ts';
import { explain, fieldError } from '../api/problem.ts';
import { Button } from '../design/button.tsx';
import { TextField } from '../design/field.tsx';
import { Notice } from '../design/notice.tsx';
import { Page, PageHeading } from '../design/page.tsx';
import styles from './account.module.css';

export function ForgotPasswordPage() {
  const [params] = useSearchParams();
  const requesting = useMutation({ mutationFn: requestPasswordReset, meta: { part: 'accounts' } });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    requesting.mutate(String(new FormData(event.currentTarget).get('email')).trim());
  };
  const { error } = requesting;
  const ofField = fieldError(error, '/email');
  return (
    <Page narrow>
      <PageHeading title="Forgot password" lead="We send you a mail with a link, by which you set a new one." />
      <form className={styles.form} onSubmit={submit}>
        {error && !ofField && <Notice tone="bad">{explain(error)}</Notice>}
        {requesting.isSuccess && (
          <Notice tone="good" title="If there is an account with this address, a mail is on its way">
            <p>Its link works once, for 30 minutes. If nothing comes, look into the folder for spam.</p>
          </Notice>
        )}
        <TextField
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username"
          required
          maxLength={254}
          defaultValue={params.get('email') ?? ''}
          error={ofField}
        />
        <Button type="submit" kind="primary" busy={requesting.isPending} wide>
          {requesting.isSuccess ? 'Send another mail' : 'Send the mail'}
        </Button>
      </form>
      <p>
        You know it after all? <Link href="/sign-in">Sign in</Link>
      </p>
    </Page>
  );
}
