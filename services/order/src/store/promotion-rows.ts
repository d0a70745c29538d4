import type { Promotion, PromotionBenefit } from '../domain/pricing/rules.ts';

/** A row of `promotion`, as `promotionColumns` selects it. */
export type PromotionRow = {
  id: string;
  name: string;
  code: string | null;
  benefit: PromotionBenefit;
  minimum_amount: number | null;
  minimum_currency: string | null;
  product_ids: string[];
  categories: string[];
  first_order: boolean;
  starts_at: Date | null;
  ends_at: Date | null;
  combinable: boolean;
  limit_total: number | null;
  limit_per_customer: number | null;
  used: number;
  active: boolean;
};

export const promotionColumns: readonly string[] = [
  ...[
    'id',
    'name',
    'code',
    'benefit',
    'minimum_amount',
    'minimum_currency',
    'product_ids',
    'categories',
    'first_order',
  ],
  ...['starts_at', 'ends_at', 'combinable', 'limit_total', 'limit_per_customer', 'used', 'active'],
];

export const toPromotion = (row: PromotionRow): Promotion => ({
  id: row.id,
  name: row.name,
  code: row.code,
  benefit: row.benefit,
  minimum:
    row.minimum_amount !== null && row.minimum_currency !== null
      ? { amount: row.minimum_amount, currency: row.minimum_currency }
      : null,
  productIds: row.product_ids,
  categories: row.categories,
  firstOrder: row.first_order,
  startsAt: row.starts_at,
  endsAt: row.ends_at,
  combinable: row.combinable,
  limitTotal: row.limit_total,
  limitPerCustomer: row.limit_per_customer,
  used: row.used,
  active: row.active,
});
