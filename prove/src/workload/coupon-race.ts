import type { Random } from '../random.ts';
import { order } from './order-purchase.ts';
import { cancel } from './order-requests.ts';
import { noDetails } from './purchase-details.ts';
import type { Coupon } from './shop-rules.ts';
import { chooseCustomer, chooseLines, chooseWeighted, type PlacedOrder, type Workload } from './workload.ts';

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
  const placed = await orderAtOnce(o, random, coupon);
  const cancelled = placed.filter(() => random.chance(CANCELS));
  await Promise.all([...cancelled.map((one) => cancel(o, one)), orderAtOnce(o, random, coupon)]);
}

async function orderAtOnce(o: Workload, random: Random, coupon: Coupon): Promise<PlacedOrder[]> {
  const racers = Array.from({ length: RACERS }, () => ({
    customer: chooseCustomer(o, random),
    lines: chooseLines(o, random, 1),
    token: chooseWeighted(o.behaviour.tokens, random),
  }));
  const details = { ...noDetails, coupons: [coupon] };
  const ends = await Promise.all(racers.map(({ customer, ...wanted }) => order(o, customer, { ...wanted, details })));
  return ends.flatMap(({ placed }) => placed ?? []);
}
