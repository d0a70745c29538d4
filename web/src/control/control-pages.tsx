import { Route, Switch } from 'wouter';
import { useAccount } from '../api/session.ts';
import { AreaClosed, AreaNav } from '../design/area.tsx';
import { Page, PageHeading } from '../design/page.tsx';
import { EmptyState } from '../design/states.tsx';
import { AccountsPage } from './accounts/accounts-page.tsx';
import { AuditPage } from './audit/audit-page.tsx';
import { DeadLettersPage } from './dead-letters/dead-letters-page.tsx';
import { FlowPage } from './flow/flow-page.tsx';
import { OrdersPage } from './orders/orders-page.tsx';
import { OverviewPage } from './overview/overview-page.tsx';

const links = [
  { href: '/control', text: 'Overview' },
  { href: '/control/orders', text: 'Orders' },
  { href: '/control/dead-letters', text: 'Dead letters' },
  { href: '/control/audit', text: 'Audit trail' },
  { href: '/control/accounts', text: 'Accounts' },
];

/** Everything below /control. That it is shown to admins only is a courtesy: the API refuses everybody else. */
export function ControlPages() {
  const account = useAccount();
  if (account?.role !== 'admin') return <NotForYou signedIn={account !== null} />;
  return (
    <Page>
      <AreaNav label="Control room" links={links} />
      <Switch>
        <Route path="/control" component={OverviewPage} />
        <Route path="/control/orders" component={OrdersPage} />
        <Route path="/control/orders/:id" component={FlowPage} />
        <Route path="/control/dead-letters" component={DeadLettersPage} />
        <Route path="/control/audit" component={AuditPage} />
        <Route path="/control/accounts" component={AccountsPage} />
        <Route>
          <PageHeading title="Not found" />
          <EmptyState title="The control room has no such page" />
        </Route>
      </Switch>
    </Page>
  );
}

function NotForYou({ signedIn }: { signedIn: boolean }) {
  return (
    <AreaClosed
      name="Control room"
      lead="How the shop's services are doing, for those who run it."
      title={signedIn ? 'This is for operators' : 'Sign in as an operator'}
      signIn={signedIn ? 'Use another account' : 'Sign in'}
    >
      {signedIn ? 'Your account has another role.' : 'Then you will see what passes, what waits and what went wrong.'}
    </AreaClosed>
  );
}
