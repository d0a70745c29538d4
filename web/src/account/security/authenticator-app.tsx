import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  disableSecondFactor,
  renewRecoveryCodes,
  type SecondFactor,
  secondFactorQuery,
} from '../../api/second-factors.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Time } from '../../design/format.tsx';
import { Badge, Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import { CodeDialog } from './code-dialog.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import styles from './security.module.css';
import { SetupDialog } from './setup-dialog.tsx';

type Open = 'setup' | 'renew' | 'off' | undefined;

/** The authenticator app of the account: set up, with recovery codes, turned off. */
export function AuthenticatorApp({ state }: { state: SecondFactor }) {
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  return (
    <div className={styles.part}>
      <h3>Authenticator app {state.enabled ? <Badge tone="good">On</Badge> : <Badge tone="plain">Off</Badge>}</h3>
      {state.required && (
        <Notice tone="warn" title="This shop asks its staff for a second factor" still>
          <p>Set up an authenticator app. Nothing else works before.</p>
        </Notice>
      )}
      {state.enabled ? (
        <>
          <p className={styles.soft}>
            A sign-in with your password also needs a code
            {state.enabledAt !== null && (
              <>
                , since <Time at={state.enabledAt} />
              </>
            )}
            . {state.recoveryCodesLeft === 1 ? 'One recovery code is' : `${state.recoveryCodesLeft} recovery codes are`}{' '}
            left.
          </p>
          <div className={styles.actions}>
            <Button onClick={() => setOpen('renew')}>New recovery codes</Button>
            <Button onClick={() => setOpen('off')}>Turn it off</Button>
          </div>
        </>
      ) : (
        <>
          <p className={styles.soft}>With it, nobody signs in with your password alone.</p>
          <div>
            <Button onClick={() => setOpen('setup')}>Set up an authenticator app</Button>
          </div>
        </>
      )}
      {open === 'setup' && <SetupDialog onDone={close} />}
      {open === 'renew' && <RenewDialog onDone={close} />}
      {open === 'off' && <OffDialog onDone={close} />}
    </div>
  );
}

function RenewDialog({ onDone }: { onDone: () => void }) {
  const client = useQueryClient();
  const [codes, setCodes] = useState<string[]>();
  const done = () => {
    onDone();
    void client.invalidateQueries(secondFactorQuery);
  };
  const title = 'New recovery codes';
  if (codes === undefined) {
    return (
      <CodeDialog title={title} action="Make new codes" work={renewRecoveryCodes} onSuccess={setCodes} onDone={done} />
    );
  }
  return (
    <Dialog title={title} open onOpenChange={(open) => !open && done()}>
      <RecoveryCodes codes={codes} onDone={done} />
    </Dialog>
  );
}

function OffDialog({ onDone }: { onDone: () => void }) {
  const client = useQueryClient();
  const off = () => {
    onDone();
    toast('Your authenticator app is turned off');
    void client.invalidateQueries(secondFactorQuery);
  };
  const words = { title: 'Turn the authenticator app off', action: 'Turn it off' };
  return <CodeDialog {...words} danger work={disableSecondFactor} onSuccess={off} onDone={onDone} />;
}
