import { useQuery } from '@tanstack/react-query';
import { languageQuery, mailSettingsQuery } from '../../api/mail-settings.ts';
import { hasDesk } from '../../api/permissions.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { type Account, useAccount } from '../../api/session.ts';
import { LinkButton } from '../../design/button.tsx';
import { Page, PageHeading } from '../../design/page.tsx';
import { EmptyState } from '../../design/page-states.tsx';
import styles from '../account.module.css';
import { KindsForm } from './kinds-form.tsx';
import { LanguageForm } from './language-form.tsx';

/** Which mails somebody gets, and in which language. */
export function MailSettingsPage() {
  const account = useAccount();
  return (
    <Page narrow>
      <PageHeading title="Mail settings" />
      {account ? (
        <Settings key={account.id} account={account} />
      ) : (
        <EmptyState
          title="You are not signed in"
          action={
            <LinkButton kind="primary" href="/sign-in?next=/account/mails">
              Sign in
            </LinkButton>
          }
        />
      )}
    </Page>
  );
}

function Settings({ account }: { account: Account }) {
  const language = useQuery({ ...languageQuery, staleTime: 0 });
  return (
    <div className={styles.form}>
      <QueryBoundary query={language} what="The language of your mails" height="8rem">
        {(current) => <LanguageForm current={current} />}
      </QueryBoundary>
      {hasDesk(account) && <MailsOfSeller />}
      <p className={styles.soft}>
        Mails about your own orders, and about your account and its safety, are always sent.
      </p>
    </div>
  );
}

function MailsOfSeller() {
  const settings = useQuery({ ...mailSettingsQuery, staleTime: 0 });
  return (
    <QueryBoundary query={settings} what="Your mail settings" height="10rem">
      {(current) => <KindsForm current={current} />}
    </QueryBoundary>
  );
}
