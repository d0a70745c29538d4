import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect } from 'react';
import { useLocation } from 'wouter';
import { explain, hasCode } from '../api/problem.ts';
import { useAccount } from '../api/session.ts';
import { acceptInvitation, lookUpInvitation, type ShownInvitation } from '../api/staff.ts';
import { Button, LinkButton } from '../design/button.tsx';
import { TextField } from '../design/field.tsx';
import { Notice } from '../design/notice.tsx';
import { Page, PageHeading } from '../design/page.tsx';
import { ErrorState, Loading, Skeleton } from '../design/page-states.tsx';
import { createStore } from '../design/store.ts';
import { useFocusOnProblem } from '../design/use-focus-on-problem.ts';
import styles from './account.module.css';
import { useLinkToken } from './link-token.ts';
import { NewPasswordField } from './password-fields.tsx';

/** The token of the link that was opened last, while this page is loaded: for who signs in first. In no storage and no address. */
const openedToken = createStore<string | undefined>(undefined);

/** The page of the link in the mail of an invitation. */
export function AcceptInvitationPage() {
  const inAddress = useLinkToken();
  useEffect(() => {
    if (inAddress !== undefined) openedToken.set(inAddress);
  }, [inAddress]);
  const token = inAddress ?? openedToken.get();
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => lookUpInvitation(token ?? ''),
    // Looked up once: accepting signs in, and the link is used up by then.
    enabled: ({ state }) => token !== undefined && state.data === undefined,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    meta: { part: 'accounts', isKeptAtSignIn: true },
  });
  const { data, error } = invitation;
  return (
    <Page narrow>
      <PageHeading
        title="Invitation"
        {...(data && { lead: `${data.invitedBy} invites ${data.email} to work in this shop as ${data.roleName}.` })}
      />
      {token === undefined && <NotWhole />}
      {token !== undefined && invitation.isPending && (
        <Loading>
          <Skeleton height="8rem" />
        </Loading>
      )}
      {error && <Failed error={error} onRetry={() => void invitation.refetch()} />}
      {token !== undefined && data && <Accept token={token} invitation={data} />}
    </Page>
  );
}

function NotWhole() {
  return (
    <ErrorState title="This is not the whole link">
      <p>Open the link in the mail again.</p>
    </ErrorState>
  );
}

function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (hasCode(error, 'link_not_valid')) {
    return (
      <ErrorState title="This link has expired or was used">
        <p>A link works once, for 48 hours, and not after a newer mail. Ask for another invitation.</p>
      </ErrorState>
    );
  }
  return (
    <ErrorState title="The invitation cannot be shown" onRetry={onRetry}>
      {explain(error)}
    </ErrorState>
  );
}

function Accept({ token, invitation }: { token: string; invitation: ShownInvitation }) {
  const account = useAccount();
  const [, navigate] = useLocation();
  const accepting = useMutation({
    mutationFn: acceptInvitation,
    meta: { part: 'accounts' },
    onSuccess: () => navigate(invitation.role === 'seller' ? '/sell' : '/control', { replace: true }),
  });
  const { error } = accepting;
  if (hasCode(error, 'link_not_valid')) return <Failed error={error} onRetry={() => undefined} />;
  const forms = { busy: accepting.isPending, error };
  if (!invitation.hasAccount && !hasCode(error, 'email_taken')) {
    return (
      <NewAccount {...forms} email={invitation.email} onSubmit={(person) => accepting.mutate({ token, ...person })} />
    );
  }
  if (account?.email !== invitation.email) return <SignInFirst email={invitation.email} />;
  return (
    <div className={styles.form}>
      {Boolean(error) && <Notice tone="bad">{explain(error)}</Notice>}
      <Button kind="primary" busy={accepting.isPending} onClick={() => accepting.mutate({ token })}>
        Accept the invitation
      </Button>
    </div>
  );
}

/** The page comes back here afterwards, and the token is remembered meanwhile. */
function SignInFirst({ email }: { email: string }) {
  return (
    <>
      <Notice tone="info">There is an account with this address. Sign in with it to accept the invitation.</Notice>
      <p>
        <LinkButton kind="primary" href={`/sign-in?email=${encodeURIComponent(email)}&next=/invitations/accept`}>
          Sign in
        </LinkButton>
      </p>
    </>
  );
}

type NewAccountProps = {
  email: string;
  busy: boolean;
  error: unknown;
  onSubmit: (person: { name: string; password: string }) => void;
};

function NewAccount({ email, busy, error, onSubmit }: NewAccountProps) {
  const around = useFocusOnProblem(error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    if (!busy) onSubmit({ name: String(form.get('name')).trim(), password: String(form.get('password')) });
  };
  const isWeak = hasCode(error, 'weak_password');
  return (
    <div ref={around}>
      <form className={styles.form} onSubmit={submit}>
        {Boolean(error) && !isWeak && <Notice tone="bad">{explain(error)}</Notice>}
        <input type="hidden" name="email" autoComplete="username" value={email} />
        <TextField label="Name" name="name" autoComplete="name" required maxLength={100} />
        <NewPasswordField name="password" label="Password" error={error} />
        <Button type="submit" kind="primary" busy={busy} wide>
          Accept the invitation
        </Button>
      </form>
    </div>
  );
}
