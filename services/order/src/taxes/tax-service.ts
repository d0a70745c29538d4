import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Logger } from 'pino';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { type Adjustment, TAX_SERVICE } from '../domain/pricing/adjustment.ts';
import { taxesByRates, type UntaxedPricing } from '../domain/pricing/calculate-pricing.ts';
import type { TaxCalculator } from './tax-calculator.ts';

/** What a tax service answers; docs/guides/tax-service.md describes the protocol. */
const TaxAnswer = Type.Object({
  taxes: Type.Array(
    Type.Object({
      sku: Type.Union([Type.String(), Type.Null()]),
      name: Type.String({ minLength: 1, maxLength: 100 }),
      ratePercent: Type.Optional(Type.Number({ minimum: 0, maximum: 1000 })),
      amount: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    }),
    { maxItems: 1000 },
  ),
});
type TaxAnswer = Static<typeof TaxAnswer>;
const taxAnswer = Compile(TaxAnswer);

/** How long a client should wait before it sends an order again. */
const TRY_AGAIN_SECONDS = 5;

export type TaxServiceSettings = {
  url: string;
  timeoutMs: number;
  /** What happens where there is no answer: the order is refused, or taxed by the rates of the shop. */
  fallback: 'refuse' | 'rates';
};

/** Taxes of a service outside, for shops whose taxes are more than rates by country. */
export function createTaxServiceCalculator(
  { url, timeoutMs, fallback }: TaxServiceSettings,
  log: Logger,
): TaxCalculator {
  return async (untaxed) => {
    try {
      return adjustmentsOf(await askTaxService(url, untaxed, timeoutMs), untaxed);
    } catch (err) {
      log.warn({ err, fallback }, 'the tax service has not answered');
      if (fallback === 'rates') return taxesByRates(untaxed);
      throw new ProblemError('unavailable', 'The taxes of the order cannot be calculated at the moment', {
        retryAfter: TRY_AGAIN_SECONDS,
        cause: err,
      });
    }
  };
}

async function askTaxService(
  url: string,
  { request: { currency, destination, at }, rules: { taxIncluded }, amounts }: UntaxedPricing,
  timeoutMs: number,
): Promise<TaxAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ currency, taxIncluded, destination, at: at.toISOString(), amounts }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`The tax service answered ${response.status}`);
  }
  const answer: unknown = await response.json();
  if (!taxAnswer.Check(answer)) throw new Error('The tax service answered something else than taxes');
  return answer;
}

/** Refuses taxes of what was not asked for, and taxes in a price that are more than the price: no line costs less than nothing. */
function adjustmentsOf({ taxes }: TaxAnswer, { rules: { taxIncluded }, amounts }: UntaxedPricing): Adjustment[] {
  const left = new Map(amounts.map(({ sku, amount }) => [sku, amount]));
  const bases = new Map(left);
  return taxes.map(({ sku, name, ratePercent, amount }) => {
    const [basis, rest] = [bases.get(sku), left.get(sku)];
    if (basis === undefined || rest === undefined)
      throw new Error(`The tax service taxes ${sku}, which is not asked for`);
    if (taxIncluded && amount > rest) throw new Error(`The tax service finds more tax in ${sku} than it costs`);
    left.set(sku, rest - amount);
    return {
      ...{ type: 'tax', sku, sourceId: TAX_SERVICE, reason: name, basis, amount, included: taxIncluded },
      ratePpm: ratePercent === undefined ? null : Math.round(ratePercent * 10_000),
    };
  });
}
