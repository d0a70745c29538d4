import { may } from '../api/permissions.ts';
import { useAccount } from '../api/session.ts';
import { openPages, SectionLayout } from '../design/section-layout.tsx';
import { PackingSlipPage } from './orders/packing-slip-page.tsx';
import { SalePage } from './orders/sale-page.tsx';
import { SalesPage } from './orders/sales-page.tsx';
import { DeskPage } from './overview/desk-page.tsx';
import { EditProductPage } from './products/edit-product-page.tsx';
import { NewProductPage } from './products/new-product-page.tsx';
import { ProductsPage } from './products/products-page.tsx';
import { StockPage } from './stock/stock-page.tsx';

const links = [
  { href: '/sell', text: 'Overview' },
  { href: '/sell/products', text: 'Products' },
  { href: '/sell/orders', text: 'Orders' },
];

const pages = {
  '/sell': DeskPage,
  '/sell/products': ProductsPage,
  '/sell/products/new': NewProductPage,
  '/sell/products/:id': EditProductPage,
  '/sell/products/:id/stock/:sku': StockPage,
  '/sell/orders': SalesPage,
  '/sell/orders/:id': SalePage,
  '/sell/orders/:id/packing-slip': PackingSlipPage,
};

const closed = { heading: 'Sell', lead: 'Your products, their stock and your orders.' };
const toGuests = {
  ...closed,
  title: 'Sign in to sell',
  text: 'The desk shows your orders, your products and their stock.',
  signIn: 'Sign in',
};
const toShoppers = {
  ...closed,
  title: 'Your account is not a seller account',
  text: 'An operator of the shop can give it the role of a seller.',
  signIn: 'Use another account',
};

/** Everything below /sell. Hiding it from others is a convenience: the API checks each request. */
export function SellPages() {
  const account = useAccount();
  const isSeller = account?.role === 'seller';
  const isOpen = (href: string) => {
    if (href === '/sell/products/new') return isSeller || may(account, 'catalogue:write');
    if (href.startsWith('/sell/products')) return isSeller || may(account, 'catalogue:read');
    if (href.startsWith('/sell/orders')) return isSeller || may(account, 'orders:read');
    return isSeller || (may(account, 'catalogue:read') && may(account, 'orders:read'));
  };
  const open = links.filter(({ href }) => isOpen(href));
  const reason = open.length > 0 ? undefined : account ? toShoppers : toGuests;
  return <SectionLayout name="Seller's desk" links={open} pages={openPages(pages, isOpen)} closed={reason} />;
}
