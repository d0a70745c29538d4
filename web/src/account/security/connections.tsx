import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { explain, hasCode } from '../../api/problem.ts';
import {
  disconnect,
  explainProvider,
  goToProvider,
  type Identity,
  identitiesQuery,
  type Provider,
  providersQuery,
} from '../../api/providers.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Time } from '../../design/format.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import { useFocusOnProblem } from '../../design/use-focus-on-problem.ts';
import { CurrentPasswordField } from '../password-fields.tsx';
import styles from './security.module.css';

/** The accounts at other providers that sign in to this one; not shown where there are neither providers nor connections. */
export function Connections() {
  const { data: providers = [] } = useQuery(providersQuery);
  const { data: connected } = useQuery(identitiesQuery);
  const [provider, setProvider] = useState<Provider>();
  if (!connected || (providers.length === 0 && connected.items.length === 0)) return null;
  const nameOf = (identity: Identity) => providers.find(({ id }) => id === identity.provider)?.name ?? identity.issuer;
  return (
    <div className={styles.part}>
      <h3>Other accounts</h3>
      <p className={styles.soft}>
        {connected.hasPassword
          ? 'They sign you in without the password of this shop.'
          : 'They sign you in. This account has no password: set one by "Forgot password?" before you disconnect the last one.'}
      </p>
      {connected.items.length > 0 && (
        <ul className={styles.passkeys}>
          {connected.items.map((identity) => (
            <ConnectionItem key={identity.id} identity={identity} name={nameOf(identity)} />
          ))}
        </ul>
      )}
      <div className={styles.actions}>
        {providers.map((one) => (
          <Button key={one.id} onClick={() => setProvider(one)}>
            Connect {one.name}
          </Button>
        ))}
      </div>
      {provider && <ConnectDialog provider={provider} onDone={() => setProvider(undefined)} />}
    </div>
  );
}

function ConnectionItem({ identity, name }: { identity: Identity; name: string }) {
  const client = useQueryClient();
  const removing = useMutation({
    mutationFn: disconnect,
    meta: { part: 'accounts' },
    onSuccess: () => toast(`${name} is disconnected`),
    onError: (failure) => toast(explain(failure)),
    onSettled: () => client.invalidateQueries(identitiesQuery),
  });
  return (
    <li className={styles.passkey}>
      <span>
        <span className={styles.name} dir="auto">
          {name}
          {identity.email !== null && ` (${identity.email})`}
        </span>
        <span className={styles.soft}>
          connected <Time at={identity.createdAt} />
        </span>
      </span>
      <span className={styles.actions}>
        <Button
          kind="quiet"
          aria-label={`Disconnect ${name}`}
          busy={removing.isPending}
          onClick={() => removing.mutate(identity.id)}
        >
          Disconnect
        </Button>
      </span>
    </li>
  );
}

function ConnectDialog({ provider, onDone }: { provider: Provider; onDone: () => void }) {
  const connecting = useMutation({
    mutationFn: (password: string) =>
      goToProvider({ provider: provider.id, purpose: 'connect', next: '/account' }, password),
  });
  const { error } = connecting;
  const isWrong = hasCode(error, 'invalid_credentials');
  const around = useFocusOnProblem(error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get('currentPassword'));
    if (!connecting.isPending) connecting.mutate(password);
  };
  return (
    <Dialog title={`Connect ${provider.name}`} open onOpenChange={(open) => !open && onDone()}>
      <div ref={around}>
        <form className={styles.steps} onSubmit={submit}>
          {error && !isWrong && <Notice tone="bad">{explainProvider(error)}</Notice>}
          <CurrentPasswordField error={error} />
          <div>
            <Button type="submit" kind="primary" busy={connecting.isPending}>
              Go to {provider.name}
            </Button>
          </div>
        </form>
      </div>
    </Dialog>
  );
}
