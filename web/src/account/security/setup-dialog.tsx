import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { explain, fieldError, hasCode } from '../../api/problem.ts';
import { beginSecondFactor, confirmSecondFactor } from '../../api/second-factors.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { TextField } from '../../design/field.tsx';
import { loadCode } from '../../design/load-code.ts';
import { Notice } from '../../design/notice.tsx';
import { Skeleton } from '../../design/page-states.tsx';
import { useFocusOnFirstField } from '../../design/use-focus-on-first-field.ts';
import { useFocusOnProblem } from '../../design/use-focus-on-problem.ts';
import { CurrentPasswordField } from '../password-fields.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import styles from './security.module.css';

const QrCode = lazy(async () => ({ default: (await loadCode(() => import('./qr-code.tsx'))).QrCode }));

type Secret = Awaited<ReturnType<typeof beginSecondFactor>>;

/** Sets up an authenticator app: the password, the app, a first code, and then the recovery codes. */
export function SetupDialog({ onDone }: { onDone: () => void }) {
  const [secret, setSecret] = useState<Secret>();
  const [codes, setCodes] = useState<string[]>();
  const client = useQueryClient();
  const done = () => {
    onDone();
    // What the account may do can be another thing from now on.
    if (codes) void client.invalidateQueries();
  };
  return (
    <Dialog title="Set up an authenticator app" open onOpenChange={(open) => !open && done()}>
      {codes ? (
        <RecoveryCodes codes={codes} onDone={done} />
      ) : secret ? (
        <FirstCode secret={secret} onCodes={setCodes} />
      ) : (
        <PasswordFirst onSecret={setSecret} />
      )}
    </Dialog>
  );
}

function PasswordFirst({ onSecret }: { onSecret: (secret: Secret) => void }) {
  const beginning = useMutation({ mutationFn: beginSecondFactor, meta: { part: 'accounts' }, onSuccess: onSecret });
  const { error } = beginning;
  const isWrong = hasCode(error, 'invalid_credentials');
  const around = useFocusOnProblem(error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!beginning.isPending) beginning.mutate(String(new FormData(event.currentTarget).get('currentPassword')));
  };
  return (
    <div ref={around}>
      <form className={styles.steps} onSubmit={submit}>
        {error && !isWrong && <Notice tone="bad">{explain(error)}</Notice>}
        <p>You need an app that makes codes, on your telephone or in your password manager.</p>
        <CurrentPasswordField error={error} />
        <div>
          <Button type="submit" kind="primary" busy={beginning.isPending}>
            Go on
          </Button>
        </div>
      </form>
    </div>
  );
}

function FirstCode({ secret, onCodes }: { secret: Secret; onCodes: (codes: string[]) => void }) {
  const confirming = useMutation({ mutationFn: confirmSecondFactor, meta: { part: 'accounts' }, onSuccess: onCodes });
  const { error } = confirming;
  const ofCode = fieldError(error, '/code');
  const around = useFocusOnProblem(ofCode);
  useFocusOnFirstField(around);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get('code')).trim();
    if (!confirming.isPending) confirming.mutate(code);
  };
  return (
    <div ref={around}>
      <form className={styles.steps} onSubmit={submit}>
        {error && !ofCode && <Notice tone="bad">{explain(error)}</Notice>}
        <p>Scan this with the app, or type the key into it. Then write the code that the app shows.</p>
        <Suspense fallback={<Skeleton height="12rem" />}>
          <QrCode text={secret.otpauthUri} label="QR code of the key below" />
        </Suspense>
        <p>
          Key: <code className={styles.secret}>{secret.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
        </p>
        <TextField
          label="Code"
          name="code"
          autoComplete="one-time-code"
          inputMode="numeric"
          required
          maxLength={40}
          error={ofCode}
        />
        <div>
          <Button type="submit" kind="primary" busy={confirming.isPending}>
            Turn it on
          </Button>
        </div>
      </form>
    </div>
  );
}
