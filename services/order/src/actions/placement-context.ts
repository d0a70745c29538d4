import type { Money } from '@tradepost/contracts/money';
import { createBatcher } from '@tradepost/postgres/batch';
import type { Pool } from '@tradepost/postgres/pool';
import type { Address } from '../domain/order.ts';
import type { Promotion } from '../domain/pricing/rules.ts';
import type { SellableVariant, WantedLine } from '../domain/pricing.ts';
import type { PaymentProviders } from '../payments/provider.ts';
import { type InsertOutcome, insertOrders, type NewOrder, type UnsettledLimits } from '../store/new-orders.ts';
import { promotionsByCode } from '../store/pricing-rules.ts';
import { variantsBySku } from '../store/sellable-variants.ts';
import type { TaxCalculator } from '../taxes/tax-calculator.ts';
import type { CheckVatId } from './check-vat-id.ts';
import type { Context } from './context.ts';
import type { DetailsRequest } from './order-details.ts';
import type { RulesCache } from './rules-cache.ts';

export type PlaceOrder = DetailsRequest & {
  lines: WantedLine[];
  shippingAddress: Address;
  payment: { provider: string; token: string };
  expectedTotal?: Money;
  shippingMethod?: string;
  couponCodes?: string[];
  /** The older name of a single code. */
  couponCode?: string;
};

export type PlacementContext = Context & {
  providers: PaymentProviders;
  rules: RulesCache;
  calculateTaxes: TaxCalculator;
  checkVatId: CheckVatId;
  /** Asks `product` for SKUs that are not known here yet; empty where it does not know them either. */
  fetchVariants: (skus: readonly string[]) => Promise<Map<string, SellableVariant>>;
} & PlacementBatches;

/** The statements of placing an order, each for all requests that come to it at the same time. */
type PlacementBatches = {
  /** What is known of these SKUs here, and perhaps of others. */
  variants: (skus: readonly string[]) => Promise<ReadonlyMap<string, SellableVariant>>;
  /** The promotions with these codes, and perhaps with others. */
  promotions: (codes: readonly string[]) => Promise<Map<string, Promotion>>;
  insert: (order: NewOrder) => Promise<InsertOutcome>;
};

export function batchPlacementStatements(pool: Pool, limits: UnsettledLimits): PlacementBatches {
  return {
    variants: createBatcher(async (asked: readonly (readonly string[])[]) => {
      const found = await variantsBySku(pool, [...new Set(asked.flat())]);
      return asked.map(() => found);
    }),
    promotions: createBatcher(async (asked: readonly (readonly string[])[]) => {
      const found = await promotionsByCode(pool, [...new Set(asked.flat())]);
      return asked.map(() => found);
    }),
    insert: createBatcher((orders: readonly NewOrder[]) => insertOrders(pool, orders, limits)),
  };
}
