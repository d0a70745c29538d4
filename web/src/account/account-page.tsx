import { useMutation, useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { hasDesk, isOperator } from '../api/permissions.ts';
import { explain } from '../api/problem.ts';
import { secondFactorQuery } from '../api/second-factors.ts';
import { type Account, signOut, useAccount } from '../api/session.ts';
import { Button, LinkButton } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { Page, PageHeading } from '../design/page.tsx';
import { EmptyState } from '../design/page-states.tsx';
import { toast } from '../design/toast.tsx';
import styles from './account.module.css';
import { ApiKeys } from './api-keys.tsx';
import { ChangeName } from './change-name.tsx';
import { ChangePassword } from './change-password.tsx';
import { EmailAddress } from './email-address.tsx';
import { PersonalData } from './personal-data.tsx';
import { Security } from './security/security.tsx';
import { Sessions } from './sessions.tsx';

export function AccountPage() {
  const account = useAccount();
  return (
    <Page>
      <PageHeading title="Your account" />
      {account ? (
        <Own key={account.id} account={account} />
      ) : (
        <EmptyState
          title="You are not signed in"
          action={
            <LinkButton kind="primary" href="/sign-in?next=/account">
              Sign in
            </LinkButton>
          }
        />
      )}
    </Page>
  );
}

function Own({ account }: { account: Account }) {
  const { data: secondFactor } = useQuery({ ...secondFactorQuery, enabled: !account.operator });
  // Nothing else works before it is set up.
  const isSettingUp = secondFactor?.required ?? false;
  return (
    <div className={styles.sections}>
      <section className={styles.section}>
        <h2 dir="auto">{account.name}</h2>
        <p className={styles.soft}>{account.email}</p>
        <div className={styles.links}>
          <LinkButton href="/orders">Your orders</LinkButton>
          <LinkButton href="/account/addresses">Your addresses</LinkButton>
          {!account.operator && <LinkButton href="/account/mails">Mail settings</LinkButton>}
          {hasDesk(account) && <LinkButton href="/sell">Seller’s desk</LinkButton>}
          {isOperator(account) && <LinkButton href="/control">Control room</LinkButton>}
          {!account.operator && <SignOut />}
        </div>
      </section>
      {/* An operator who acts as a customer may change none of it. */}
      {isSettingUp && <Security />}
      {!isSettingUp && !account.operator && (
        <>
          <ChangeName account={account} />
          <EmailAddress account={account} />
          <ChangePassword />
          <Security />
          <ApiKeys account={account} />
          <Sessions />
          <PersonalData />
        </>
      )}
    </div>
  );
}

function SignOut() {
  const [, navigate] = useLocation();
  const leaving = useMutation({
    mutationFn: signOut,
    meta: { part: 'accounts' },
    onSuccess: () => navigate('/'),
    onError: (error) =>
      toast(
        `You are signed out here, but the shop did not answer, so the session may still be open. ${explain(error)}`,
      ),
  });
  return (
    <>
      <Button busy={leaving.isPending} onClick={() => leaving.mutate()}>
        Sign out
      </Button>
      {leaving.isError && <Notice tone="warn">{explain(leaving.error)}</Notice>}
    </>
  );
}
