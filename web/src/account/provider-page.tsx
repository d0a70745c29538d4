import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { hasCode } from '../api/problem.ts';
import {
  explainProvider,
  finishConnecting,
  forgetErrand,
  type PendingProviderSignIn,
  type ProviderAnswer,
  readErrand,
} from '../api/providers.ts';
import { signInByProvider } from '../api/session.ts';
import { LinkButton } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { Page, PageHeading } from '../design/page.tsx';
import { Loading, Skeleton } from '../design/page-states.tsx';
import { toast } from '../design/toast.tsx';
import styles from './account.module.css';
import { CodeStep } from './code-step.tsx';
import { redirectTarget } from './redirect.ts';

/** Where a provider sends the browser back to: signs in, or connects the provider to the account. */
export function ProviderPage() {
  const [params] = useSearchParams();
  const [pending] = useState(readErrand);
  const [answer] = useState(() => answerIn(params, pending));
  return (
    <Page narrow>
      <PageHeading title={pending?.purpose === 'connect' ? 'Connect an account' : 'Sign in'} />
      {pending && answer ? <Finish pending={pending} answer={answer} /> : <NotDone params={params} pending={pending} />}
    </Page>
  );
}

function answerIn(params: URLSearchParams, pending: PendingProviderSignIn | undefined): ProviderAnswer | undefined {
  const [state, code, iss] = ['state', 'code', 'iss'].map((name) => params.get(name));
  if (!pending || !state || !code) return undefined;
  return { provider: pending.provider, state, code, ...(iss && { iss }) };
}

function Finish({ pending, answer }: { pending: PendingProviderSignIn; answer: ProviderAnswer }) {
  const [, navigate] = useLocation();
  const [challenge, setChallenge] = useState<string>();
  const isConnecting = pending.purpose === 'connect';
  // Only a page of this shop: what is kept in the tab is looked at as what is in an address.
  const done = () => navigate(redirectTarget(new URLSearchParams({ next: pending.next })), { replace: true });
  const { mutate, error } = useMutation({
    mutationFn: async () => void (await (isConnecting ? finishConnecting(answer) : signInByProvider(answer))),
    onSuccess: () => {
      if (isConnecting) toast('It is connected: you can sign in with it');
      done();
    },
    onError: (failure) => {
      if (hasCode(failure, 'second_factor_required')) setChallenge(String(failure.document.challenge));
    },
  });
  const isSent = useRef(false);
  useEffect(() => {
    if (isSent.current) return;
    isSent.current = true;
    forgetErrand();
    mutate();
  }, [mutate]);
  if (challenge !== undefined) return <CodeStep challenge={challenge} onDone={done} />;
  if (error) {
    return (
      <div className={styles.form}>
        <Notice tone="bad">
          {hasCode(error, 'challenge_not_valid')
            ? 'This took too long, or was completed already.'
            : explainProvider(error)}
        </Notice>
        <WayBack pending={pending} />
      </div>
    );
  }
  return (
    <Loading>
      <Skeleton height="6rem" />
    </Loading>
  );
}

function NotDone({ params, pending }: { params: URLSearchParams; pending: PendingProviderSignIn | undefined }) {
  return (
    <div className={styles.form}>
      <Notice tone="warn">
        {params.get('error') === 'access_denied'
          ? 'You have not allowed it there, so nothing has changed here.'
          : 'This was not completed.'}
      </Notice>
      <WayBack pending={pending} />
    </div>
  );
}

function WayBack({ pending }: { pending: PendingProviderSignIn | undefined }) {
  return pending?.purpose === 'connect' ? (
    <LinkButton href="/account">To your account</LinkButton>
  ) : (
    <LinkButton href="/sign-in">To the sign-in</LinkButton>
  );
}
