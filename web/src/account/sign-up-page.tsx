import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { explain, fieldError, hasCode } from '../api/problem.ts';
import { signUp } from '../api/session.ts';
import { Button } from '../design/button.tsx';
import { TextField } from '../design/field.tsx';
import { Notice } from '../design/notice.tsx';
import { Page, PageHeading } from '../design/page.tsx';
import { toast } from '../design/toast.tsx';
import styles from './account.module.css';
import { NewPasswordField } from './password-fields.tsx';
import { redirectTarget } from './redirect.ts';

/** Creates an account, and goes on to the page that the reader came from. */
function useSignUp(params: URLSearchParams) {
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: signUp,
    meta: { part: 'accounts' },
    onSuccess: () => {
      navigate(redirectTarget(params), { replace: true });
      toast('We have sent you a mail: follow its link to verify your address');
    },
  });
}

export function SignUpPage() {
  const [params] = useSearchParams();
  const signingUp = useSignUp(params);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    signingUp.mutate({ name: text('name'), email: text('email'), password: String(form.get('password')) });
  };
  const { error } = signingUp;
  const [isTaken, isWeak] = [hasCode(error, 'email_taken'), hasCode(error, 'weak_password')];
  const ofField = (field: string) => fieldError(error, `/${field}`);
  const isSaid = isTaken || isWeak || ['name', 'email', 'password'].some(ofField);
  return (
    <Page narrow>
      <PageHeading title="Create an account" lead="To see all your orders in one place." />
      <form className={styles.form} onSubmit={submit}>
        {error && !isSaid && <Notice tone="bad">{explain(error)}</Notice>}
        <TextField label="Name" name="name" autoComplete="name" required maxLength={100} error={ofField('name')} />
        <TextField
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username"
          required
          maxLength={254}
          defaultValue={params.get('email') ?? ''}
          error={isTaken ? 'There is an account with this e-mail already: sign in instead' : ofField('email')}
        />
        <NewPasswordField name="password" label="Password" error={error} problem={ofField('password')} />
        <Button type="submit" kind="primary" busy={signingUp.isPending} wide>
          Create the account
        </Button>
      </form>
      <p>
        You have one? <Link href={`/sign-in?${params}`}>Sign in</Link>
      </p>
    </Page>
  );
}
