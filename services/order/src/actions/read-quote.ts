import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Actor } from './access.ts';
import { calculateOrder, type PriceRequest } from './calculate-order.ts';
import { assertOpen, visibleCart } from './cart-rules.ts';
import type { CartContext } from './carts.ts';
import { withVariants } from './known-variants.ts';
import type { PlacementContext } from './placement-context.ts';
import { type QuoteView, quoteView } from './quote-view.ts';

/** What lines would cost as an order; nothing is written. */
export const readQuote = (
  ctx: PlacementContext,
  actor: Actor | undefined,
  request: Omit<PriceRequest, 'customerId'>,
): Promise<QuoteView> => quote(ctx, { ...request, customerId: actor?.accountId ?? null });

async function quote(ctx: PlacementContext, request: PriceRequest): Promise<QuoteView> {
  const priced = await calculateOrder(ctx, request);
  if (!priced.ok) {
    // A quote has only a destination, where an order has a whole address.
    const errors = priced.errors.map((error) => ({
      ...error,
      field: error.field.replace('/shippingAddress/', '/destination/'),
    }));
    throw new ProblemError(priced.code, priced.detail, { errors });
  }
  return quoteView(priced);
}

/** What an open cart would cost as an order of its customer, whoever asks. */
export async function readCartQuote(
  ctx: CartContext,
  actor: Actor | undefined,
  id: string,
  request: Omit<PriceRequest, 'customerId' | 'lines'>,
): Promise<QuoteView> {
  const read = await ctx.carts.read({ id });
  const cart = visibleCart(read.cart, id, actor);
  assertOpen(cart);
  if (cart.lines.length === 0) throw new ProblemError('cart_empty', 'The cart holds nothing to order');
  const customerId = cart.customerId ?? actor?.accountId ?? null;
  return quote(withVariants(ctx, read.variants), { ...request, lines: cart.lines, customerId });
}
