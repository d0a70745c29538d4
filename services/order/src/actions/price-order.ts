import type { Money } from '@tradepost/contracts/money';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { priceLines, type SellableVariant, type WantedLine } from '../domain/pricing.ts';
import type { PlacementContext, PlaceOrder } from './placement-context.ts';

/** The lines and the total of an order, or the problem for which it is refused. */
export async function priceOrder(ctx: PlacementContext, request: PlaceOrder) {
  const provider = ctx.providers.get(request.payment.provider);
  if (!provider) {
    const known = [...ctx.providers.keys()].join(', ');
    return fieldProblem(
      'unknown_payment_provider',
      `${request.payment.provider} is none of: ${known}`,
      '/payment/provider',
    );
  }
  const tokenProblem = provider.tokenProblem(request.payment.token);
  if (tokenProblem) return fieldProblem('payment_token_refused', tokenProblem, '/payment/token');
  if (request.couponCode !== undefined) {
    return fieldProblem('coupon_not_valid', `There is no coupon ${request.couponCode}`, '/couponCode');
  }
  const priced = priceLines(request.lines, await knownVariants(ctx, request.lines));
  if (!priced.ok) return new ProblemError(priced.code, priced.detail, { errors: priced.errors });
  const { expectedTotal } = request;
  if (expectedTotal && !sameMoney(expectedTotal, priced.total)) {
    const detail = `The total is ${priced.total.amount} ${priced.total.currency} now, not ${expectedTotal.amount} ${expectedTotal.currency}`;
    return new ProblemError('price_changed', detail, {
      errors: [{ field: '/expectedTotal', message: detail }],
      extra: { total: priced.total },
    });
  }
  return priced;
}

/** The local copy, and for what it has not heard of yet, `product` itself. */
export async function knownVariants(
  ctx: Pick<PlacementContext, 'variants' | 'fetchVariants'>,
  lines: readonly WantedLine[],
): Promise<Map<string, SellableVariant>> {
  const skus = lines.map((line) => line.sku);
  const known = await ctx.variants(skus);
  const missing = skus.filter((sku) => !known.has(sku));
  return missing.length === 0 ? known : new Map([...known, ...(await ctx.fetchVariants(missing))]);
}

const sameMoney = (a: Money, b: Money): boolean => a.amount === b.amount && a.currency === b.currency;

/** A problem with one field of the request. */
export const fieldProblem = (
  code: ConstructorParameters<typeof ProblemError>[0],
  message: string,
  field: string,
): ProblemError => new ProblemError(code, message, { errors: [{ field, message }] });
