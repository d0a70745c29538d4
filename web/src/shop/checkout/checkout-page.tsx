import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { addressesQuery } from '../../api/addresses.ts';
import { useCart } from '../../api/cart.ts';
import { useLastOrder } from '../../api/current-cart.ts';
import { type OrderRef, orderPath, orderQuery, purchasesQuery } from '../../api/orders.ts';
import { explain } from '../../api/problem.ts';
import { shopQuery } from '../../api/quotes.ts';
import { useAccount } from '../../api/session.ts';
import { LinkButton } from '../../design/button.tsx';
import { Page, PageHeading } from '../../design/page.tsx';
import { EmptyState, ErrorState, Loading, Skeleton } from '../../design/page-states.tsx';
import { draftOf, emptyDraft } from '../addresses/address.ts';
import { firstCountry } from '../addresses/countries.ts';
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
  const guestsOrder = useLastKnownOrder(lastOrder);
  const show = (order: OrderRef) => navigate(orderPath(order), { replace: true });
  useOrderOfCart(lastOrder, show);
  const isAsking = (query: { isPending: boolean; error: unknown }) => query.isPending && !query.error;
  if (isPending || (account ? [orders, addresses, shop] : [shop]).some(isAsking)) {
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
  if (!cart || lines.length === 0) return <NothingToOrder lastOrder={lastOrder} />;
  const before = account ? orders.data?.pages[0]?.items[0] : guestsOrder;
  return (
    <CheckoutForm
      key={account?.id ?? 'guest'}
      cart={cart}
      email={account ? undefined : (before?.email ?? '')}
      saved={addresses.data?.items ?? []}
      billedTo={before ?? {}}
      address={before ? draftOf(before.shippingAddress) : newDraft(account?.name ?? '', shop.data?.countries)}
      onPlaced={show}
    />
  );
}

const newDraft = (name: string, sentTo: readonly string[] | null | undefined) => ({
  ...{ ...emptyDraft, name },
  country: firstCountry(emptyDraft.country, sentTo),
});

/** The last order as this page has read it: a guest who orders again does not type e-mail address and address again. */
function useLastKnownOrder(lastOrder: OrderRef | null) {
  const client = useQueryClient();
  return lastOrder ? client.getQueryData(orderQuery(lastOrder).queryKey) : undefined;
}

function NothingToOrder({ lastOrder }: { lastOrder: OrderRef | null }) {
  if (!lastOrder) {
    return (
      <EmptyState title="There is nothing in the cart" action={<LinkButton href="/search">Look around</LinkButton>} />
    );
  }
  return (
    <EmptyState
      title="It is ordered already"
      action={<LinkButton href={orderPath(lastOrder)}>See the order</LinkButton>}
    />
  );
}
