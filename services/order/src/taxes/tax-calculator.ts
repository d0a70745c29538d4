import type { Adjustment } from '../domain/pricing/adjustment.ts';
import { taxesByRates, type UntaxedPricing } from '../domain/pricing/calculate-pricing.ts';

/**
 * Calculates the taxes of an order whose destination is known: adjustments of the type `tax`, for amounts of `untaxed`. Throws a
 * `ProblemError` where the order must wait for it.
 */
export type TaxCalculator = (untaxed: UntaxedPricing) => Promise<readonly Adjustment[]>;

/** By the rates that operators have set up. */
export const rateTaxCalculator: TaxCalculator = async (untaxed) => taxesByRates(untaxed);
