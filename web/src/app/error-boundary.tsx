import { Component, type ReactNode } from 'react';
import { Button } from '../design/button.tsx';
import { Page } from '../design/page.tsx';
import { ErrorState } from '../design/states.tsx';

type Props = { children: ReactNode };

/** Keeps a page that failed from taking the shop with it. Mount it under a `key`, so that another page starts anew. */
export class ErrorBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <Page>
        <ErrorState
          title="This page has failed"
          action={<Button onClick={() => location.reload()}>Load it again</Button>}
        >
          The fault is ours. The shop may also have been updated while you were here: loading the page again helps then.
        </ErrorState>
      </Page>
    );
  }
}
