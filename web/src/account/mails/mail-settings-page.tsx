import { useQuery } from '@tanstack/react-query';
import { languageQuery } from '../../api/mail-settings.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { useAccount } from '../../api/session.ts';
import { LinkButton } from '../../design/button.tsx';
import { Page, PageHeading } from '../../design/page.tsx';
import { EmptyState } from '../../design/page-states.tsx';
import { LanguageForm } from './language-form.tsx';

/** Which mails somebody gets, and in which language. */
export function MailSettingsPage() {
  const account = useAccount();
  return (
    <Page narrow>
      <PageHeading title="Mail settings" />
      {account ? (
        <Settings key={account.id} />
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

function Settings() {
  const language = useQuery({ ...languageQuery, staleTime: 0 });
  return (
    <QueryBoundary query={language} what="The language of your mails" height="8rem">
      {(current) => <LanguageForm current={current} />}
    </QueryBoundary>
  );
}
