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

/**
 * Notes that an order is asked for with these coupons, before it is sent. `isUsedUp` says whether a refusal is right: each coupon that
 * it names may have been used up by other requests. A coupon without a limit never is.
 */
export function askWithCoupons(
  coupons: readonly Coupon[],
  email: string,
): { isUsedUp: (answer: Answer) => boolean; ended: (outcome: Outcome) => void } {
  const startedAt = performance.now();
  const own: CouponRequest = { email, refusedAt: undefined };
  for (const { requests } of coupons) requests.push(own);
  return {
    isUsedUp: (answer) => isUsedUp(coupons, answer, (coupon) => mayBeUsedUp(coupon, own, startedAt)),
    ended: (outcome) => {
      if (outcome === 'refused') own.refusedAt = performance.now();
    },
  };
}

/** Whether a quote was refused rightly, which uses no coupon itself. */
export function quoteIsUsedUp(coupons: readonly Coupon[], email: string): (answer: Answer) => boolean {
  const startedAt = performance.now();
  const own: CouponRequest = { email, refusedAt: undefined };
  return (answer) => isUsedUp(coupons, answer, (coupon) => mayBeUsedUp(coupon, own, startedAt));
}

/** The place of a coupon in the request, as a refusal names it. */
const FIELD = /^\/couponCodes\/(\d+)$/;

function isUsedUp(coupons: readonly Coupon[], { status, body }: Answer, mayBe: (coupon: Coupon) => boolean): boolean {
  if (status !== 422 || body?.code !== 'coupon_not_valid' || !Array.isArray(body.errors)) return false;
  const refused: (Coupon | undefined)[] = body.errors.map(
    ({ field }: { field: string }) => coupons[Number(FIELD.exec(field)?.[1] ?? -1)],
  );
  return refused.length > 0 && refused.every((coupon) => coupon !== undefined && mayBe(coupon));
}

/**
 * Whether so many other requests may have had a use as there are. Those that were refused before this one began had none. Uses that
 * were given back are not subtracted: nobody is told when that was.
 */
function mayBeUsedUp(
  { limitTotal, limitPerCustomer, requests }: Coupon,
  own: CouponRequest,
  startedAt: number,
): boolean {
  const others = requests.filter((one) => one !== own && !(one.refusedAt !== undefined && one.refusedAt < startedAt));
  const ofCustomer = others.filter(({ email }) => email === own.email);
  return (
    (limitTotal !== null && others.length >= limitTotal) ||
    (limitPerCustomer !== null && ofCustomer.length >= limitPerCustomer)
  );
}
