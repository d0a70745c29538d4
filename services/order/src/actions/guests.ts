import type { Locale } from '@tradepost/contracts/locales';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { preferredLocale } from '@tradepost/runtime/accept-language';
import { guestCustomerId, isOrderToken, orderToken } from '../domain/guest.ts';
import type { Order } from '../domain/order.ts';
import { assignOrder } from '../store/guest-orders.ts';
import { lockOrders } from '../store/orders.ts';
import type { Actor } from './access.ts';
import type { Context } from './context.ts';
import { findOrder } from './read-orders.ts';

/** Who buys: an account, or a guest with an e-mail address. */
export type Buyer = { customerId: string; guestEmail: string | null; locale?: Locale };

type Guests = Pick<Context, 'pool' | 'guestSecret'>;

/**
 * Who buys with a request; refuses one that names neither an account nor an address. The language is not part of the request that an
 * `Idempotency-Key` stands for: a retry may come from another browser.
 */
export async function buyerOf(
  ctx: Guests,
  account: Actor | undefined,
  email: string | undefined,
  acceptLanguage?: string,
): Promise<Buyer> {
  const known = preferredLocale(acceptLanguage);
  const locale = known && { locale: known };
  if (account) return { customerId: account.accountId, guestEmail: null, ...locale };
  if (email === undefined) {
    throw new ProblemError('unauthenticated', 'Sign in, or send `email` to order as a guest', {
      errors: [{ field: '/email', message: 'is required without an account' }],
    });
  }
  return { customerId: guestCustomerId(await ctx.guestSecret(), email), guestEmail: email, ...locale };
}

/** The token of a guest's order; undefined for an order of an account. */
export const tokenOf = async (ctx: Guests, order: Order): Promise<string | undefined> =>
  order.guestEmail === null ? undefined : orderToken(await ctx.guestSecret(), order.id);

/**
 * Who asks about an order: its customer where the token of a guest's order is right, else the account. A wrong token is refused as if
 * the order did not exist.
 */
export async function actorFor(
  ctx: Guests,
  account: Actor | undefined,
  { id, token }: { id: string; token: string | undefined },
): Promise<Actor> {
  if (token === undefined) {
    if (account) return account;
    throw new ProblemError('unauthenticated', 'Sign in, or send the `token` of the order');
  }
  const order = await findOrder(ctx.pool, id);
  const isRight = order !== null && isOrderToken(await ctx.guestSecret(), order.id, token);
  if (isRight && order.guestEmail !== null)
    return { accountId: order.customerId, role: 'customer', opensOrder: order.id };
  throw new ProblemError('not_found', `There is no order ${id} that this token opens`);
}

/**
 * Makes a guest's order one of an account. The token shows that whoever asks has the link that the guest was given; the account must
 * have the address of the order, so that a link that was passed on takes the order from nobody. Doing so again changes nothing.
 */
export async function claimOrder(
  ctx: Context,
  account: Actor & { email?: string },
  { orderId, token }: { orderId: string; token: string },
): Promise<Order> {
  const secret = await ctx.guestSecret();
  return ctx.pool.transaction(async (tx) => {
    const order = (await lockOrders(tx, [orderId])).get(orderId);
    if (!order || order.guestEmail === null || !isOrderToken(secret, orderId, token)) {
      throw new ProblemError('not_found', `There is no order ${orderId} that this token opens`);
    }
    if (order.customerId === account.accountId) return order;
    if (account.email?.toLowerCase() !== order.guestEmail.toLowerCase()) {
      throw new ProblemError(
        'forbidden',
        'The order was placed with another e-mail address than the one of this account',
      );
    }
    if (order.customerId !== guestCustomerId(secret, order.guestEmail)) {
      throw new ProblemError('conflict', 'The order belongs to another account already');
    }
    await assignOrder(tx, orderId, account.accountId);
    return { ...order, customerId: account.accountId };
  });
}
