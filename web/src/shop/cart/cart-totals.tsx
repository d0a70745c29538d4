import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Cart } from '../../api/cart-change.ts';
import type { ResponseOf } from '../../api/client.ts';
import { hasPrice, linesOf, quoteQuery, shopQuery } from '../../api/quotes.ts';
import type { Sums } from '../totals/total-rows.ts';
import { Totals } from '../totals/totals.tsx';
import styles from './cart.module.css';

/** What the cart costs before it is known where it goes, and what comes on top of that at the checkout. */
export function CartTotals({ cart, isChanging }: { cart: Cart; isChanging: boolean }) {
  const { data: shop } = useQuery(shopQuery);
  const { data: quote, isPlaceholderData } = useQuery({
    ...quoteQuery({ lines: linesOf(cart) }),
    enabled: hasPrice(cart),
    placeholderData: keepPreviousData,
  });
  const { total } = cart;
  if (!total) {
    return (
      <p className={styles.total}>
        <span>Total</span>
        <span aria-live="polite">Something in it cannot be ordered</span>
      </p>
    );
  }
  // Without promotions the cart itself knows the sum, also of a change that is under way.
  const sums: Sums = quote && quote.adjustments.length > 0 ? quote : { subtotal: total, adjustments: [], total };
  const isOutdated = isPlaceholderData && sums === quote;
  return (
    <>
      <Totals sums={sums} label={labelOf(sums, shop)} live busy={isChanging || isOutdated} />
      <p className={styles.small}>{shop && `${taxText(shop)} ${shippingText(shop)}`}</p>
    </>
  );
}

type Shop = ResponseOf<'getShop'>;

const taxText = ({ taxIncluded }: Shop): string => (taxIncluded ? 'Tax included.' : 'Tax is added at checkout.');

/** A shop without shipping methods charges nothing for sending. */
const isSentFree = ({ shippingMethods }: Shop): boolean => shippingMethods.length === 0;

const shippingText = (shop: Shop): string =>
  isSentFree(shop) ? 'Shipping is free.' : 'Shipping is calculated at checkout.';

function labelOf({ adjustments }: Sums, shop: Shop | undefined): string {
  if (!shop || (shop.taxIncluded && isSentFree(shop))) return 'Total';
  return adjustments.length > 0 ? 'Total so far' : 'Subtotal';
}
