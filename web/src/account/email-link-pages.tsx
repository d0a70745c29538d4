import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useEffect, useEffectEvent, useRef } from 'react';
import { confirmNewEmail, verifyEmail } from '../api/mail-links.ts';
import { explain, hasCode, isTransient } from '../api/problem.ts';
import { useAccount } from '../api/session.ts';
import { LinkButton } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { Page, PageHeading } from '../design/page.tsx';
import { ErrorState, Loading, Skeleton } from '../design/page-states.tsx';
import { useLinkToken } from './link-token.ts';

const AGAIN_MS = 5_000;

export function VerifyEmailPage() {
  return (
    <Page narrow>
      <PageHeading title="Verify your address" />
      <FollowLink
        follow={verifyEmail}
        done={(email) => `${email} is verified`}
        another="have another mail sent there"
      />
    </Page>
  );
}

export function ConfirmEmailPage() {
  return (
    <Page narrow>
      <PageHeading title="Confirm your new address" />
      <FollowLink
        follow={confirmNewEmail}
        done={(email) => `Your address is ${email} now`}
        another="change your address there"
      />
    </Page>
  );
}

/** Does the same again after a failure that passes, as pages do whose fetch has failed: once the line is back, or a moment later. */
function useRepetition(error: unknown, act: () => void): void {
  const repeat = useEffectEvent(act);
  useEffect(() => {
    if (!isTransient(error)) return;
    const again = () => repeat();
    const timer = setTimeout(again, AGAIN_MS);
    addEventListener('online', again);
    return () => {
      clearTimeout(timer);
      removeEventListener('online', again);
    };
  }, [error]);
}

/** Uses the token of the link once, as soon as the page is there, and says what came of it. */
function FollowLink(props: {
  follow: (token: string) => Promise<string>;
  done: (email: string) => string;
  another: string;
}) {
  const token = useLinkToken();
  const { mutate, data, error } = useMutation({ mutationFn: props.follow, meta: { part: 'accounts' } });
  const sent = useRef<string>(undefined);
  useEffect(() => {
    if (token === undefined || token === sent.current) return;
    sent.current = token;
    mutate(token);
  }, [token, mutate]);
  useRepetition(error, () => token !== undefined && mutate(token));
  if (data !== undefined) {
    return (
      <>
        <Notice tone="good" title={props.done(data)} />
        <WayOn />
      </>
    );
  }
  if (token === undefined) {
    return <Failed title="This is not the whole link">Open the link in the mail again.</Failed>;
  }
  if (hasCode(error, 'link_not_valid')) {
    return (
      <Failed title="This link has expired or was used">
        A link works once, for 24 hours. If your account does not show the address as verified, {props.another}.
      </Failed>
    );
  }
  if (hasCode(error, 'email_taken')) {
    return <Failed title="Another account has this address meanwhile">Your address stays as it was.</Failed>;
  }
  if (error) {
    return (
      <ErrorState title="This did not work" onRetry={() => mutate(token)}>
        {explain(error)}
      </ErrorState>
    );
  }
  return (
    <Loading>
      <Skeleton height="3rem" />
    </Loading>
  );
}

function Failed({ title, children }: { title: string; children: ReactNode }) {
  return (
    <ErrorState title={title} action={<WayOn />}>
      <p>{children}</p>
    </ErrorState>
  );
}

function WayOn() {
  const account = useAccount();
  return (
    <p>
      <LinkButton kind="primary" href={account ? '/account' : '/sign-in?next=/account'}>
        {account ? 'To your account' : 'Sign in'}
      </LinkButton>
    </p>
  );
}
