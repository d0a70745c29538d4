import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { explain, fieldError } from '../api/problem.ts';
import { finishSignIn } from '../api/session.ts';
import { Button } from '../design/button.tsx';
import { TextField } from '../design/field.tsx';
import { Notice } from '../design/notice.tsx';
import { useFocusOnFirstField } from '../design/use-focus-on-first-field.ts';
import { useFocusOnProblem } from '../design/use-focus-on-problem.ts';
import styles from './account.module.css';

/** The second step of a sign-in: a code of the authenticator app, or a recovery code. */
export function CodeStep({ challenge, onDone }: { challenge: string; onDone: () => void }) {
  const [byRecovery, setByRecovery] = useState(false);
  const finishing = useMutation({ mutationFn: finishSignIn, meta: { part: 'accounts' }, onSuccess: onDone });
  const { error } = finishing;
  const ofCode = fieldError(error, '/code');
  const around = useFocusOnProblem(ofCode);
  // The fields before it are gone, and with them the focus.
  useFocusOnFirstField(around);
  const form = useRef<HTMLFormElement>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get('code')).trim();
    if (!finishing.isPending) finishing.mutate({ challenge, code });
  };
  const change = () => {
    finishing.reset();
    setByRecovery(!byRecovery);
    form.current?.reset();
    form.current?.querySelector('input')?.focus();
  };
  return (
    <div ref={around}>
      <form className={styles.form} onSubmit={submit} ref={form}>
        {error && !ofCode && <Notice tone="bad">{explain(error)}</Notice>}
        <TextField
          label={byRecovery ? 'Recovery code' : 'Code'}
          hint={byRecovery ? 'One of those that you kept. Each works once' : 'Six digits, from your authenticator app'}
          name="code"
          autoComplete="one-time-code"
          inputMode={byRecovery ? 'text' : 'numeric'}
          autoCapitalize="none"
          spellCheck={false}
          required
          maxLength={40}
          error={ofCode}
        />
        <Button type="submit" kind="primary" busy={finishing.isPending} wide>
          Go on
        </Button>
        <Button kind="quiet" onClick={change} wide>
          {byRecovery ? 'Use the authenticator app' : 'Use a recovery code'}
        </Button>
      </form>
    </div>
  );
}
