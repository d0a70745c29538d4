import { LinkButton } from '../../design/button.tsx';
import { Page, PageHeading } from '../../design/page.tsx';
import { EmptyState } from '../../design/page-states.tsx';

/** In the place of a page that is an account's. */
export function SignInFirst({ title, next }: { title: string; next: string }) {
  return (
    <Page>
      <PageHeading title={title} />
      <EmptyState
        title="Sign in to see it"
        action={
          <LinkButton kind="primary" href={`/sign-in?next=${encodeURIComponent(next)}`}>
            Sign in
          </LinkButton>
        }
      >
        Orders are shown to whoever placed them, and to nobody else.
      </EmptyState>
    </Page>
  );
}
