import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  type FormEvent,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { createPortal } from 'react-dom';
import { explain, hasCode } from '../api/problem.ts';
import { leaveAccount, signIn, useAccount, useSessionHasEnded } from '../api/session.ts';
import { Button } from '../design/button.tsx';
import { TextField } from '../design/field.tsx';
import { Notice } from '../design/notice.tsx';
import { CodeStep } from './code-step.tsx';
import styles from './session-ended.module.css';

/** Asks for another sign-in in front of a page whose session has ended, so that what was typed there is not lost. */
export function SessionEnded() {
  const hasEnded = useSessionHasEnded();
  const account = useAccount();
  return hasEnded && account && createPortal(<SignInAgain email={account.email} />, document.body);
}

function SignInAgain({ email }: { email: string }) {
  const client = useQueryClient();
  const [challenge, setChallenge] = useState<string>();
  // What was refused meanwhile is asked for again.
  useEffect(() => () => void client.invalidateQueries(), [client]);
  return (
    <TopDialog title="Sign in again">
      <p>Your session has ended. What you have written on this page is still there.</p>
      {challenge === undefined ? (
        <Password email={email} onSecondStep={setChallenge} />
      ) : (
        <CodeStep challenge={challenge} onDone={() => undefined} />
      )}
      <p>
        <a href="/sign-in" target="_blank" rel="noopener">
          Sign in another way, in another tab
        </a>
      </p>
      <Button kind="quiet" onClick={leaveAccount}>
        Leave the page without saving
      </Button>
    </TopDialog>
  );
}

function Password({ email, onSecondStep }: { email: string; onSecondStep: (challenge: string) => void }) {
  const signingIn = useMutation({
    mutationFn: signIn,
    meta: { part: 'accounts' },
    onError: (error) => {
      if (hasCode(error, 'second_factor_required')) onSecondStep(String(error.document.challenge));
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get('password'));
    if (!signingIn.isPending) signingIn.mutate({ email, password });
  };
  const { error } = signingIn;
  return (
    <form className={styles.form} onSubmit={submit}>
      {error && (
        <Notice tone="bad">
          {hasCode(error, 'invalid_credentials') ? 'The password is not right.' : explain(error)}
        </Notice>
      )}
      <input type="hidden" name="email" autoComplete="username" value={email} />
      <TextField
        label={`Password of ${email}`}
        name="password"
        type="password"
        autoComplete="current-password"
        required
      />
      <Button type="submit" kind="primary" busy={signingIn.isPending} wide>
        Sign in
      </Button>
    </form>
  );
}

/**
 * A dialog of the browser's own, which stands above other dialogs and does not close them. The page behind it comes back with
 * the focus where it was.
 */
function TopDialog({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  // It stays until one has signed in or left. Dialogs of the page listen on the document for Escape.
  const keepOpen = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <dialog
      className={styles.dialog}
      aria-labelledby={id}
      ref={dialog}
      onKeyDown={keepOpen}
      onClose={() => dialog.current?.showModal()}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}
