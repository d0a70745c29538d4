import type { Random } from '../random.ts';
import { order } from './order-purchase.ts';
import { cancel } from './order-requests.ts';
import { noDetails } from './purchase-details.ts';
import type { Coupon } from './shop-rules.ts';
import {
  chooseCustomer,
  chooseLines,
  chooseWeighted,
  type Line,
  type PlacedOrder,
  type Workload,
  wait,
} from './workload.ts';

/** How many order at the same moment. */
const RACERS = 6;
const CANCELS = 0.5;

/**
 * Many shoppers order at the same moment with a coupon that may be used once or twice. Some of those who got it cancel, which gives the
 * use back, while others try again.
 */
export async function raceForCoupon(o: Workload, random: Random, race: number): Promise<void> {
  const { last } = o.fixtures.rules;
  const coupon = last[race % last.length];
  if (!coupon) return;
  const orderAll = () => orderAtOnce(o, random, () => chooseLines(o, random, 1), [coupon], 0);
  const placed = await orderAll();
  const cancelled = placed.filter(() => random.chance(CANCELS));
  await Promise.all([...cancelled.map((one) => cancel(o, one)), orderAll()]);
}

/** So far apart are orders for the last units: those of one moment may come to `product` in one message, and are no race there. */
const SPREAD_MS = 60;

/** Many shoppers order at nearly the same moment an article of which there are one or two units. */
export async function raceForLastUnits(o: Workload, random: Random, race: number): Promise<void> {
  const { last } = o.fixtures;
  const article = last[race % last.length];
  if (article) await orderAtOnce(o, random, () => [{ sku: article.sku, quantity: 1 }], [], SPREAD_MS);
}

async function orderAtOnce(
  o: Workload,
  random: Random,
  linesOf: () => Line[],
  coupons: readonly Coupon[],
  spreadMs: number,
): Promise<PlacedOrder[]> {
  const racers = Array.from({ length: RACERS }, () => ({
    customer: chooseCustomer(o, random),
    lines: linesOf(),
    token: chooseWeighted(o.behaviour.tokens, random),
    afterMs: random.int(0, spreadMs),
  }));
  const details = { ...noDetails, coupons: [...coupons] };
  const ends = await Promise.all(
    racers.map(async ({ customer, afterMs, ...wanted }) => {
      await wait(o, afterMs);
      return order(o, customer, { ...wanted, details });
    }),
  );
  return ends.flatMap(({ placed }) => placed ?? []);
}
