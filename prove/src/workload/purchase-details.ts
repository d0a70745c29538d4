import type { Answer } from '@tradepost/testing/shopper';
import type { Random } from '../random.ts';
import { chooseCoupons, isUsedUpFor } from './coupons.ts';
import { COUNTRY, type Coupon } from './shop-rules.ts';
import { type Customer, type Line, offSaleIfBanned, type Workload, wait } from './workload.ts';

/** What a purchase says that its price depends on, beside its lines. */
export type PurchaseDetails = {
  coupons: readonly Coupon[];
  /** The cheapest one where it is undefined. */
  shippingMethod: string | undefined;
  /** So long before the order a quote is asked for, whose total it expects, in milliseconds; undefined where none is. */
  quotedBeforeMs: number | undefined;
};

export const noDetails: PurchaseDetails = { coupons: [], shippingMethod: undefined, quotedBeforeMs: undefined };

const CHOOSES_METHOD = 0.4;
/** Share of those who read a quote for a while, in which a price may change. */
const [HESITATES, LONGEST_MS] = [0.3, 2000];

export function chooseDetails(o: Workload, random: Random): PurchaseDetails {
  const { shippingMethods } = o.fixtures.rules;
  return {
    coupons: chooseCoupons(o, random),
    shippingMethod: random.chance(CHOOSES_METHOD) ? random.pick(shippingMethods) : undefined,
    quotedBeforeMs: random.chance(o.behaviour.quoted) ? hesitation(random) : undefined,
  };
}

const hesitation = (random: Random): number => (random.chance(HESITATES) ? random.int(0, LONGEST_MS) : 0);

type Money = { amount: number; currency: string };
/** What an order was to cost when it was asked. */
export type Quote = { total: Money; lines: readonly (Line & { unitPrice: Money })[] };

/**
 * Asks what lines (or a cart, at the path of its quote) would cost, and reads it; undefined where none is wanted, where it was refused or
 * nobody answered.
 */
export async function readQuote(
  o: Workload,
  customer: Customer,
  { path, lines, skus }: { path: string; lines?: readonly Line[]; skus: Iterable<string> },
  { coupons, shippingMethod, quotedBeforeMs }: PurchaseDetails,
): Promise<Quote | undefined> {
  if (quotedBeforeMs === undefined) return undefined;
  const isOffSale = offSaleIfBanned(o, skus);
  const isUsedUp = isUsedUpFor(coupons, { email: customer.email, origin: undefined });
  const { answer } = await o.client(customer.account, {
    ...{ kind: 'quote', method: 'POST', path, accepts: [200] },
    body: { ...(lines && { lines }), destination: { country: COUNTRY }, ...pricingFields({ coupons, shippingMethod }) },
    // Of a cart: it was emptied, or another has checked it out.
    refusals: lines ? [] : [404, 409],
    isExpectedProblem: (refused) =>
      isOffSale(refused) || isUsedUp(refused) || (!lines && refused.body?.code === 'cart_empty'),
  });
  if (answer?.status !== 200) return undefined;
  await wait(o, quotedBeforeMs);
  // as: the response is described by the API's own document.
  return answer.body as Quote;
}

/** The fields of a request that say so. */
export const pricingFields = (
  { coupons, shippingMethod }: Omit<PurchaseDetails, 'quotedBeforeMs'>,
  quote?: Quote,
): object => ({
  ...(coupons.length > 0 && { couponCodes: coupons.map(({ code }) => code) }),
  ...(shippingMethod && { shippingMethod }),
  ...(quote && { expectedTotal: quote.total }),
});

/**
 * Whether an order was refused rightly because it costs another amount than its quote said: the price of an article has changed whose
 * price does change, or the lines of the cart have. The same lines at the same prices must cost the same.
 */
export function priceHasChanged(
  { fixtures }: Pick<Workload, 'fixtures'>,
  quote: Quote | undefined,
  { status, body }: Answer,
  isCart: boolean,
): boolean {
  if (!quote || status !== 409 || body?.code !== 'price_changed') return false;
  const changing = new Set(fixtures.cold.map(({ sku }) => sku));
  // as: likewise.
  const [before, now] = [quote, body.quote as Quote].map(({ lines }) => new Map(lines.map((line) => [line.sku, line])));
  const skus = new Set([...(before?.keys() ?? []), ...(now?.keys() ?? [])]);
  const changes = [...skus].flatMap((sku) => {
    const [was, is] = [before?.get(sku), now?.get(sku)];
    if (was?.quantity !== is?.quantity) return [isCart];
    return was?.unitPrice.amount !== is?.unitPrice.amount ? [changing.has(sku)] : [];
  });
  return changes.length > 0 && changes.every(Boolean);
}
