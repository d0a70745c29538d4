import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Route, Router, Switch, useLocation } from 'wouter';
import { cartQuery, onCartOfOtherTab } from '../api/cart.ts';
import { createQueryClient } from '../api/query-client.ts';
import { refreshSession, useSessionHasEnded } from '../api/session.ts';
import { ErrorBoundary } from '../design/error-boundary.tsx';
import { loadCode } from '../design/load-code.ts';
import { Page } from '../design/page.tsx';
import { Loading, Skeleton } from '../design/page-states.tsx';
import { navigateWithKey } from '../design/scroll-restoration.ts';
import { Toasts } from '../design/toast.tsx';
import { watchTypedInput } from '../design/typed-input.ts';
import { ActingBar } from './acting-bar.tsx';
import { keepFocusNear } from './focus.ts';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';
import { useNavigationFocus } from './navigation.ts';
import { NotFound } from './not-found.tsx';
import { OutageNotice } from './outage-notice.tsx';
import { type PageName, pages } from './pages.ts';
import { routes } from './routes.ts';
import styles from './shell.module.css';

// as: Object.keys knows no more than that they are strings.
const names = Object.keys(pages) as PageName[];

const SessionEnded = lazy(async () => ({
  default: (await loadCode(() => import('../account/session-ended.tsx'))).SessionEnded,
}));

export function App() {
  return (
    <Router aroundNav={navigateWithKey}>
      <Shell />
    </Router>
  );
}

/** What every page stands in. */
function Shell() {
  const [queryClient] = useState(createQueryClient);
  const main = useNavigationFocus();
  const [path] = useLocation();
  const sessionHasEnded = useSessionHasEnded();
  useEffect(() => {
    // What is stored is shown meanwhile; a session that has ended is noticed by any request that needs one.
    refreshSession().catch(() => undefined);
  }, []);
  useEffect(keepFocusNear, []);
  useEffect(watchTypedInput, []);
  useEffect(() => onCartOfOtherTab(() => queryClient.invalidateQueries(cartQuery)), [queryClient]);
  return (
    <QueryClientProvider client={queryClient}>
      <div className={styles.shell}>
        <a className={`until-focus ${styles.skip}`} href="#main">
          Skip to the content
        </a>
        <ActingBar />
        <Header />
        <main className={styles.main} id="main" tabIndex={-1} ref={main}>
          <OutageNotice />
          <ErrorBoundary key={path}>
            <Suspense fallback={<PageSkeleton />}>
              <Switch>
                {names.map((name) => (
                  <Route key={name} path={pages[name].path} component={routes[name]} />
                ))}
                <Route>
                  <NotFound />
                </Route>
              </Switch>
            </Suspense>
          </ErrorBoundary>
        </main>
        <Footer />
        <Toasts />
        {sessionHasEnded && (
          <ErrorBoundary fallback={<p role="alert">Your session has ended. Sign in in another tab.</p>}>
            <Suspense>
              <SessionEnded />
            </Suspense>
          </ErrorBoundary>
        )}
      </div>
    </QueryClientProvider>
  );
}

function PageSkeleton() {
  return (
    <Page>
      <Loading>
        <Skeleton width="40%" height="2.5rem" />
      </Loading>
    </Page>
  );
}
