import { uuidv7 } from '@tradepost/postgres/uuid';
import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buyerOf } from '../../src/actions/guests.ts';
import type { PayContext } from '../../src/actions/pay-order.ts';
import { placeOrder } from '../../src/actions/place-order.ts';
import type { PlacementContext } from '../../src/actions/placement-context.ts';
import { saveProducts } from '../../src/store/sellable-variants.ts';
import { orderContext } from '../order-context.ts';
import { product } from '../shop.ts';
import { violationsOf } from './order-invariants.ts';
import {
  bringTo,
  covered,
  GUEST,
  mugSeller,
  type OrderOperation,
  operations,
  type State,
  states,
  teaSeller,
} from './order-operations.ts';
import { routesThatChange } from './routes.ts';
import { pairsOf, rounds, runAtOnce, truncateBetweenRounds } from './run-at-once.ts';

let database: TestDatabase;
let ctx: PlacementContext & PayContext;

beforeAll(async () => {
  database = await testDatabase(new URL('../../migrations/', import.meta.url));
  const { pool } = database;
  ctx = orderContext(pool);
  await saveProducts(pool, [
    product([{ sku: 'MUG', amount: 1250 }], { sellerId: mugSeller.accountId }),
    product([{ sku: 'TEA', amount: 399 }], { sellerId: teaSeller.accountId }),
  ]);
});
afterAll(() => database.drop());

const beforeRound = truncateBetweenRounds(() => database.pool, 'orders, outbox');

async function place(state: State): Promise<string> {
  const { order } = await placeOrder(ctx, await buyerOf(ctx, undefined, GUEST), uuidv7(), {
    lines: [
      { sku: 'MUG', quantity: 3 },
      { sku: 'TEA', quantity: 1 },
    ],
    shippingAddress: { name: 'Ada', line1: 'Row 1', city: 'London', postalCode: 'N1', country: 'GB' },
    payment: { provider: 'sandbox', token: 'ok' },
  });
  await bringTo(ctx, order.id, state);
  return order.id;
}

/** The states in which at least one of the two can do something. */
const statesOf = (a: OrderOperation, b: OrderOperation): State[] =>
  states.filter((state) => a.states.includes(state) || b.states.includes(state));

async function meet(first: OrderOperation, second: OrderOperation, state: State, round: number): Promise<string[]> {
  await beforeRound();
  const id = await place(state);
  const lock = { text: 'select from orders where id = $1 for update', values: [id] };
  const [a, b] = round % 2 === 0 ? [first, second] : [second, first];
  const outcomes = await runAtOnce(
    ctx.pool,
    [() => a.run(ctx, id), () => b.run(ctx, id)],
    // Every third round without the lock in front, as it comes in practice.
    round % 3 === 2 ? undefined : lock,
  );
  const failed = outcomes.filter((outcome) => outcome.startsWith('failed'));
  return [...failed, ...(await violationsOf(ctx.pool, id))].map(
    (what) => `${state}, ${a.name} (${outcomes[0]}) before ${b.name} (${outcomes[1]}): ${what}`,
  );
}

describe('two operations that meet on one order', () => {
  for (const [index, [first, second]] of pairsOf(operations).entries()) {
    it(`${first.name}, ${second.name}`, async () => {
      const meeting = statesOf(first, second);
      const violations: string[] = [];
      for (let round = 0; round < rounds; round++) {
        const state = meeting[(index + round) % meeting.length];
        if (state) violations.push(...(await meet(first, second, state, round)));
      }
      expect(violations).toEqual([]);
    });
  }
});

it('every input of the state machine and every route that changes an order is in the table', async () => {
  expect(Object.entries(covered).filter(([, isCovered]) => !isCovered)).toEqual([]);
  const routes = (await routesThatChange()).filter(({ path }) => path.startsWith('/api/v1/orders/'));
  const named = new Set(operations.map(({ route }) => route));
  expect(routes.filter(({ operationId }) => !named.has(operationId))).toEqual([]);
});

it('two parcels at once that hold all units make the order fulfilled', async () => {
  const id = await place('confirmed');
  await runAtOnce(
    ctx.pool,
    [() => operationNamed('parcel of one unit').run(ctx, id), () => operationNamed('parcel of all units').run(ctx, id)],
    { text: 'select from orders where id = $1 for update', values: [id] },
  );
  const { rows } = await ctx.pool.query<{ status: string }>({
    text: 'select status from orders where id = $1',
    values: [id],
  });
  expect(rows).toEqual([{ status: 'fulfilled' }]);
});

function operationNamed(name: string): OrderOperation {
  const found = operations.find((operation) => operation.name === name);
  if (!found) throw new Error(`There is no operation ${name}`);
  return found;
}
