import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { hasCode } from '../api/problem.ts';
import {
  type Errand,
  explainProvider,
  finishConnecting,
  forgetErrand,
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
  const [errand] = useState(readErrand);
  const [answer] = useState(() => answerIn(params, errand));
  return (
    <Page narrow>
      <PageHeading title={errand?.purpose === 'connect' ? 'Connect an account' : 'Sign in'} />
      {errand && answer ? <Finish errand={errand} answer={answer} /> : <NotDone params={params} errand={errand} />}
    </Page>
  );
}

function answerIn(params: URLSearchParams, errand: Errand | undefined): ProviderAnswer | undefined {
  const [state, code, iss] = ['state', 'code', 'iss'].map((name) => params.get(name));
  if (!errand || !state || !code) return undefined;
  return { provider: errand.provider, state, code, ...(iss && { iss }) };
}

function Finish({ errand, answer }: { errand: Errand; answer: ProviderAnswer }) {
  const [, navigate] = useLocation();
  const [challenge, setChallenge] = useState<string>();
  const isConnecting = errand.purpose === 'connect';
  // Only a page of this shop: what is kept in the tab is looked at as what is in an address.
  const done = () => navigate(redirectTarget(new URLSearchParams({ next: errand.next })), { replace: true });
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
        <WayBack errand={errand} />
      </div>
    );
  }
  return (
    <Loading>
      <Skeleton height="6rem" />
    </Loading>
  );
}

function NotDone({ params, errand }: { params: URLSearchParams; errand: Errand | undefined }) {
  return (
    <div className={styles.form}>
      <Notice tone="warn">
        {params.get('error') === 'access_denied'
          ? 'You have not allowed it there, so nothing has changed here.'
          : 'This was not completed.'}
      </Notice>
      <WayBack errand={errand} />
    </div>
  );
}

function WayBack({ errand }: { errand: Errand | undefined }) {
  return errand?.purpose === 'connect' ? (
    <LinkButton href="/account">To your account</LinkButton>
  ) : (
    <LinkButton href="/sign-in">To the sign-in</LinkButton>
  );
}
