import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { explain } from '../../api/problem.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { type Passkey, passkeysQuery, removePasskey } from '../../api/second-factors.ts';
import { Button } from '../../design/button.tsx';
import { Time } from '../../design/format.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import { AddPasskeyDialog, RenamePasskeyDialog } from './passkey-dialogs.tsx';
import styles from './security.module.css';

/** The passkeys of the account: listed, added, renamed, removed. */
export function Passkeys() {
  const query = useQuery(passkeysQuery);
  const [isAdding, setAdding] = useState(false);
  const [renamed, setRenamed] = useState<Passkey>();
  return (
    <div className={styles.part}>
      <h3>Passkeys</h3>
      <p className={styles.soft}>
        A passkey signs you in without a password: your telephone, your computer or a security key asks for your
        fingerprint, your face or a PIN.
      </p>
      <QueryBoundary query={query} what="The passkeys" height="3rem">
        {(passkeys) =>
          passkeys.length > 0 && (
            <ul className={styles.passkeys}>
              {passkeys.map((passkey) => (
                <PasskeyItem key={passkey.id} passkey={passkey} onRename={() => setRenamed(passkey)} />
              ))}
            </ul>
          )
        }
      </QueryBoundary>
      <div>
        {'PublicKeyCredential' in window ? (
          <Button onClick={() => setAdding(true)}>Add a passkey</Button>
        ) : (
          <Notice still>This browser knows no passkeys.</Notice>
        )}
      </div>
      {isAdding && <AddPasskeyDialog onDone={() => setAdding(false)} />}
      {renamed && <RenamePasskeyDialog passkey={renamed} onDone={() => setRenamed(undefined)} />}
    </div>
  );
}

function PasskeyItem({ passkey, onRename }: { passkey: Passkey; onRename: () => void }) {
  const client = useQueryClient();
  const removing = useMutation({
    mutationFn: removePasskey,
    meta: { part: 'accounts' },
    onSuccess: () => toast(`The passkey ${passkey.name} is removed`),
    onError: (failure) => toast(explain(failure)),
    onSettled: () => client.invalidateQueries(passkeysQuery),
  });
  return (
    <li className={styles.passkey}>
      <span>
        <span className={styles.name} dir="auto">
          {passkey.name}
        </span>
        <span className={styles.soft}>
          added <Time at={passkey.createdAt} />
          {passkey.lastUsedAt !== null && (
            <>
              , last used <Time at={passkey.lastUsedAt} />
            </>
          )}
        </span>
      </span>
      <span className={styles.actions}>
        <Button kind="quiet" aria-label={`Rename ${passkey.name}`} onClick={onRename}>
          Rename
        </Button>
        <Button
          kind="quiet"
          aria-label={`Remove ${passkey.name}`}
          busy={removing.isPending}
          onClick={() => removing.mutate(passkey.id)}
        >
          Remove
        </Button>
      </span>
    </li>
  );
}
