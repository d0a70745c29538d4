import type { ReactNode } from 'react';
import type { Cart } from '../../api/cart-change.ts';
import { explain, hasCode, isTransient } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { countryName, type Money, moneyText } from '../../design/format.tsx';
import { Notice } from '../../design/notice.tsx';
import { CartLines } from '../cart/cart-lines.tsx';
import { Totals } from '../totals/totals.tsx';
import styles from './checkout.module.css';
import { priceChanges } from './price-changes.ts';
import type { OrderPlacement } from './use-place-order.ts';
import { isCountryRefused, type useQuote } from './use-quote.ts';

type QuoteOfCart = ReturnType<typeof useQuote>;

/** What is ordered and what it costs, and the button that orders it: at another total only after the shopper has agreed to that. */
export function OrderSummary({
  cart,
  quote,
  placing,
  onAgree,
  children,
}: {
  cart: Cart;
  quote: QuoteOfCart;
  placing: OrderPlacement;
  onAgree: () => void;
  children: ReactNode;
}) {
  const { change, error, request } = quote;
  return (
    <aside className={styles.summary} aria-label="Your order">
      <h2>Your order</h2>
      <CartLines lines={cart.lines} />
      {children}
      {cart.total ? (
        <TotalsOfQuote total={cart.total} quote={quote} />
      ) : (
        <p className={styles.total}>
          <span>Total</span>
          <strong>cannot be ordered</strong>
        </p>
      )}
      {error && <NoQuote error={error} country={request.destination?.country ?? ''} onRetry={quote.retry} />}
      {change ? (
        <PriceChanged {...change} busy={placing.isPending} onAgree={onAgree} />
      ) : (
        <>
          <PlaceButton canBeOrdered={cart.total !== null} quote={quote} busy={placing.isPending} />
          <Outcome error={placing.error} failures={placing.failureCount} busy={placing.isPending} />
        </>
      )}
    </aside>
  );
}

/** Where there is no quote, the cart knows the sum of its lines; what comes on top is not known. */
function TotalsOfQuote({ total, quote }: { total: Money; quote: QuoteOfCart }) {
  const { shown, error, isCalculating } = quote;
  if (shown && !error) return <Totals sums={shown} live busy={isCalculating} />;
  return <Totals sums={{ subtotal: total, adjustments: [], total }} label="Subtotal" busy={isCalculating} />;
}

/** Without a quote nothing is ordered. It can be pressed all the same: then it says what is missing in the address. */
function PlaceButton({ canBeOrdered, quote, busy }: { canBeOrdered: boolean; quote: QuoteOfCart; busy: boolean }) {
  const { agreed, isCalculating } = quote;
  const isReady = agreed !== undefined && !isCalculating;
  return (
    <Button
      type="submit"
      kind="primary"
      wide
      busy={busy}
      disabled={!canBeOrdered}
      aria-disabled={!isReady || busy || undefined}
      aria-busy={isCalculating || busy || undefined}
    >
      {busy ? 'Placing the order …' : isReady ? `Place the order for ${moneyText(agreed.total)}` : 'Place the order'}
    </Button>
  );
}

/** Each problem is shown at its field, and one of the country at the address too. */
function NoQuote({ error, country, onRetry }: { error: unknown; country: string; onRetry: () => void }) {
  const isToldElsewhere = ['coupon_not_valid', 'vat_id_not_valid', 'shipping_method_not_offered'].some((code) =>
    hasCode(error, code),
  );
  if (isToldElsewhere) return null;
  if (!isTransient(error)) {
    return (
      <Notice tone="bad" title="This cannot be ordered as it is">
        {isCountryRefused(error)
          ? `The shop does not send to ${countryName(country)}. Choose another address.`
          : explain(error)}
      </Notice>
    );
  }
  return (
    <Notice
      tone="warn"
      title="The total cannot be calculated at the moment"
      action={<Button onClick={onRetry}>Try again</Button>}
    >
      It is tried again by itself. Nothing can be ordered meanwhile.
    </Notice>
  );
}

function PriceChanged({
  before,
  now,
  busy,
  onAgree,
}: NonNullable<QuoteOfCart['change']> & { busy: boolean; onAgree: () => void }) {
  const changes = priceChanges(before, now);
  return (
    <Notice tone="warn" title="A price has changed">
      <p className={styles.changed}>
        The total is {moneyText(now.total)} now; it was {moneyText(before.total)} when you last saw it. Nothing has been
        ordered.
      </p>
      {changes.length > 0 && (
        <ul className={styles.changes}>
          {changes.map((text) => (
            <li key={text} dir="auto">
              {text}
            </li>
          ))}
        </ul>
      )}
      <Button kind="primary" wide busy={busy} onClick={onAgree}>
        Order for {moneyText(now.total)}
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
      {hasCode(error, 'price_changed')
        ? 'A price has changed since you last saw it. See the total above.'
        : explain(error)}
    </Notice>
  );
}
