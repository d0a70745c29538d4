import { useQuery } from '@tanstack/react-query';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { secondFactorQuery } from '../../api/second-factors.ts';
import styles from '../account.module.css';
import { AuthenticatorApp } from './authenticator-app.tsx';
import { Connections } from './connections.tsx';
import { Passkeys } from './passkeys.tsx';

/** How the account signs in beside its password. */
export function Security() {
  const query = useQuery(secondFactorQuery);
  return (
    <section className={styles.section}>
      <h2>Security</h2>
      <QueryBoundary query={query} what="The security of the account" height="6rem">
        {(state) => (
          <>
            <AuthenticatorApp state={state} />
            {!state.required && <Passkeys />}
            {!state.required && <Connections />}
          </>
        )}
      </QueryBoundary>
    </section>
  );
}
