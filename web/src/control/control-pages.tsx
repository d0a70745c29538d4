import { useAccount } from '../api/session.ts';
import { Area } from '../design/area.tsx';
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

const pages = {
  '/control': OverviewPage,
  '/control/orders': OrdersPage,
  '/control/orders/:id': FlowPage,
  '/control/dead-letters': DeadLettersPage,
  '/control/audit': AuditPage,
  '/control/accounts': AccountsPage,
};

const closed = { heading: 'Control room', lead: "How the shop's services are doing, for those who run it." };
const toGuests = {
  ...closed,
  title: 'Sign in as an operator',
  text: 'Then you will see what passes, what waits and what went wrong.',
  signIn: 'Sign in',
};
const toOthers = {
  ...closed,
  title: 'This is for operators',
  text: 'Your account has another role.',
  signIn: 'Use another account',
};

/** Everything below /control. That it is shown to admins only is a courtesy: the API refuses everybody else. */
export function ControlPages() {
  const account = useAccount();
  const reason = account?.role === 'admin' ? undefined : account ? toOthers : toGuests;
  return <Area name="Control room" links={links} pages={pages} closed={reason} />;
}
