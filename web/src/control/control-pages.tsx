import { isOperator, may, type Permission } from '../api/permissions.ts';
import { useAccount } from '../api/session.ts';
import { openPages, SectionLayout } from '../design/section-layout.tsx';
import { AccountPage } from './accounts/account-page.tsx';
import { AccountsPage } from './accounts/accounts-page.tsx';
import { AuditPage } from './audit/audit-page.tsx';
import { CategoriesPage } from './categories/categories-page.tsx';
import { DeadLettersPage } from './dead-letters/dead-letters-page.tsx';
import { ErasuresPage } from './erasures/erasures-page.tsx';
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
import { StaffPage } from './staff/staff-page.tsx';
import { SynonymsPage } from './synonyms/synonyms-page.tsx';

const links = [
  { href: '/control', text: 'Overview' },
  { href: '/control/orders', text: 'Orders' },
  { href: '/control/categories', text: 'Categories' },
  { href: '/control/synonyms', text: 'Synonyms' },
  { href: '/control/pricing', text: 'Pricing' },
  { href: '/control/pricing/promotions', text: 'Promotions' },
  { href: '/control/invoices', text: 'Invoices' },
  { href: '/control/reconciliation', text: 'Reconciliation' },
  { href: '/control/mails', text: 'Mails' },
  { href: '/control/dead-letters', text: 'Dead letters' },
  { href: '/control/audit', text: 'Audit trail' },
  { href: '/control/accounts', text: 'Accounts' },
  { href: '/control/erasures', text: 'Erasures' },
  { href: '/control/staff', text: 'Staff' },
];

const pages = {
  '/control': OverviewPage,
  '/control/orders': OrdersPage,
  '/control/orders/:id': FlowPage,
  '/control/categories': CategoriesPage,
  '/control/synonyms': SynonymsPage,
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
  '/control/erasures': ErasuresPage,
  '/control/accounts/:id': AccountPage,
  '/control/staff': StaffPage,
};

/** What a page reads first, by the beginning of its path; the first that fits counts. */
const permissionOf: readonly (readonly [path: string, permission: Permission])[] = [
  ['/control/orders', 'orders:read'],
  ['/control/categories', 'catalogue:read'],
  ['/control/synonyms', 'catalogue:read'],
  ['/control/pricing/promotions', 'promotions:read'],
  ['/control/pricing', 'settings:read'],
  ['/control/invoices', 'payments:read'],
  ['/control/reconciliation', 'payments:read'],
  ['/control/mails', 'mails:read'],
  ['/control/audit', 'audit:read'],
  ['/control/accounts', 'accounts:read'],
  ['/control/erasures', 'accounts:read'],
  ['/control/staff', 'staff:read'],
  ['/control', 'operations:read'],
];

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

/** Everything below /control, as far as the permissions allow. Hiding the rest is a convenience: the API checks each request. */
export function ControlPages() {
  const account = useAccount();
  const isOpen = (path: string) => {
    const [, permission] = permissionOf.find(([start]) => path.startsWith(start)) ?? [];
    return permission !== undefined && may(account, permission);
  };
  // Who sees the prices finds the promotions below them.
  const open = links.filter(
    ({ href }) => isOpen(href) && !(href.endsWith('/promotions') && isOpen('/control/pricing')),
  );
  const reason = isOperator(account) && open.length > 0 ? undefined : account ? toOthers : toGuests;
  return <SectionLayout name="Control room" links={open} pages={openPages(pages, isOpen)} closed={reason} />;
}
