import { useMutation } from '@tanstack/react-query';
import { type MailSettings, unsubscribe } from '../../api/mail-settings.ts';
import { explain, hasCode } from '../../api/problem.ts';
import { Button, LinkButton } from '../../design/button.tsx';
import { Notice } from '../../design/notice.tsx';
import { Page, PageHeading } from '../../design/page.tsx';
import { ErrorState } from '../../design/page-states.tsx';
import styles from '../account.module.css';
import { useLinkToken } from '../link-token.ts';

const names: Record<keyof MailSettings, string> = {
  new_order: 'mails about new orders',
  low_stock: 'mails about low stock',
};

/** The page of the link in a mail. It unsubscribes at the press of a button only: programs that scan mails open links, too. */
export function UnsubscribePage() {
  const token = useLinkToken();
  const unsubscribing = useMutation({ mutationFn: unsubscribe });
  const { data: kind, error } = unsubscribing;
  const settings = <LinkButton href="/account/mails">Mail settings</LinkButton>;
  return (
    <Page narrow>
      <PageHeading title="Unsubscribe" />
      {token === undefined || hasCode(error, 'link_not_valid') ? (
        <ErrorState title="This is not the whole link" action={settings}>
          <p>Open the link in the mail again, or choose your mails in your account.</p>
        </ErrorState>
      ) : kind !== undefined ? (
        <>
          <Notice tone="good" title={`You get no more ${names[kind]}`}>
            You can have them again at any time, in your account.
          </Notice>
          <p>{settings}</p>
        </>
      ) : (
        <section className={styles.section}>
          <p>Do you want no more mails of this kind? Mails about the safety of your account still come.</p>
          {error && <Notice tone="warn">{explain(error)}</Notice>}
          <div>
            <Button kind="primary" busy={unsubscribing.isPending} onClick={() => unsubscribing.mutate(token)}>
              Unsubscribe
            </Button>
          </div>
        </section>
      )}
    </Page>
  );
}
