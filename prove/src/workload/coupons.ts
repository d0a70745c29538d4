import type { Answer } from '@tradepost/testing/shopper';
import type { Random } from '../random.ts';
import type { Outcome } from './request-log.ts';
import type { Coupon, CouponRequest } from './shop-rules.ts';
import type { Workload } from './workload.ts';

/** Which coupons a purchase names, by weight. */
const weights = { unlimited: 4, oncePerCustomer: 2, few: 3, last: 2 };
const [MOST_COUPONS, TWO_COUPONS] = [2, 0.3];

/** The coupons of a purchase: none, one or two. */
export function chooseCoupons({ fixtures, behaviour }: Workload, random: Random): Coupon[] {
  if (!random.chance(behaviour.coupons)) return [];
  const { unlimited, oncePerCustomer, few, last } = fixtures.rules;
  const raced = last.filter(({ requests }) => requests.length > 0);
  const all = [
    ...Array.from({ length: weights.unlimited }, () => unlimited),
    ...Array.from({ length: weights.oncePerCustomer }, () => oncePerCustomer),
    ...Array.from({ length: weights.few }, () => random.pick(few)),
    // Of those that others have raced for, since their uses are given back where an order ends unpaid.
    ...(raced.length > 0 ? Array.from({ length: weights.last }, () => random.pick(raced)) : []),
  ];
  const count = random.chance(TWO_COUPONS) ? MOST_COUPONS : 1;
  return [...new Set(random.shuffle(all))].slice(0, count);
}

/** Who asks for an order, and of what it is made. A quote is made of nothing that could be an order already. */
type Asker = { email: string; origin: string | undefined };

/** Notes that an order is asked for with these coupons, before it is sent. `isUsedUp` says whether a refusal is right. */
export function askWithCoupons(
  coupons: readonly Coupon[],
  asker: Asker,
): { isUsedUp: (answer: Answer) => boolean; ended: (outcome: Outcome) => void } {
  const own: CouponRequest = { ...asker, refusedAt: undefined };
  for (const { requests } of coupons) requests.push(own);
  return {
    isUsedUp: isUsedUpFor(coupons, asker),
    ended: (outcome) => {
      if (outcome === 'refused') own.refusedAt = performance.now();
    },
  };
}

/** The place of a coupon in the request, as a refusal names it. */
const FIELD = /^\/couponCodes\/(\d+)$/;

/**
 * Whether it is right to refuse an order or a quote: each coupon that the response names may have been used up by other requests. A
 * coupon without a limit never is. Called when the request begins; the result is called with the response.
 */
export function isUsedUpFor(coupons: readonly Coupon[], asker: Asker): (answer: Answer) => boolean {
  const startedAt = performance.now();
  return ({ status, body }) => {
    if (status !== 422 || body?.code !== 'coupon_not_valid' || !Array.isArray(body.errors)) return false;
    const refused: (Coupon | undefined)[] = body.errors.map(
      ({ field }: { field: string }) => coupons[Number(FIELD.exec(field)?.[1] ?? -1)],
    );
    return refused.length > 0 && refused.every((coupon) => coupon && mayBeUsedUp(coupon, asker, startedAt));
  };
}

/**
 * Whether so many other requests may have had a use as there are. Those that were refused before this one began had none, and those of
 * the same cart would have been answered the same order. Uses that were given back are not subtracted: nobody is told when that was.
 */
function mayBeUsedUp(
  { limitTotal, limitPerCustomer, requests }: Coupon,
  { email, origin }: Asker,
  startedAt: number,
): boolean {
  const others = requests.filter(
    (one) =>
      (origin === undefined || one.origin !== origin) && (one.refusedAt === undefined || one.refusedAt >= startedAt),
  );
  const ofCustomer = others.filter((one) => one.email === email);
  return (
    (limitTotal !== null && others.length >= limitTotal) ||
    (limitPerCustomer !== null && ofCustomer.length >= limitPerCustomer)
  );
}
