import type { Pool } from '@tradepost/postgres/pool';
import { uuidv7 } from '@tradepost/postgres/uuid';
import type { PromotionBenefit } from '../src/domain/pricing/rules.ts';

/** Sets up what a shop in Germany may have: VAT in its prices, and parcels by weight to Germany and Austria. */
export async function setUpRules(pool: Pool): Promise<{ parcel: string; express: string }> {
  const [zone, parcel, express] = [uuidv7(), uuidv7(), uuidv7()];
  const vat = `insert into tax_rate (id, name, country, tax_class, rate_ppm) values ($1, 'VAT 19 %', 'DE', 'standard', 190000)`;
  await pool.query({ text: vat, values: [uuidv7()] });
  const zoneText = `insert into shipping_zone (id, name, countries) values ($1, 'DACH', '{DE,AT}')`;
  await pool.query({ text: zoneText, values: [zone] });
  for (const [position, [id, name, price]] of [
    [express, 'Express', 1500] as const,
    [parcel, 'Parcel', 490] as const,
  ].entries()) {
    await pool.query({
      text: `insert into shipping_method (id, zone_id, name, delivery_time, position, currency, basis, tiers)
        values ($1, $2, $3, '2 days', $4, 'EUR', 'weight', $5)`,
      values: [id, zone, name, position, JSON.stringify([{ upTo: null, price }])],
    });
  }
  return { parcel, express };
}

/** Adds a promotion; with a code it is a coupon. */
export async function addPromotion(
  pool: Pool,
  {
    code = null,
    benefit,
    ...limits
  }: {
    code?: string | null;
    benefit: PromotionBenefit;
    limitTotal?: number;
    limitPerCustomer?: number;
    firstOrder?: boolean;
  },
): Promise<string> {
  const id = uuidv7();
  await pool.query({
    text: `insert into promotion (id, name, code, benefit, limit_total, limit_per_customer, first_order, created_at)
      values ($1, $2, $3, $4, $5, $6, $7, now())`,
    values: [
      ...[id, code ?? 'Automatic', code, JSON.stringify(benefit)],
      ...[limits.limitTotal ?? null, limits.limitPerCustomer ?? null, limits.firstOrder ?? false],
    ],
  });
  return id;
}

/** How often a promotion counts as used, and by which orders. */
export async function usesOf(pool: Pool, promotionId: string): Promise<{ used: number; orders: string[] }> {
  const { rows } = await pool.query<{ used: number; orders: string[] }>({
    text: `select used, array(select order_id::text from promotion_use where promotion_id = p.id) as orders from promotion p where id = $1`,
    values: [promotionId],
  });
  return rows[0] ?? { used: 0, orders: [] };
}

export const percentOff = (percent: number): PromotionBenefit => ({ type: 'percent', ratePpm: percent * 10_000 });
