import { useAccount } from '../api/session.ts';
import { SectionLayout } from '../design/section-layout.tsx';
import { AccountsPage } from './accounts/accounts-page.tsx';
import { AuditPage } from './audit/audit-page.tsx';
import { CategoriesPage } from './categories/categories-page.tsx';
import { DeadLettersPage } from './dead-letters/dead-letters-page.tsx';
import { FlowPage } from './flow/flow-page.tsx';
import { InvoicesPage } from './invoices/invoices-page.tsx';
import { MailsPage } from './mails/mails-page.tsx';
import { OrdersPage } from './orders/orders-page.tsx';
import { OverviewPage } from './overview/overview-page.tsx';
import { ReconciliationPage } from './payments/reconciliation-page.tsx';
import { PromotionsPage } from './pricing/promotions-page.tsx';
import { ShippingPage } from './pricing/shipping-page.tsx';
import { ShopPage } from './pricing/shop-page.tsx';
import { TaxesPage } from './pricing/taxes-page.tsx';

const links = [
  { href: '/control', text: 'Overview' },
  { href: '/control/orders', text: 'Orders' },
  { href: '/control/categories', text: 'Categories' },
  { href: '/control/pricing', text: 'Pricing' },
  { href: '/control/invoices', text: 'Invoices' },
  { href: '/control/reconciliation', text: 'Reconciliation' },
  { href: '/control/mails', text: 'Mails' },
  { href: '/control/dead-letters', text: 'Dead letters' },
  { href: '/control/audit', text: 'Audit trail' },
  { href: '/control/accounts', text: 'Accounts' },
];

const pages = {
  '/control': OverviewPage,
  '/control/orders': OrdersPage,
  '/control/orders/:id': FlowPage,
  '/control/categories': CategoriesPage,
  '/control/pricing': ShippingPage,
  '/control/pricing/taxes': TaxesPage,
  '/control/pricing/promotions': PromotionsPage,
  '/control/pricing/shop': ShopPage,
  '/control/invoices': InvoicesPage,
  '/control/reconciliation': ReconciliationPage,
  '/control/mails': MailsPage,
  '/control/dead-letters': DeadLettersPage,
  '/control/audit': AuditPage,
  '/control/accounts': AccountsPage,
};

const closed = { heading: 'Control room', lead: 'Traffic, sales, messages and errors of the shop, for operators.' };
const toGuests = {
  ...closed,
  title: 'Sign in as an operator',
  text: 'The control room shows traffic, sales, messages and errors.',
  signIn: 'Sign in',
};
const toOthers = {
  ...closed,
  title: 'For operators only',
  text: 'Your account does not have the role of an operator.',
  signIn: 'Use another account',
};

/** Everything below /control. Hiding it from others is a convenience: the API refuses everybody but admins. */
export function ControlPages() {
  const account = useAccount();
  const reason = account?.role === 'admin' ? undefined : account ? toOthers : toGuests;
  return <SectionLayout name="Control room" links={links} pages={pages} closed={reason} />;
}
