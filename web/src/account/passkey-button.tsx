import { useMutation } from '@tanstack/react-query';
import { explain, hasCode } from '../api/problem.ts';
import { signInWithPasskey } from '../api/session.ts';
import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import styles from './account.module.css';

/** Signs in with a passkey, without a name; not shown where the browser knows none. */
export function PasskeyButton({ onDone }: { onDone: () => void }) {
  const signingIn = useMutation({ mutationFn: signInWithPasskey, meta: { part: 'accounts' }, onSuccess: onDone });
  if (!('PublicKeyCredential' in window)) return null;
  const { error } = signingIn;
  return (
    <div className={styles.form}>
      {error && (
        <Notice tone="bad">
          {hasCode(error, 'passkey_not_valid') ? 'This passkey is not known here. Was it removed?' : explain(error)}
        </Notice>
      )}
      <Button busy={signingIn.isPending} onClick={() => signingIn.mutate()} wide>
        Sign in with a passkey
      </Button>
    </div>
  );
}
