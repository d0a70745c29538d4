import type { Money } from '@tradepost/contracts/money';
import type { FieldError } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { OrderLine } from '../domain/order.ts';
import type { Pricing } from '../domain/pricing/calculate-pricing.ts';
import type { ShopSettings } from '../domain/shop-settings.ts';
import type { CheckedVatId } from '../domain/vat-id.ts';
import { calculateOrder, type PriceRequest } from './calculate-order.ts';
import { problemOfChoice } from './offered-payment.ts';
import { confirmationProblem } from './order-details.ts';
import type { PlacementContext, PlaceOrder } from './placement-context.ts';
import { quoteView } from './quote-view.ts';

export type AcceptedPrice = {
  lines: OrderLine[];
  pricing: Pricing;
  total: Money;
  vatId: CheckedVatId | undefined;
  /** The settings that the request was checked by. */
  shop: ShopSettings;
};

/** The lines and the total of an order, or the problem for which it is refused. `without` are promotions that are used up. */
export async function priceOrder(
  ctx: PlacementContext,
  customerId: string,
  request: PlaceOrder,
  without: ReadonlySet<string> = new Set(),
): Promise<AcceptedPrice | ProblemError> {
  const paymentProblem = problemOfChoice(ctx.providers, request.payment, '/payment');
  if (paymentProblem) return paymentProblem;
  const { shop } = await ctx.rules.current();
  const unconfirmed = confirmationProblem(shop, request);
  if (unconfirmed) return unconfirmed;
  const priced = await calculateOrder(ctx, priceRequestOf(customerId, request), without).catch(problemOf);
  if (priced instanceof ProblemError) return priced;
  if (!priced.ok) return new ProblemError(priced.code, priced.detail, { errors: fieldsOf(request, priced.errors) });
  const { lines, pricing, vatId } = priced;
  const total = { amount: pricing.total, currency: pricing.currency };
  const { expectedTotal } = request;
  if (!expectedTotal || sameMoney(expectedTotal, total)) return { lines, pricing, total, vatId, shop };
  const detail = `The total is ${total.amount} ${total.currency} now, not ${expectedTotal.amount} ${expectedTotal.currency}`;
  return new ProblemError('price_changed', detail, {
    errors: [{ field: '/expectedTotal', message: detail }],
    extra: { total, quote: quoteView(priced) },
  });
}

/** A problem is answered, not thrown: a request that was sent before is still answered its order. */
function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  throw error;
}

function priceRequestOf(customerId: string, request: PlaceOrder): PriceRequest {
  const { country, region } = request.shippingAddress;
  return {
    lines: request.lines,
    destination: { country, region },
    shippingMethod: request.shippingMethod,
    couponCodes: couponCodesOf(request),
    vatId: request.vatId,
    customerId,
  };
}

/** The codes of a request, also where they come under the older name. */
const couponCodesOf = ({ couponCode, couponCodes = [] }: Pick<PlaceOrder, 'couponCode' | 'couponCodes'>): string[] =>
  couponCode === undefined ? couponCodes : [...couponCodes, couponCode];

/** A code that came under the older name is named by it. */
const fieldsOf = ({ couponCode, couponCodes = [] }: PlaceOrder, errors: FieldError[]) =>
  couponCode === undefined
    ? errors
    : errors.map((error) =>
        error.field === `/couponCodes/${couponCodes.length}` ? { ...error, field: '/couponCode' } : error,
      );

const sameMoney = (a: Money, b: Money): boolean => a.amount === b.amount && a.currency === b.currency;
