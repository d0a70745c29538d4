import { Component, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { Page } from './page.tsx';
import { ErrorState } from './page-states.tsx';

type Props = {
  children: ReactNode;
  /** Stands in the place of what has failed; without it, a page that says so. */
  fallback?: ReactNode;
};

const loadAgain = () => location.reload();

/**
 * Keeps a part of the page that failed from taking the shop with it. Mount it under a `key`, so that another page starts
 * anew. When the network comes back, a page that failed is loaded again: its code may have been what did not come.
 */
export class ErrorBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidCatch() {
    if (!this.props.fallback) addEventListener('online', loadAgain);
  }

  override componentWillUnmount() {
    removeEventListener('online', loadAgain);
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    if (this.props.fallback) return this.props.fallback;
    return (
      <Page>
        <ErrorState title="This page has failed" action={<Button onClick={loadAgain}>Load it again</Button>}>
          The fault is ours. The shop may also have been updated while you were here: loading the page again helps then.
        </ErrorState>
      </Page>
    );
  }
}
