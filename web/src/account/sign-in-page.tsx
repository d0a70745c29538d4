import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { explain, hasCode } from '../api/problem.ts';
import { signIn } from '../api/session.ts';
import { Button } from '../design/button.tsx';
import { TextField } from '../design/field.tsx';
import { Notice } from '../design/notice.tsx';
import { Page, PageHeading } from '../design/page.tsx';
import styles from './account.module.css';
import { CodeStep } from './code-step.tsx';
import { PasskeyButton } from './passkey-button.tsx';
import { ProviderButtons } from './provider-buttons.tsx';
import { redirectTarget } from './redirect.ts';

export function SignInPage() {
  const [, navigate] = useLocation();
  const [params] = useSearchParams();
  const [challenge, setChallenge] = useState<string>();
  const done = () => navigate(redirectTarget(params), { replace: true });
  return (
    <Page narrow>
      <PageHeading title="Sign in" />
      {challenge === undefined ? (
        <>
          <PasswordStep params={params} onDone={done} onSecondStep={setChallenge} />
          <PasskeyButton onDone={done} />
          <ProviderButtons next={redirectTarget(params)} />
          <p>
            New here? <Link href={`/sign-up?${params}`}>Create an account</Link>
          </p>
        </>
      ) : (
        <>
          <CodeStep challenge={challenge} onDone={done} />
          <Button kind="quiet" onClick={() => setChallenge(undefined)} wide>
            Begin again
          </Button>
        </>
      )}
    </Page>
  );
}

function PasswordStep({
  params,
  onDone,
  onSecondStep,
}: {
  params: URLSearchParams;
  onDone: () => void;
  onSecondStep: (challenge: string) => void;
}) {
  const signingIn = useMutation({
    mutationFn: signIn,
    meta: { part: 'accounts' },
    onSuccess: onDone,
    onError: (error) => {
      if (hasCode(error, 'second_factor_required')) onSecondStep(String(error.document.challenge));
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    signingIn.mutate({ email: String(form.get('email')), password: String(form.get('password')) });
  };
  const { error } = signingIn;
  return (
    <form className={styles.form} onSubmit={submit}>
      {!error && <AfterReset params={params} />}
      {error && (
        <Notice tone="bad">
          {hasCode(error, 'invalid_credentials') ? 'The e-mail or the password is not right.' : explain(error)}
        </Notice>
      )}
      <TextField
        label="E-mail"
        name="email"
        type="email"
        autoComplete="username"
        required
        defaultValue={params.get('email') ?? ''}
      />
      <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
      <p className={styles.forgot}>
        <Link href="/forgot-password">Forgot password?</Link>
      </p>
      <Button type="submit" kind="primary" busy={signingIn.isPending} wide>
        Sign in
      </Button>
    </form>
  );
}

/** Who has just set a new password comes here from it. */
function AfterReset({ params }: { params: URLSearchParams }) {
  if (params.get('password') !== 'changed') return null;
  return (
    <Notice tone="good" title="Your password is changed">
      <p>Sign in with the new one.</p>
    </Notice>
  );
}
