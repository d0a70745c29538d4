import { useQuery } from '@tanstack/react-query';
import { explain } from '../../api/problem.ts';
import { secondFactorQuery } from '../../api/second-factors.ts';
import { ErrorState, Loading, Skeleton } from '../../design/page-states.tsx';
import styles from '../account.module.css';
import { AuthenticatorApp } from './authenticator-app.tsx';
import { Connections } from './connections.tsx';
import { Passkeys } from './passkeys.tsx';

/** How the account signs in beside its password. */
export function Security() {
  const { data, isPending, error, refetch } = useQuery(secondFactorQuery);
  return (
    <section className={styles.section}>
      <h2>Security</h2>
      {isPending && (
        <Loading>
          <Skeleton height="6rem" />
        </Loading>
      )}
      {error && !data && (
        <ErrorState title="This cannot be shown at the moment" onRetry={refetch}>
          {explain(error)}
        </ErrorState>
      )}
      {data && <AuthenticatorApp state={data} />}
      {data && !data.required && <Passkeys />}
      {data && !data.required && <Connections />}
    </section>
  );
}
