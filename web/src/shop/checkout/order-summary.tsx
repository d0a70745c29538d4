import type { Cart } from '../../api/cart-change.ts';
import { explain } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { type Money, moneyText } from '../../design/format.tsx';
import { Notice } from '../../design/notice.tsx';
import { CartLines } from '../cart/cart-lines.tsx';
import styles from './checkout.module.css';
import type { PlacingOrder } from './use-place-order.ts';

/** What is ordered, and the button that orders it: at another price only after the shopper has agreed to that. */
export function OrderSummary({
  cart,
  placing,
  priceChange,
}: {
  cart: Cart;
  placing: PlacingOrder;
  priceChange: { before: Money; now: Money; onAgree: () => void } | undefined;
}) {
  return (
    <aside className={styles.summary} aria-label="Your order">
      <h2>Your order</h2>
      <CartLines lines={cart.lines} />
      <p className={styles.total}>
        <span>Total</span>
        <strong>{cart.total ? moneyText(cart.total) : 'cannot be ordered'}</strong>
      </p>
      {priceChange ? (
        <PriceChanged {...priceChange} busy={placing.isPending} />
      ) : (
        <>
          <Button type="submit" kind="primary" wide busy={placing.isPending} disabled={!cart.total}>
            {placing.isPending
              ? 'Placing the order …'
              : cart.total
                ? `Place the order for ${moneyText(cart.total)}`
                : 'Place the order'}
          </Button>
          <Outcome error={placing.error} failures={placing.failureCount} busy={placing.isPending} />
        </>
      )}
    </aside>
  );
}

function PriceChanged({
  before,
  now,
  busy,
  onAgree,
}: {
  before: Money;
  now: Money;
  busy: boolean;
  onAgree: () => void;
}) {
  return (
    <Notice tone="warn" title="A price has changed">
      <p className={styles.changed}>
        The total is {moneyText(now)} now; it was {moneyText(before)} when you last saw it. Nothing has been ordered.
      </p>
      <Button kind="primary" wide busy={busy} onClick={onAgree}>
        Order for {moneyText(now)}
      </Button>
    </Notice>
  );
}

function Outcome({ error, failures, busy }: { error: unknown; failures: number; busy: boolean }) {
  if (busy && failures > 0) {
    return <Notice tone="info">No answer yet. It is being asked again; it stays one order, however often.</Notice>;
  }
  if (!error) return null;
  return (
    <Notice tone="bad" title="The order was not placed">
      {explain(error)}
    </Notice>
  );
}
