import { uuidv7 } from '@tradepost/postgres/uuid';
import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/actions/access.ts';
import { batchCartStatements, type CartContext, createCart, setLine } from '../../src/actions/carts.ts';
import { type Cart, cartsWithVariants } from '../../src/store/carts.ts';
import { orderById } from '../../src/store/orders.ts';
import { saveProducts } from '../../src/store/sellable-variants.ts';
import { orderContext } from '../order-context.ts';
import { product } from '../shop.ts';
import { type CartOperation, type CartPair, type Kind, kinds, operations } from './cart-operations.ts';
import { routesThatChange } from './routes.ts';
import { type Outcome, pairsOf, rounds, runAtOnce, truncateBetweenRounds } from './run-at-once.ts';

let database: TestDatabase;
let ctx: CartContext;

beforeAll(async () => {
  database = await testDatabase(new URL('../../migrations/', import.meta.url));
  ctx = instanceOn(database);
  const skus = ['MUG', 'TEA', 'POT'].map((sku, i) => ({ sku, amount: 100 + i }));
  await saveProducts(database.pool, [product(skus)]);
});
afterAll(() => database.drop());

const beforeRound = truncateBetweenRounds(() => database.pool, 'orders, cart, outbox');

/** What one instance of the service has: batches of its own. */
function instanceOn({ pool }: TestDatabase): CartContext {
  return { ...orderContext(pool), carts: batchCartStatements(pool) };
}

async function newCart(owner: Actor | undefined, sku: string, quantity: number): Promise<string> {
  const { id } = await createCart(ctx, owner);
  await setLine(ctx, owner, id, { sku, quantity });
  return id;
}

async function prepare(kind: Kind, needsOwner: boolean): Promise<CartPair> {
  const [ada, bob] = [uuidv7(), uuidv7()].map((accountId): Actor => ({ accountId, role: 'customer' }));
  if (!ada || !bob) throw new Error('Two accounts were made');
  const owner = kind === 'guest cart' && !needsOwner ? undefined : ada;
  return { cart: await newCart(owner, 'MUG', 1), other: await newCart(ada, 'TEA', 2), ada, bob };
}

async function meet(first: CartOperation, second: CartOperation, kind: Kind, round: number): Promise<string[]> {
  await beforeRound();
  const [a, b] = round % 2 === 0 ? [first, second] : [second, first];
  const meeting = await prepare(
    kind,
    [a, b].some(({ name }) => name === 'another cart merged into it'),
  );
  const ids = [meeting.cart, meeting.other].sort();
  const lock = { text: 'select from cart where id = any($1::uuid[]) order by id for update', values: [ids] };
  // Two instances: within one, statements of the same kind share a batch.
  const other = instanceOn(database);
  const outcomes = await runAtOnce(
    ctx.pool,
    [() => a.run(ctx, meeting), () => b.run(other, meeting)],
    round % 3 === 2 ? undefined : lock,
  );
  const before = `${kind}, ${a.name} (${outcomes[0]}) before ${b.name} (${outcomes[1]})`;
  const violations = [...failuresOf(outcomes), ...(await violationsOf(meeting, [a, b], outcomes))];
  return violations.map((what) => `${before}: ${what}`);
}

const failuresOf = (outcomes: readonly Outcome[]) => outcomes.filter((outcome) => outcome.startsWith('failed'));

async function violationsOf(
  { cart: cartId, other: otherId }: CartPair,
  operations: readonly CartOperation[],
  outcomes: readonly Outcome[],
): Promise<string[]> {
  const { carts } = await cartsWithVariants(ctx.pool, [cartId, otherId], []);
  const { rows: orders } = await ctx.pool.query<{ id: string; status: string }>({
    text: 'select id, status from orders where cart_id = $1',
    values: [cartId],
  });
  const violations: string[] = [];
  const alive = orders.filter(({ status }) => status !== 'cancelled');
  if (alive.length > 1) violations.push(`the cart became ${alive.length} orders`);
  const cart = carts.get(cartId);
  const other = carts.get(otherId);
  if (!cart || !other) return ['a cart is gone'];
  if (cart.orderId !== (alive[0]?.id ?? null)) violations.push('the cart does not name its order');
  for (const { id } of alive) {
    const order = await orderById(ctx.pool, id);
    if (linesOf(order?.lines ?? []) !== linesOf(cart.lines)) {
      violations.push(`the order holds ${linesOf(order?.lines ?? [])}, the cart ${linesOf(cart.lines)}`);
    }
  }
  return [...violations, ...lostLines(cart, other, operations, outcomes)];
}

const linesOf = (lines: Cart['lines']): string =>
  lines
    .map(({ sku, quantity }) => `${quantity} ${sku}`)
    .sort()
    .join(', ');

/** A line that was acknowledged is in the cart, or in the cart that took it over. */
function lostLines(
  cart: Cart,
  other: Cart,
  operations: readonly CartOperation[],
  outcomes: readonly Outcome[],
): string[] {
  const held = cart.mergedInto ? other : cart;
  return operations.flatMap(({ name }, i) => {
    if (outcomes[i] !== 'done') return [];
    if (name === 'a third line put in' && linesOf(held.lines.filter(({ sku }) => sku === 'POT')) !== '2 POT') {
      return ['the line that was put in is lost'];
    }
    return [];
  });
}

describe('two operations that meet on one cart', () => {
  for (const [index, [first, second]] of pairsOf(operations).entries()) {
    it(`${first.name}, ${second.name}`, async () => {
      const violations: string[] = [];
      for (let round = 0; round < rounds; round++) {
        const kind = kinds[(index + Math.floor(round / 2)) % kinds.length];
        if (kind) violations.push(...(await meet(first, second, kind, round)));
      }
      expect(violations).toEqual([]);
    });
  }
});

it('every route that changes a cart is in the table', async () => {
  const routes = (await routesThatChange()).filter(({ path }) => path.startsWith('/api/v1/carts/'));
  const named = new Set(operations.map(({ route }) => route));
  expect(routes.filter(({ operationId }) => !named.has(operationId))).toEqual([]);
});
