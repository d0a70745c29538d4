import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useLocation } from 'wouter';
import { resetPassword } from '../api/mail-links.ts';
import { explain, hasCode } from '../api/problem.ts';
import { Button, LinkButton } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { Page, PageHeading } from '../design/page.tsx';
import { ErrorState } from '../design/page-states.tsx';
import { useFocusOnProblem } from '../design/use-focus-on-problem.ts';
import styles from './account.module.css';
import { useLinkToken } from './link-token.ts';
import { NewPasswordField } from './password-fields.tsx';

export function ResetPasswordPage() {
  const token = useLinkToken();
  const [, navigate] = useLocation();
  const resetting = useMutation({
    mutationFn: resetPassword,
    meta: { part: 'accounts' },
    onSuccess: () => navigate('/sign-in?password=changed', { replace: true }),
  });
  const { error } = resetting;
  const isDead = token === undefined || (hasCode(error, 'link_not_valid') && resetting.variables?.token === token);
  return (
    <Page narrow>
      <PageHeading title="Set a new password" {...(!isDead && { lead: 'It ends your sessions on all devices.' })} />
      {isDead ? (
        <ErrorState
          title={token === undefined ? 'This is not the whole link' : 'This link has expired or was used'}
          action={
            <LinkButton kind="primary" href="/forgot-password">
              Send me another mail
            </LinkButton>
          }
        >
          <p>
            {token === undefined
              ? 'Open the link in the mail again, or ask for another mail.'
              : 'A link works once, for 30 minutes, and not after your password was changed.'}
          </p>
        </ErrorState>
      ) : (
        <NewPassword
          error={error}
          busy={resetting.isPending}
          onSubmit={(newPassword) => resetting.mutate({ token, newPassword })}
        />
      )}
    </Page>
  );
}

function NewPassword(props: { error: unknown; busy: boolean; onSubmit: (newPassword: string) => void }) {
  const { error, busy, onSubmit } = props;
  const around = useFocusOnProblem(error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!busy) onSubmit(String(new FormData(event.currentTarget).get('newPassword')));
  };
  const isWeak = hasCode(error, 'weak_password');
  return (
    <div ref={around}>
      <form className={styles.form} onSubmit={submit}>
        {Boolean(error) && !isWeak && <Notice tone="bad">{explain(error)}</Notice>}
        <NewPasswordField error={error} />
        <Button type="submit" kind="primary" busy={busy} wide>
          Set the password
        </Button>
      </form>
    </div>
  );
}
