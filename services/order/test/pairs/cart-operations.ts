import type { Actor } from '../../src/actions/access.ts';
import { applyTransitions } from '../../src/actions/apply-transitions.ts';
import { type CartContext, mergeCarts, setLine } from '../../src/actions/carts.ts';
import { checkout } from '../../src/actions/checkout.ts';
import { buyerOf } from '../../src/actions/guests.ts';
import { readCartQuote } from '../../src/actions/read-quote.ts';

/** Two carts: `cart` holds 1 MUG, `other` holds 2 TEA. */
export type CartPair = { cart: string; other: string; ada: Actor; bob: Actor };

export const kinds = ['guest cart', 'cart of an account'] as const;
export type Kind = (typeof kinds)[number];

export type CartOperation = {
  name: string;
  /** The route that does it, by its `operationId`. */
  route: string;
  run(ctx: CartContext, meeting: CartPair): Promise<unknown>;
};

const details = {
  shippingAddress: { name: 'Ada', line1: 'Row 1', city: 'London', postalCode: 'N1', country: 'GB' },
  payment: { provider: 'sandbox', token: 'ok' },
};

const by = (account: Actor) => ({ account, buyer: { customerId: account.accountId, guestEmail: null } });

const put = (name: string, sku: string, quantity: number): CartOperation => ({
  ...{ name, route: 'setCartLine' },
  run: (ctx, { cart, ada }) => setLine(ctx, ada, cart, { sku, quantity }),
});

/** Everything that can change a cart. A route that is missing here fails the test. */
export const operations: readonly CartOperation[] = [
  // Changes nothing, and is answered whatever becomes of the cart meanwhile.
  {
    name: 'quote',
    route: 'quoteCart',
    run: (ctx, { cart, ada }) => readCartQuote(ctx, ada, cart, { destination: null }),
  },
  put('another line put in', 'TEA', 1),
  put('a third line put in', 'POT', 2),
  put('the quantity changed', 'MUG', 5),
  put('the line taken out', 'MUG', 0),
  {
    ...{ name: 'checked out', route: 'checkOut' },
    run: (ctx, { cart, ada }) => checkout(ctx, by(ada), cart, details),
  },
  {
    ...{ name: 'checked out with other details', route: 'checkOut' },
    run: (ctx, { cart, ada }) =>
      checkout(ctx, by(ada), cart, { ...details, shippingAddress: { ...details.shippingAddress, line1: 'Row 2' } }),
  },
  {
    ...{ name: 'checked out by somebody else', route: 'checkOut' },
    run: (ctx, { cart, bob }) => checkout(ctx, by(bob), cart, details),
  },
  {
    ...{ name: 'checked out by a guest', route: 'checkOut' },
    run: async (ctx, { cart }) => {
      const buyer = await buyerOf(ctx, undefined, 'guest@example.com');
      return checkout(ctx, { account: undefined, buyer }, cart, details);
    },
  },
  {
    ...{ name: 'merged into another cart', route: 'mergeCarts' },
    run: (ctx, { cart, other, ada }) => mergeCarts(ctx, ada, other, cart),
  },
  {
    ...{ name: 'another cart merged into it', route: 'mergeCarts' },
    run: (ctx, { cart, other, ada }) => mergeCarts(ctx, ada, cart, other),
  },
  {
    ...{ name: 'checked out and declined', route: 'checkOut' },
    async run(ctx, { cart, ada }) {
      const { order } = await checkout(ctx, by(ada), cart, details);
      const happenings = [
        { type: 'stock_reserved' },
        { type: 'payment_declined', paymentTry: 1, reason: 'declined' },
      ] as const;
      for (const input of happenings) {
        await ctx.pool.transaction((tx) => applyTransitions(tx, ctx, [{ orderId: order.id, input }]));
      }
    },
  },
];
