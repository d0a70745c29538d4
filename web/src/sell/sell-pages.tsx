import { useAccount } from '../api/session.ts';
import { Area } from '../design/area.tsx';
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
};

const closed = { heading: 'Sell', lead: 'Your products, their stock and your orders.' };
const toGuests = {
  ...closed,
  title: 'Sign in to sell',
  text: 'Then you will see what there is to send and what runs out.',
  signIn: 'Sign in',
};
const toShoppers = {
  ...closed,
  title: 'Your account buys, it does not sell',
  text: 'An operator of the shop can make it a seller.',
  signIn: 'Use another account',
};

/** Everything below /sell. That others are not shown it is a courtesy: the API decides, each time, whose is what. */
export function SellPages() {
  const account = useAccount();
  const isOpen = account && account.role !== 'customer';
  const reason = isOpen ? undefined : account ? toShoppers : toGuests;
  return <Area name="Seller's desk" links={links} pages={pages} closed={reason} />;
}
