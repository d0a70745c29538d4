import { useCart, useCartIsChanging } from '../../api/cart.ts';
import { useLastOrder } from '../../api/current-cart.ts';
import { orderPath } from '../../api/orders.ts';
import { explain } from '../../api/problem.ts';
import { LinkButton } from '../../design/button.tsx';
import { EmptyState, ErrorState, Loading, Skeleton } from '../../design/page-states.tsx';
import styles from './cart.module.css';
import { CartLines } from './cart-lines.tsx';
import { CartTotals } from './cart-totals.tsx';

/** What is in the cart, and the way on: in the drawer and on its own page. */
export function CartContent() {
  const { cart, lines, isPending, error, refetch } = useCart();
  const isChanging = useCartIsChanging();
  if (!cart || lines.length === 0) {
    if (isPending) return <CartSkeleton />;
    if (!error || cart) return <EmptyCart />;
    return (
      <ErrorState title="The cart cannot be shown" onRetry={refetch}>
        {explain(error)} What is in it is kept.
      </ErrorState>
    );
  }
  return (
    <div className={styles.content}>
      <CartLines lines={lines} />
      {isPending && <CartSkeleton />}
      <div className={styles.foot}>
        {!isPending && <CartTotals cart={cart} isChanging={isChanging} />}
        <LinkButton kind="primary" wide href="/checkout">
          To the checkout
        </LinkButton>
      </div>
    </div>
  );
}

/** Stands for what the cart holds until the shop has said what that is; lines that were just added are shown above it. */
function CartSkeleton() {
  return (
    <Loading label="Loading the cart">
      <Skeleton height="6rem" />
    </Loading>
  );
}

function EmptyCart() {
  const order = useLastOrder();
  if (order) {
    return (
      <EmptyState title="It is ordered" action={<LinkButton href={orderPath(order)}>See your order</LinkButton>}>
        The cart of this browser has become an order.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="Nothing in it yet" action={<LinkButton href="/search">Look around</LinkButton>}>
      What you put into the cart stays there, also without an account.
    </EmptyState>
  );
}
