import { randomUUID } from 'node:crypto';
import { newOrder } from '@tradepost/testing/shopper';
import type { Random } from '../random.ts';
import { askWithCoupons } from './coupons.ts';
import {
  chooseDetails,
  noDetails,
  type PurchaseDetails,
  priceHasChanged,
  pricingFields,
  readQuote,
} from './purchase-details.ts';
import type { Purchase } from './request-log.ts';
import {
  type Customer,
  chooseLines,
  chooseWeighted,
  emailOfGuest,
  type Line,
  offSaleIfBanned,
  type PlacedOrder,
  placedOrder,
  type Workload,
} from './workload.ts';

const MOST_LINES = 3;

/** Orders without a cart; and, when a coupon is used up or a price has changed, once more without coupons. */
export async function buyWithoutCart(
  o: Workload,
  random: Random,
  customer: Customer,
): Promise<PlacedOrder | undefined> {
  const lines = chooseLines(o, random, MOST_LINES);
  const token = chooseWeighted(o.behaviour.tokens, random);
  const details = chooseDetails(o, random);
  const { placed, refusal } = await order(o, customer, { lines, token, details });
  if (refusal !== 'coupon_not_valid' && refusal !== 'price_changed') return placed;
  return (await order(o, customer, { lines, token, details: { ...details, coupons: [] } })).placed;
}

/** Orders by `POST /orders` under a key of its own; answers the order, or the code of the problem for which it was refused. */
export async function order(
  o: Workload,
  customer: Customer,
  { lines, token, details = noDetails }: { lines: readonly Line[]; token: string; details?: PurchaseDetails },
): Promise<{ placed: PlacedOrder | undefined; refusal: string | undefined }> {
  const { coupons, shippingMethod } = details;
  const purchase: Purchase = {
    ...{ key: randomUUID(), email: customer.email, guestEmail: customer.account ? null : customer.email, lines, token },
    ...{ couponCodes: coupons.map(({ code }) => code), shippingMethod, expectedTotal: undefined },
    ...{ orderId: undefined, outcome: 'unknown' },
  };
  o.requestLog.purchases.push(purchase);
  const skus = lines.map(({ sku }) => sku);
  const quote = await readQuote(o, customer, { path: '/api/v1/quotes', lines, skus }, details);
  purchase.expectedTotal = quote?.total.amount;
  const isOffSale = offSaleIfBanned(o, skus);
  const asked = askWithCoupons(coupons, { email: customer.email, origin: purchase.key });
  const { answer, outcome } = await o.client(customer.account, {
    ...{ kind: 'order', method: 'POST', path: '/api/v1/orders' },
    body: { ...newOrder(lines, token), ...emailOfGuest(customer), ...pricingFields(details, quote) },
    headers: { 'idempotency-key': purchase.key },
    // 200: it had been accepted, and the response was lost.
    accepts: [201, 200],
    isExpectedProblem: (refused) =>
      isOffSale(refused) || asked.isUsedUp(refused) || priceHasChanged(o, quote, refused, false),
  });
  asked.ended(outcome);
  purchase.outcome = outcome;
  if (!answer || outcome !== 'acknowledged') {
    return { placed: undefined, refusal: outcome === 'refused' ? answer?.body?.code : undefined };
  }
  const placed = placedOrder(customer, token, answer);
  purchase.orderId = placed.orderId;
  o.requestLog.acknowledged.add(placed.orderId);
  return { placed, refusal: undefined };
}
