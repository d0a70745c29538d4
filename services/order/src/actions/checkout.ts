import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Order } from '../domain/order.ts';
import type { Cart } from '../store/carts.ts';
import { orderById } from '../store/orders.ts';
import type { Actor } from './access.ts';
import { assertOpen, changedMeanwhile, MAX_LINES, tooManyLines, visibleCart } from './cart-rules.ts';
import type { CartContext } from './carts.ts';
import type { Buyer } from './guests.ts';
import { withVariants } from './known-variants.ts';
import { placeCart, tooManyUnsettled } from './place-order.ts';
import type { PlaceOrder } from './placement-context.ts';

/** How often a cart that is changed while it is checked out is read and priced anew. */
const CHECKOUT_TRIES = 10;

/**
 * Makes an order of the cart. The statement that writes the order closes the cart, and only if its lines are still those that were
 * priced; else they are read and priced anew. Whoever asks again gets the same order, unless that has ended unpaid: then the
 * cart is open again, and a new order is made. An operator checks out the cart of an account for its customer.
 */
export async function checkout(
  ctx: CartContext,
  who: { account: Actor | undefined; buyer: Buyer },
  id: string,
  request: Omit<PlaceOrder, 'lines'>,
): Promise<{ order: Order; created: boolean }> {
  for (let attempt = 1; attempt <= CHECKOUT_TRIES; attempt++) {
    const read = await ctx.carts.read({ id });
    const cart = visibleCart(read.cart, id, who.account);
    const buyer = buyerOfCart(cart, who.buyer);
    if (cart.orderId) {
      const order = await orderById(ctx.pool, cart.orderId);
      if (order && order.customerId === buyer.customerId) return { order, created: false };
    }
    assertOpen(cart);
    if (cart.lines.length === 0) throw new ProblemError('cart_empty', 'The cart holds nothing to order');
    if (cart.lines.length > MAX_LINES) throw tooManyLines();
    const placed = await placeCart(withVariants(ctx, read.variants), buyer, cart, request);
    if (placed instanceof ProblemError) {
      // Another request may have made the order meanwhile, and used the coupon up for which this one is refused.
      if (!(await ctx.carts.read({ id })).cart?.orderId) throw placed;
      continue;
    }
    if (typeof placed === 'object') return { order: placed, created: true };
    // The first time the cart is read again: another request may have made the order, and that is then the answer.
    if (placed === 'over_limit' && attempt > 1) throw tooManyUnsettled();
  }
  throw changedMeanwhile();
}

const buyerOfCart = ({ customerId }: Cart, buyer: Buyer): Buyer =>
  customerId === null || customerId === buyer.customerId ? buyer : { customerId, guestEmail: null };
