import { queryOptions } from '@tanstack/react-query';
import type { Cart } from './cart-change.ts';
import { api, type ResponseOf, unwrap } from './client.ts';

/** What an order of some lines would cost: with promotions, shipping and taxes, as far as the destination is known. */
export type Quote = ResponseOf<'quote'>;
export type Adjustment = Quote['adjustments'][number];
export type ShippingMethod = Quote['shippingMethods'][number];

const meta = { part: 'orders' } as const;

/** Where the shop sends, how, whether its prices include tax, and what an order must confirm. */
export const shopQuery = queryOptions({
  queryKey: ['shop'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/shop', { signal })),
  meta,
});

export type QuoteRequest = {
  lines: { sku: string; quantity: number }[];
  /** Without it, shipping and taxes are left out. */
  destination?: { country: string; region?: string };
  /** The cheapest one where none is named. */
  shippingMethod?: string;
  couponCodes?: string[];
  vatId?: string;
};

/** The lines of a cart, as they are now: also with changes that the shop has not answered yet. */
export const linesOf = (cart: Cart): QuoteRequest['lines'] =>
  cart.lines.map(({ sku, quantity }) => ({ sku, quantity }));

/** Whether a cart has a price. What cannot be ordered has none, and the shop would refuse to calculate it. */
export const hasPrice = ({ lines, total }: Cart): boolean => total !== null && lines.every(({ forSale }) => forSale);

export const readQuote = (request: QuoteRequest, signal?: AbortSignal): Promise<Quote> =>
  unwrap(api.POST('/api/v1/quotes', { body: request, ...(signal && { signal }) }));

export function quoteQuery(request: QuoteRequest) {
  return queryOptions({
    queryKey: ['quotes', request],
    queryFn: ({ signal }) => readQuote(request, signal),
    // Rules and prices change at any time; what is known is shown until the answer is there.
    staleTime: 0,
    meta,
  });
}
