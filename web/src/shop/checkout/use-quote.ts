import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Cart } from '../../api/cart-change.ts';
import { hasCode } from '../../api/problem.ts';
import { hasPrice, linesOf, type Quote, type QuoteRequest, quoteQuery } from '../../api/quotes.ts';

/** A quote as the shopper has seen it, and what it was asked for. */
type SeenQuote = { key: string; quote: Quote };

/**
 * The quote of a cart, and the one that the shopper has seen and so agrees to by ordering. They differ when the shop answers the
 * same request with another total than before. What the shopper changes is another request, whose total is shown before
 * anything can be ordered at it.
 */
export function useQuote(cart: Cart, wanted: Omit<QuoteRequest, 'lines'>) {
  const client = useQueryClient();
  const request: QuoteRequest = { lines: linesOf(cart), ...wanted };
  const query = useQuery({ ...quoteQuery(request), enabled: hasPrice(cart) });
  const { data: quote, error, refetch } = query;
  const key = JSON.stringify(request);
  const [seen, setSeen] = useState<SeenQuote>();
  if (quote && seen?.key !== key) setSeen({ key, quote });
  useQuoteAtPrices(cart, refetch);
  const agreed = seen?.key === key ? seen.quote : undefined;
  const isMoved = quote !== undefined && agreed !== undefined && quote.total.amount !== agreed.total.amount;
  return {
    request,
    /** The last one that came, while another is being calculated. Undefined where there was none yet. */
    shown: quote ?? seen?.quote,
    /** At this total the order is placed; undefined while it is not known. */
    agreed,
    /** There where the total is not the one that the shopper has seen. */
    change: isMoved ? { before: agreed, now: quote } : undefined,
    agree: () => quote && setSeen({ key, quote }),
    error: quote ? null : error,
    isCalculating: hasPrice(cart) && !quote && !error,
    retry: () => void refetch(),
    /** Takes a quote that the shop has sent unasked, as with an order that it refused. */
    receive: (of: QuoteRequest, received: Quote) => client.setQueryData(quoteQuery(of).queryKey, received),
  };
}

/** Asks anew when the cart turns out to have other prices than before. */
function useQuoteAtPrices({ lines }: Cart, refetch: () => unknown): void {
  const prices = lines.map(({ sku, unitPrice }) => `${sku} ${unitPrice?.amount}`).join();
  const [known, setKnown] = useState(prices);
  useEffect(() => {
    if (known === prices) return;
    setKnown(prices);
    void refetch();
  }, [known, prices, refetch]);
}

/** Whether nothing is sent to the country of the address; false for what cannot be sent for other reasons. */
export const isCountryRefused = (error: unknown): boolean =>
  hasCode(error, 'not_shippable') && error.errors.some(({ field }) => field.endsWith('/country'));
