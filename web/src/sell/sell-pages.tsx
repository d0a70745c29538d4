import { Route, Switch } from 'wouter';
import { useAccount } from '../api/session.ts';
import { AreaClosed, AreaNav } from '../design/area.tsx';
import { Page, PageHeading } from '../design/page.tsx';
import { EmptyState } from '../design/states.tsx';
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

/** Everything below /sell. That others are not shown it is a courtesy: the API decides, each time, whose is what. */
export function SellPages() {
  const account = useAccount();
  if (!account || account.role === 'customer') return <NotForYou signedIn={account !== null} />;
  return (
    <Page>
      <AreaNav label="Seller's desk" links={links} />
      <Switch>
        <Route path="/sell" component={DeskPage} />
        <Route path="/sell/products" component={ProductsPage} />
        <Route path="/sell/products/new" component={NewProductPage} />
        <Route path="/sell/products/:id" component={EditProductPage} />
        <Route path="/sell/products/:id/stock/:sku" component={StockPage} />
        <Route path="/sell/orders" component={SalesPage} />
        <Route path="/sell/orders/:id" component={SalePage} />
        <Route>
          <PageHeading title="Not found" />
          <EmptyState title="The desk has no such page" />
        </Route>
      </Switch>
    </Page>
  );
}

function NotForYou({ signedIn }: { signedIn: boolean }) {
  return (
    <AreaClosed
      name="Sell"
      lead="Your products, their stock and your orders."
      title={signedIn ? 'Your account buys, it does not sell' : 'Sign in to sell'}
      signIn={signedIn ? 'Use another account' : 'Sign in'}
    >
      {signedIn
        ? 'An operator of the shop can make it a seller.'
        : 'Then you will see what there is to send and what runs out.'}
    </AreaClosed>
  );
}
