import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Cart } from '../store/carts.ts';
import type { Actor } from './access.ts';

/** The most different SKUs that a cart, and so an order, holds. */
export const MAX_LINES = 100;

export const tooManyLines = () => new ProblemError('unprocessable', `A cart holds at most ${MAX_LINES} different SKUs`);

export const changedMeanwhile = () =>
  new ProblemError('conflict', 'The cart is being changed by other requests: try again', { retryAfter: 1 });

export function visibleCart(cart: Cart | undefined, id: string, actor: Actor | undefined): Cart {
  const isTheirs = cart && (cart.customerId === null || cart.customerId === actor?.accountId || actor?.isOperator);
  if (!cart || !isTheirs) throw new ProblemError('not_found', `There is no cart ${id} that you may see`);
  return cart;
}

export function assertOpen(cart: Cart): void {
  if (cart.orderId) throw new ProblemError('cart_checked_out', 'The cart has become an order: make a new one');
  if (cart.mergedInto) {
    const extra = { cartId: cart.mergedInto };
    throw new ProblemError('cart_merged', 'The cart was merged into another one of your account', { extra });
  }
}
