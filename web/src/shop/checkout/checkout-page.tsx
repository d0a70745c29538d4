import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { addressesQuery } from '../../api/addresses.ts';
import { useCart } from '../../api/cart.ts';
import { useLastOrder } from '../../api/current-cart.ts';
import { purchasesQuery } from '../../api/orders.ts';
import { explain } from '../../api/problem.ts';
import { shopQuery } from '../../api/quotes.ts';
import { useAccount } from '../../api/session.ts';
import { LinkButton } from '../../design/button.tsx';
import { Page, PageHeading } from '../../design/page.tsx';
import { EmptyState, ErrorState, Loading, Skeleton } from '../../design/page-states.tsx';
import { draftOf, emptyDraft } from '../addresses/address.ts';
import { firstCountry } from '../addresses/countries.ts';
import styles from './checkout.module.css';
import { CheckoutForm } from './checkout-form.tsx';
import { useOrderOfCart } from './use-place-order.ts';

export function CheckoutPage() {
  return (
    <Page>
      <PageHeading title="Checkout" />
      <Checkout />
    </Page>
  );
}

function Checkout() {
  const account = useAccount();
  const [, navigate] = useLocation();
  const { cart, lines, isPending, error, refetch } = useCart();
  const orders = useInfiniteQuery({ ...purchasesQuery, enabled: account !== null });
  const addresses = useQuery({ ...addressesQuery, enabled: account !== null });
  const shop = useQuery(shopQuery);
  const lastOrder = useLastOrder();
  const show = (id: string) => navigate(`/orders/${id}`, { replace: true });
  useOrderOfCart(lastOrder, show);
  const isAsking = (query: { isPending: boolean; error: unknown }) => query.isPending && !query.error;
  if (isPending || (account && [orders, addresses, shop].some(isAsking))) {
    return (
      <Loading label="Loading the checkout">
        <Skeleton height="20rem" />
      </Loading>
    );
  }
  if (error && !cart) {
    return (
      <ErrorState title="The checkout is not available at the moment" onRetry={refetch}>
        {explain(error)} Your cart is kept.
      </ErrorState>
    );
  }
  if (!cart || lines.length === 0) {
    return (
      <EmptyState
        title={lastOrder ? 'It is ordered already' : 'There is nothing in the cart'}
        action={
          lastOrder ? (
            <LinkButton href={`/orders/${lastOrder}`}>See the order</LinkButton>
          ) : (
            <LinkButton href="/search">Look around</LinkButton>
          )
        }
      />
    );
  }
  if (!account) return <WhoAreYou />;
  const before = orders.data?.pages[0]?.items[0]?.shippingAddress;
  return (
    <CheckoutForm
      cart={cart}
      saved={addresses.data?.items ?? []}
      address={before ? draftOf(before) : newDraft(account.name, shop.data?.countries)}
      onPlaced={(order) => show(order.id)}
    />
  );
}

const newDraft = (name: string, sentTo: readonly string[] | null | undefined) => ({
  ...{ ...emptyDraft, name },
  country: firstCountry(emptyDraft.country, sentTo),
});

function WhoAreYou() {
  return (
    <div className={styles.who}>
      <h2>First, who is it for?</h2>
      <p>
        An order belongs to an account, so that you can see where it is, and nobody else can. Your cart comes along.
      </p>
      <div className={styles.whoActions}>
        <LinkButton kind="primary" href="/sign-up?next=/checkout">
          Create an account
        </LinkButton>
        <LinkButton href="/sign-in?next=/checkout">Sign in</LinkButton>
      </div>
    </div>
  );
}
