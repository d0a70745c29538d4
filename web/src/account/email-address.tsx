import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { changeEmail, sendVerificationEmail } from '../api/mail-links.ts';
import { explain, fieldError, hasCode } from '../api/problem.ts';
import type { Account } from '../api/session.ts';
import { Button } from '../design/button.tsx';
import { TextField } from '../design/field.tsx';
import { Badge, Notice } from '../design/notice.tsx';
import { useFocusOnProblem } from '../design/use-focus-on-problem.ts';
import styles from './account.module.css';
import { CurrentPasswordField } from './password-fields.tsx';

/** The address of the account: whether it is verified, and how to change it. */
export function EmailAddress({ account }: { account: Account }) {
  return (
    <section className={styles.section}>
      <h2>E-mail address</h2>
      <p>
        <span className={styles.email}>{account.email}</span>{' '}
        {account.emailVerified ? <Badge tone="good">Verified</Badge> : <Badge tone="warn">Not verified</Badge>}
      </p>
      {!account.emailVerified && <SendVerification />}
      <ChangeEmail />
    </section>
  );
}

function SendVerification() {
  const sending = useMutation({ mutationFn: sendVerificationEmail, meta: { part: 'accounts' } });
  return (
    <>
      <p className={styles.soft}>We have sent you a mail. Follow its link to verify the address.</p>
      {sending.isError && <Notice tone="bad">{explain(sending.error)}</Notice>}
      {sending.isSuccess && <Notice tone="good">The mail is on its way again. Its link works for 24 hours.</Notice>}
      <div>
        <Button busy={sending.isPending} onClick={() => sending.mutate()}>
          Send the mail again
        </Button>
      </div>
    </>
  );
}

function ChangeEmail() {
  const changing = useMutation({ mutationFn: changeEmail, meta: { part: 'accounts' } });
  const around = useFocusOnProblem(changing.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (changing.isPending) return;
    const form = event.currentTarget;
    const fields = new FormData(form);
    const wanted = {
      newEmail: String(fields.get('newEmail')).trim(),
      currentPassword: String(fields.get('currentPassword')),
    };
    changing.mutate(wanted, { onSuccess: () => form.reset() });
  };
  const { error } = changing;
  const isWrong = hasCode(error, 'invalid_credentials');
  const ofAddress = fieldError(error, '/newEmail');
  return (
    <div ref={around}>
      <form className={styles.form} onSubmit={submit}>
        {error && !isWrong && !ofAddress && <Notice tone="bad">{explain(error)}</Notice>}
        {changing.isSuccess && <AfterRequest />}
        <TextField
          label="New address"
          name="newEmail"
          type="email"
          autoComplete="email"
          required
          maxLength={254}
          error={ofAddress}
        />
        <CurrentPasswordField error={error} />
        <div>
          <Button type="submit" busy={changing.isPending}>
            Change the address
          </Button>
        </div>
      </form>
    </div>
  );
}

function AfterRequest() {
  return (
    <Notice tone="good" title="A mail is on its way to the new address">
      <p>Your address changes when you follow its link, within 24 hours.</p>
    </Notice>
  );
}
